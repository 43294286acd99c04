"""Findings and clauses to a draft, one module a kind of answer."""
