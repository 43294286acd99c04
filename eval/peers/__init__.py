"""Other retrieval systems side by side with this one: each in an environment of its own, over the same passages, questions and vectors."""
