"""Times the network in hfloc and in other engines, in turns: full and local branch, on one and more threads.

Each round asks every engine once, hfloc among them; a figure is the median of the rounds' medians, in milliseconds of
time that passes, and the ratio that of hfloc to the fastest of the others in the same round: median, least and
largest. The others run the same layers, quantized by ONNX Runtime's tools (int8, QDQ, per channel), with weights that
are drawn (speed does not depend on them); hfloc runs the shipped ones, and finds 1000 keypoints with their
descriptors as well, which the others leave to others. Wants a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import time
from pathlib import Path

import numpy as np

from hfnet import export_onnx
from hfnet.engines import ENGINES, Engine

ROOT = Path(__file__).resolve().parents[3]
#: hfloc's row in `hfloc bench` for each file of export_onnx.
ROWS = {"full": "network, all", "local": "network, local branch"}


def milliseconds(engine: Engine, image: np.ndarray, runs: int) -> float:
    """The median of so many runs, after two to warm up."""
    times = []
    for run in range(runs + 2):
        start = time.perf_counter()
        engine(image)
        if run >= 2:
            times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def hfloc(program: Path, size: str, threads: int, runs: int) -> dict[str, float]:
    """Medians of `hfloc bench`, by branch."""
    command = [
        str(program),
        "bench",
        "--json",
        "--size",
        size,
        "--threads",
        str(threads),
        "--runs",
        str(runs),
        "--wall",
    ]
    table = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return {
        branch: next(row["median"] for name, row in table.items() if name.startswith(start))
        for branch, start in ROWS.items()
    }


def agreement(a: list[np.ndarray], b: list[np.ndarray]) -> float:
    """Least cosine between outputs of the same name."""
    pairs = [(x.ravel().astype(np.float64), y.ravel().astype(np.float64)) for x, y in zip(a, b, strict=True)]
    return min(float(x @ y / np.sqrt((x @ x) * (y @ y))) for x, y in pairs)


def measure(args: argparse.Namespace, files: dict[str, Path], threads: int) -> dict[str, dict[str, list[float]]]:
    """Milliseconds by branch and engine, one a round."""
    width, height = (int(v) for v in args.size.split("x"))
    image = np.random.default_rng(1).integers(0, 256, (1, 1, height, width)).astype(np.float32)
    engines = {b: {kind.name: kind(path, threads) for kind in ENGINES} for b, path in files.items()}
    for branch, loaded in engines.items():
        outputs = [engine(image) for engine in loaded.values()]
        if not args.json:
            print(f"{branch}: outputs of the others agree to a cosine of {agreement(*outputs):.4f}")
    times: dict[str, dict[str, list[float]]] = {b: {"hfloc": [], **{n: [] for n in e}} for b, e in engines.items()}
    for _ in range(args.rounds):
        for branch, value in hfloc(args.program, args.size, threads, args.runs).items():
            times[branch]["hfloc"].append(value)
        for branch, loaded in engines.items():
            for name, engine in loaded.items():
                times[branch][name].append(milliseconds(engine, image, args.runs))
    return times


def report(times: dict[str, dict[str, list[float]]], threads: int, as_json: bool) -> None:
    """Prints a row for each branch."""
    for branch, columns in times.items():
        others = [min(values) for values in zip(*(v for n, v in columns.items() if n != "hfloc"), strict=True)]
        ratios = [own / other for own, other in zip(columns["hfloc"], others, strict=True)]
        medians = {name: statistics.median(values) for name, values in columns.items()}
        ratio = statistics.median(ratios)
        if as_json:
            print(json.dumps({"branch": branch, "threads": threads, "ms": medians, "ratio": ratio, "ratios": ratios}))
        else:
            figures = ", ".join(f"{name} {value:.1f}" for name, value in medians.items())
            spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
            print(f"{branch}, {threads} thread(s): {figures} ms; hfloc over the fastest: {ratio:.2f} ({spread})")


def main() -> None:
    p = argparse.ArgumentParser(prog="tools/benchmarks/bench-peer", description=__doc__)
    p.add_argument("--folder", type=Path, default=ROOT / "output/onnx", help="ONNX files; written if they are missing")
    p.add_argument("--size", default="640x480", help="input size (default 640x480)")
    p.add_argument("--threads", type=int, nargs="+", default=[1, 2], help="threads of all engines (default 1 and 2)")
    p.add_argument("--rounds", type=int, default=5, help="turns (default 5)")
    p.add_argument("--runs", type=int, default=20, help="inferences a turn (default 20)")
    p.add_argument("--program", type=Path, default=ROOT / ".build/release/hfloc", help="hfloc, built for release")
    p.add_argument("--json", action="store_true", help="one JSON object a row")
    args = p.parse_args()
    if not args.program.exists():
        raise SystemExit(f"error: {args.program}: no such file (swift build -c release --product hfloc)")
    files = export_onnx.write(args.folder / args.size, args.size, ROOT / "Tests/Sample/images")
    for threads in args.threads:
        report(measure(args, files, threads), threads, args.json)


if __name__ == "__main__":
    main()
