"""What a question must be before anything is done with it."""

from assistant.guard.question import clean_question

__all__ = ["clean_question"]
