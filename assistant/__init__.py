"""clausewise: a compliance and consent assistant that answers from dated clauses."""

from assistant.no_telemetry import forbid_telemetry
from assistant.one_thread import multiply_in_one_thread

__version__ = "0.1.0"

forbid_telemetry()
multiply_in_one_thread()
