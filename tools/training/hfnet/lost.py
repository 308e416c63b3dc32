"""What a lost camera makes of its frames one after another (`hfloc retrieve --sequence`): how often the right place
comes first when ten frames have been seen."""

from __future__ import annotations

import tempfile
from itertools import groupby
from pathlib import Path

import numpy as np

from hfnet.own_map import OwnMap
from hfnet.posed import table
from hfnet.retrieval_sets import Collection, View

FRAMES = 10
DRIFT = 0.02  # of the way


def odometry(folder: Path, names: list[str], output: Path) -> None:
    """The poses of a visit as odometry has them, whose scale is off: what `--motion` reads."""
    rows = {row[0]: row for row in table(folder / "poses.txt")}
    lines = []
    for name in names:
        row = rows[name]
        moved = [repr(float(v) * (1 + DRIFT)) for v in row[6:9]]
        lines.append(" ".join([name, "1", *row[2:6], *moved]))
    output.mkdir(exist_ok=True)
    (output / "poses.txt").write_text("\n".join(lines) + "\n")
    (output / "cameras.txt").write_text((folder / "cameras.txt").read_text())


def stretch(path: Path) -> str:
    """Pictures of one drive have names that differ in the number after the last underscore."""
    return path.stem.rsplit("_", 1)[0]


def first_answers(own: OwnMap, way: str) -> np.ndarray:
    """The number of the first answer to each query: `alone`, after the frames before, or these with `odometry`."""
    collection = own.collection
    assert collection.folder is not None
    found = []
    for _, paths in groupby(collection.queries, stretch):
        drive = list(paths)
        options: list[object] = [] if way == "alone" else ["--sequence"]
        if way == "odometry":
            odometry(collection.folder, [p.name for p in drive], own.scratch / "odometry")
            options += ["--motion", own.scratch / "odometry"]
        found += [priors[0][0] for priors in own.ask(drive, *options)]
    return np.array(found)


def after_ten(collection: Collection) -> np.ndarray:
    """Which queries have nine frames of their drive before them, and a right answer."""
    index = [i for _, paths in groupby(collection.queries, stretch) for i, _ in enumerate(paths)]
    return (np.array(index) >= FRAMES - 1) & collection.relevant.any(1)


WAYS = {"alone": "one frame", "sequence": "ten frames", "odometry": "ten frames and odometry"}


def shares(hfloc: Path, model: Path, collection: Collection, view: View, clusters: str) -> dict[str, list[bool]]:
    """For each way and query after ten frames whether the right place comes first."""
    with tempfile.TemporaryDirectory(prefix="hfloc-lost-") as scratch:
        own = OwnMap(hfloc, model, collection, view, clusters, Path(scratch))
        asked = np.nonzero(after_ten(collection))[0]
        return {way: list(collection.relevant[asked, first_answers(own, way)[asked]]) for way in WAYS}
