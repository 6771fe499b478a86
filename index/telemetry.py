"""What libraries would tell their makers, switched off: nothing leaves this machine unasked.

See docs/privacy.md, and tests/security/test_nothing_leaves.py, which looks at what is sent.
"""

import os
from collections.abc import Mapping
from typing import Any

OFF: Mapping[str, str] = {
    # ONNX Runtime reports each process and session to Microsoft since 1.29. It reads this once,
    # while it is imported; its function for the same comes after the first report.
    "ORT_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "RAY_USAGE_STATS_ENABLED": "0",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "FASTAPI_OTEL_AUTO_CONFIGURE": "false",
    "ANONYMIZED_TELEMETRY": "False",
    # What else looks for the common sign of it.
    "DO_NOT_TRACK": "1",
}
"""Environment variables of libraries, and their values that switch telemetry off."""

CHROMA: Mapping[str, Any] = {
    # Else a file .env in the working folder, whoever's it is, would say which code Chroma runs
    # and where it reports to.
    "_env_file": None,
    "anonymized_telemetry": False,
    "chroma_otel_collection_endpoint": "",
}
"""Settings of every client of Chroma."""


def turn_off_telemetry() -> None:
    """Switch the telemetry of libraries off, for this process and those it starts.

    To be called before a library is imported that has some.
    """
    os.environ.update(OFF)
