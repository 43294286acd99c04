"""From clauses to ranked clauses: encoders, Chroma, BM25, fusion. Derived from the store and rebuildable at any time."""
