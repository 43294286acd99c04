"""Claims against clauses. Every answer passes through here, whoever composed it."""

from assistant.verify.choosing import choose_clauses
from assistant.verify.numbers import numbers_in
from assistant.verify.spans import find_span, first_sentence, supporting_span
from assistant.verify.verifier import Verifier

__all__ = ["Verifier", "choose_clauses", "find_span", "first_sentence", "numbers_in", "supporting_span"]
