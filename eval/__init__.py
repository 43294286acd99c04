"""The evaluation: gold questions through the one Assistant, measured, reported and compared. See ``python -m eval --help``."""
