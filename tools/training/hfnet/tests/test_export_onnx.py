"""The ONNX export that peers are timed with (needs ONNX, which tools/training/export-onnx installs)."""

from __future__ import annotations

from pathlib import Path

import pytest

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")
pytest.importorskip("torch")

from hfnet.export import random_network
from hfnet.export_onnx import export_float


def test_strided_layers_are_exported_as_strided_convolutions(tmp_path: Path) -> None:
    """Not as training computes them on a CPU, at stride 1 with three quarters thrown away."""
    path = tmp_path / "hfnet.onnx"
    export_float(random_network(64, seed=3), (128, 96), path)
    convolutions = [n for n in onnx.load(path).graph.node if n.op_type == "Conv"]
    strides = [list(next(a for a in n.attribute if a.name == "strides").ints) for n in convolutions]
    assert strides.count([2, 2]) == 5
