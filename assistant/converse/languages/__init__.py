"""Questions and answers in other languages than English: recognised, read in English, answered in the asker's frame sentences.

Everything between the two works on the English reading, so that one set of rules, ways of asking and fitted weights serves all.
"""

from assistant.converse.languages.frames import Frames, frames_of
from assistant.converse.languages.language import ENGLISH, NAMES, SERVED, check_overlay
from assistant.converse.languages.reading import Languages, Reading, consent_question

__all__ = ["ENGLISH", "NAMES", "SERVED", "Frames", "Languages", "Reading", "check_overlay", "consent_question", "frames_of"]
