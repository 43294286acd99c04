"""clausewise: a compliance and consent assistant that answers from dated clauses."""

__version__ = "0.1.0"
