"""clausewise: a compliance and consent assistant that answers from dated clauses."""

from assistant.no_telemetry import forbid_telemetry

__version__ = "0.1.0"

forbid_telemetry()
