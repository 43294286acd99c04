"""A second opinion on answers, by code that shares nothing with the verification inside the assistant.

It reads what is held and what was answered, and sorts every claim into confirmed, refuted (with the reason) and undecided.
"""

from __future__ import annotations

from eval.checker.answers import AnswerCheck, check_answer
from eval.checker.claims import Judgement, judge_claim
from eval.checker.holdings import Holdings

__all__ = ["AnswerCheck", "Holdings", "Judgement", "check_answer", "judge_claim"]
