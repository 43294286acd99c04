"""Claims against clauses. Every answer passes through here, whoever composed it."""

from assistant.verify.spans import find_span, first_sentence, shared_words, supporting_span
from assistant.verify.verifier import Verifier, numbers_in

__all__ = ["Verifier", "find_span", "first_sentence", "numbers_in", "shared_words", "supporting_span"]
