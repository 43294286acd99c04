"""A second opinion on answers, by code that shares nothing with the verification inside the assistant.

It reads what is held and what was answered, and sorts every claim into confirmed, refuted (with the reason) and undecided.
"""
