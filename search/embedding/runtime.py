"""OpenVINO without its telemetry: the one place that imports it.

It reports every import and every conversion to Google Analytics if it finds its package for that, and does without
where it finds none. Nobody was asked, so it finds none.
"""

import sys

sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]

import openvino  # noqa: E402 - after the line above

__all__ = ["openvino"]
