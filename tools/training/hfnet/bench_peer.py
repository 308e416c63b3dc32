"""Times ONNX Runtime on the exported network: one thread, full network, one image at a time."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import onnxruntime


def measure(path: Path, runs: int, threads: int) -> dict[str, float | str | int]:
    """Wall and CPU milliseconds of `runs` inferences after a warm-up."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    entry = session.get_inputs()[0]
    image = np.random.default_rng(1).integers(0, 256, entry.shape).astype(np.float32)
    for _ in range(3):
        session.run(None, {entry.name: image})
    wall, cpu = [], []
    for _ in range(runs):
        w, c = time.perf_counter(), time.process_time()
        session.run(None, {entry.name: image})
        cpu.append(1000 * (time.process_time() - c))
        wall.append(1000 * (time.perf_counter() - w))
    return {
        "model": path.name,
        "input": "x".join(str(v) for v in entry.shape[:1:-1]),
        "threads": threads,
        "median_ms": float(np.median(wall)),
        "min_ms": float(np.min(wall)),
        "median_cpu_ms": float(np.median(cpu)),
        "min_cpu_ms": float(np.min(cpu)),
    }


def main() -> None:
    p = argparse.ArgumentParser(prog="tools/benchmarks/bench-peer", description=__doc__)
    p.add_argument("models", type=Path, nargs="*", default=[Path("output/onnx/hfnet-int8.onnx")], help="ONNX files")
    p.add_argument("--runs", type=int, default=30)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--json", action="store_true", help="one JSON object a line")
    args = p.parse_args()
    for path in args.models:
        if not path.exists():
            raise SystemExit(f"error: {path}: no such file (write it with tools/training/export-onnx)")
        r = measure(path, args.runs, args.threads)
        if args.json:
            print(json.dumps(r))
        else:
            print(
                f"ONNX Runtime {onnxruntime.__version__}, {r['model']}, {r['input']}, {r['threads']} thread(s): "
                f"median {r['median_ms']:.1f} ms, min {r['min_ms']:.1f} ms; CPU median {r['median_cpu_ms']:.1f} ms"
            )


if __name__ == "__main__":
    main()
