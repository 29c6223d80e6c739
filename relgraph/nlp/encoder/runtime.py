"""onnxruntime, imported with its telemetry off: nothing leaves the machine unasked.

Its recent wheels look up a server of Microsoft's and keep a device id in the user's cache folder, unless
the variable is set when the library is first loaded. Whoever wants the telemetry sets it to 0.
"""

import os

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

from onnxruntime import InferenceSession, SessionOptions
from onnxruntime.capi.onnxruntime_pybind11_state import (
    Fail,
    InvalidGraph,
    InvalidProtobuf,
    NoSuchFile,
)

__all__ = ["UNREADABLE", "InferenceSession", "SessionOptions"]

UNREADABLE = (Fail, InvalidGraph, InvalidProtobuf, NoSuchFile)
"""What onnxruntime raises on a file that is no model, or none that it can run."""
