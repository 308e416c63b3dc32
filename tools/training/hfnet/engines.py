"""Inference engines that hfloc's kernels are timed beside: each loads an ONNX file and runs it on some threads."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np


class Engine(Protocol):
    """A network, loaded: one image at a time."""

    def __call__(self, image: np.ndarray) -> list[np.ndarray]:
        """Its outputs for an image [1, 1, height, width] of float32, in the file's order."""


class OnnxRuntime:
    """ONNX Runtime on the CPU, with all graph optimizations."""

    name = "ONNX Runtime"

    def __init__(self, path: Path, threads: int) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        self.session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self.entry = self.session.get_inputs()[0].name
        self.version = onnxruntime.__version__

    def __call__(self, image: np.ndarray) -> list[np.ndarray]:
        return self.session.run(None, {self.entry: image})


class OpenVINO:
    """OpenVINO on the CPU, tuned for the latency of one image."""

    name = "OpenVINO"

    def __init__(self, path: Path, threads: int) -> None:
        import openvino

        settings = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1}
        self.request = openvino.Core().compile_model(str(path), "CPU", settings).create_infer_request()
        self.version = openvino.__version__.split("-")[0]

    def __call__(self, image: np.ndarray) -> list[np.ndarray]:
        outputs = self.request.infer({0: image}, share_inputs=True, share_outputs=True)
        return [outputs[index] for index in range(len(outputs))]


ENGINES = (OnnxRuntime, OpenVINO)
