"""From a question to a typed query, and from findings and clauses to an answer."""
