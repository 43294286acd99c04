"""Documents for the practice's own use, made of the same checked claims as answers."""
