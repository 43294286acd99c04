"""What goes wrong in answers, made on purpose: claims corrupted, instructions smuggled in, client details typed."""
