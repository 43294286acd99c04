"""The chat page on this machine: answers in which every clause is one click away."""

from assistant.interfaces.page.serving import serve

__all__ = ["serve"]
