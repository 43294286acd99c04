"""Packages that report home by default are told not to, before any of them is imported.

Each of these is read when its package is loaded, so that it must stand before the import, wherever that happens.
"""

from __future__ import annotations

import os

_SWITCHES = {
    "ORT_DISABLE_TELEMETRY": "1",  # onnxruntime keeps a device id and events in the user's cache, and sends them
    "ANONYMIZED_TELEMETRY": "False",  # chromadb
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",  # a model that is not on this machine must not be fetched
    # langchain reads these in this order, and would send what a model was asked to its maker
    "LANGSMITH_TRACING_V2": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING": "false",
}


def forbid_telemetry() -> None:
    """Set the switches for this process and those it starts, whatever the environment said before."""
    os.environ.update(_SWITCHES)
