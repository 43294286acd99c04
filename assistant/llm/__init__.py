"""The one place where a language model is built and called."""

from __future__ import annotations

from assistant.llm.model import Exchange, LanguageModel, Prompt
from assistant.llm.objects import MalformedReplyError, ObjectReader
from assistant.llm.providers import open_model

__all__ = ["Exchange", "LanguageModel", "MalformedReplyError", "ObjectReader", "Prompt", "open_model"]
