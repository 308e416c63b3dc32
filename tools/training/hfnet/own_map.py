"""Retrieval with clusters of a map's own images, as the program does it: `hfloc map build` of the pictures that are
asked against, `hfloc retrieve` of those that are asked for."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

from hfnet.posed import table
from hfnet.retrieval_sets import Collection, View

MOST_PRIORS = 1000  # what `hfloc retrieve` can give


def run(command: list[object]) -> str:
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"evaluate-retrieval: {' '.join(map(str, command[:3]))}: {done.stderr.strip()}")
    return done.stdout


def seen_camera(row: list[str], width: int, height: int, side: int) -> str:
    """A line of cameras.txt as a camera of this long side has it: the pixel centre of the corner is (0, 0)."""
    scale = min(1.0, side / max(int(row[2]), int(row[3])))
    numbers = [float(v) for v in row[4:]]
    focals = 1 if row[1].startswith("SIMPLE") else 2
    for i in range(focals):
        numbers[i] *= scale
    for i in (focals, focals + 1):
        numbers[i] = (numbers[i] + 0.5) * scale - 0.5
    return " ".join([row[0], row[1], str(width), str(height), *map(repr, numbers)])


def write_folder(folder: Path, collection: Collection, view: View) -> None:
    """The pictures that are asked against, as this camera sees them, with their poses: what a map is built from."""
    assert collection.folder is not None
    images = collection.folder / "images"
    poses = {row[0]: row for row in table(collection.folder / "poses.txt")}
    cameras = {row[0]: row for row in table(collection.folder / "cameras.txt")}
    lines, sizes = [], {}
    for i, path in enumerate(collection.answers):
        picture = view.seen(path, "answers")
        row = poses[str(path.relative_to(images))]
        lines.append(" ".join([f"{i}.png", *row[1:9]]))
        sizes[row[1]] = picture.shape
        (folder / "images").mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(folder / "images" / f"{i}.png"), picture)
    (folder / "poses.txt").write_text("\n".join(lines) + "\n")
    seen = [seen_camera(cameras[c], width, height, view.side) for c, (height, width) in sizes.items()]
    (folder / "cameras.txt").write_text("\n".join(seen) + "\n")


class OwnMap:
    """A map that the program builds of the pictures that are asked against, as a camera sees them."""

    def __init__(self, hfloc: Path, model: Path, collection: Collection, view: View, clusters: str, scratch: Path):
        self.hfloc, self.model, self.collection, self.view, self.scratch = hfloc, model, collection, view, scratch
        self.path = scratch / "map.hfmap"
        write_folder(scratch / "set", collection, view)
        build = [hfloc, "map", "build", scratch / "set", "--output", self.path, "--model", model]
        how = ["--place-clusters", clusters, "--no-check", "--force", "--no-cache", "--refine", "none", "--pairs", 2]
        run([*build, *how])

    def ask(self, queries: list[Path], *options: object) -> list[list[tuple[int, float]]]:
        """For each picture the numbers of answers and their similarities, the best first."""
        asked = []
        for path in queries:
            asked.append(self.scratch / path.name)
            cv2.imwrite(str(asked[-1]), self.view.seen(path, "queries"))
        command = [self.hfloc, "retrieve", *asked, "--map", self.path, "--model", self.model, "--priors", MOST_PRIORS]
        lines = run([*command, "--json", *options]).splitlines()
        return [
            [(int(Path(p["keyframe"]).stem), p["similarity"]) for p in json.loads(line)["priors"]] for line in lines
        ]


def similarities(hfloc: Path, model: Path, collection: Collection, view: View, clusters: str) -> np.ndarray:
    """[queries, answers], with -2 where the program names no similarity."""
    with tempfile.TemporaryDirectory(prefix="hfloc-own-map-") as scratch:
        found = np.full((len(collection.queries), len(collection.answers)), -2.0)
        priors = OwnMap(hfloc, model, collection, view, clusters, Path(scratch)).ask(collection.queries)
        for i, row in enumerate(priors):
            for answer, similarity in row:
                found[i, answer] = similarity
    if collection.alone:
        np.fill_diagonal(found, -2)
    return found
