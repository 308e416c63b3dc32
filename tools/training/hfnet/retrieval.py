"""How well global descriptors retrieve: images of the same scene, and neighbours along a sequence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hfnet.features import Extractor
from hfnet.images import SUFFIXES, read_grey

PER_SCENE = 30
NEIGHBOURS = 2
NOT_SCENES = ("vpr_toy_sf", "wxbs")


@dataclass
class Retrieval:
    """recall@1, recall@5 and mean average precision, leave one out."""

    first: float
    fifth: float
    average: float


def scene_images(folder: Path) -> list[Path]:
    """At most 30 images of a scene, evenly chosen."""
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES)
    chosen = np.unique(np.linspace(0, len(paths) - 1, min(PER_SCENE, len(paths))).astype(int))
    return [paths[i] for i in chosen]


def describe(extract: Extractor, paths: list[Path], long_side: int) -> np.ndarray:
    vectors = []
    for path in paths:
        image = read_grey(path, long_side)
        if image is None:
            raise SystemExit(f"error: {path}: cannot be read")
        place = extract(image).place
        assert place is not None
        vectors.append(place)
    return np.stack(vectors)


def measure(g: np.ndarray, relevant: np.ndarray) -> Retrieval:
    """Of unit vectors [n, G], each asked against all others; `relevant` [n, n] says which answers are right."""
    similarity = g @ g.T
    np.fill_diagonal(similarity, -2)
    order = np.argsort(-similarity, axis=1)[:, :-1]
    hit = np.take_along_axis(relevant, order, axis=1)
    asked = hit.any(1)
    hit = hit[asked]
    precision = np.cumsum(hit, axis=1) / np.arange(1, hit.shape[1] + 1)
    average = (precision * hit).sum(1) / hit.sum(1)
    return Retrieval(float(hit[:, 0].mean()), float(hit[:, :5].any(1).mean()), float(average.mean()))


def scenes(extract: Extractor, root: Path, long_side: int) -> Retrieval:
    """Over all scenes (folders) of the data: the same scene is right."""
    paths, labels = [], []
    for scene in sorted(p for p in root.iterdir() if p.is_dir() and p.name not in NOT_SCENES):
        found = scene_images(scene)
        paths += found
        labels += [scene.name] * len(found)
    names = np.array(labels)
    return measure(describe(extract, paths, long_side), names[:, None] == names[None])


def sequence(extract: Extractor, folder: Path, long_side: int) -> Retrieval:
    """Along a sequence: a frame at most two frames away is right."""
    paths = sorted(p for p in (folder / "images").iterdir() if p.suffix.lower() in SUFFIXES)
    index = np.arange(len(paths))
    return measure(describe(extract, paths, long_side), np.abs(index[:, None] - index[None]) <= NEIGHBOURS)
