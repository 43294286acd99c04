"""What a question must be before anything is done with it."""

from assistant.guard.details import withhold_details
from assistant.guard.instructions import is_planted, is_planted_heading, strip_instructions
from assistant.guard.known import KnownNames
from assistant.guard.protection import Protected, protect_question
from assistant.guard.question import MAX_CHARACTERS, clean_question

__all__ = [
    "MAX_CHARACTERS",
    "KnownNames",
    "Protected",
    "clean_question",
    "is_planted",
    "is_planted_heading",
    "protect_question",
    "strip_instructions",
    "withhold_details",
]
