"""The small learned part of the retriever: trained, cross-validated, and stored with its record (docs/retrieval.md)."""
