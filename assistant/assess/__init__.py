"""Criteria, evidence, findings, verdict: from a practitioner's case to a judgement, computed and never stored."""

from assistant.assess.assessor import assess_tool
from assistant.assess.remembered import Assessor

__all__ = ["Assessor", "assess_tool"]
