"""What retrieval is measured on: rendered places that look alike, sequences, scenes, and pictures of small and dark
cameras."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from sampleworld.lookalikeset import write_set

from hfnet.images import SUFFIXES, reduce_grey
from hfnet.posed import rotation_matrix, table

RADIUS = 2.0  # metres within which an answer is right
NEIGHBOURS = 2  # frames within which an answer of a sequence is right
PER_SCENE = 30
SEQUENCES = ("kitti_seq1", "tum_fr2_desk")
NOT_SCENES = ("vpr_toy_sf", "wxbs")
# The pictures of the same house or street, as judged by eye.
TOY = {"q1": "db2", "q2": "db5", "q3": "db11", "q4": "db16", "q5": "db12"}


@dataclass
class Collection:
    """Pictures: those asked for (`queries`), those asked against (`answers`), and which of these are right."""

    name: str
    queries: list[Path]
    answers: list[Path]
    relevant: np.ndarray
    folder: Path | None = None
    """With images/, cameras.txt and poses.txt, where the pictures have poses."""

    @property
    def alone(self) -> bool:
        """Whether each picture is asked against all others."""
        return self.queries is self.answers


def lookalikes(folder: Path, kind: str, seed: int) -> Collection:
    """Renders what is missing of a world; asks the second visit against the first."""
    write_set(folder, kind, seed)
    rows = {row[0]: [float(v) for v in row[2:9]] for row in table(folder / "poses.txt")}
    centre = {name: -rotation_matrix(*p[:4]).T @ np.array(p[4:]) for name, p in rows.items()}
    names = {role: [row[0] for row in table(folder / "split.txt") if row[1] == role] for role in ("query", "map")}
    queries, answers = (np.stack([centre[name] for name in names[role]]) for role in ("query", "map"))
    near = np.linalg.norm(queries[:, None] - answers[None], axis=2) <= RADIUS
    paths = {role: [folder / "images" / name for name in names[role]] for role in names}
    return Collection(kind, paths["query"], paths["map"], near, folder)


def pictures(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES)


def sequence(data: Path, name: str) -> Collection:
    """Along a sequence: a frame at most two frames away is right."""
    paths = pictures(data / name / "images")
    index = np.arange(len(paths))
    near = np.abs(index[:, None] - index[None]) <= NEIGHBOURS
    return Collection(name, paths, paths, near & ~np.eye(len(paths), dtype=bool), data / name)


def scenes(data: Path) -> Collection:
    """Over all scenes (folders), of each at most 30 pictures, evenly chosen: the same scene is right."""
    paths: list[Path] = []
    labels: list[str] = []
    for scene in sorted(p for p in data.iterdir() if p.is_dir() and p.name not in NOT_SCENES):
        found = pictures(scene)
        chosen = np.unique(np.linspace(0, len(found) - 1, min(PER_SCENE, len(found))).astype(int))
        paths += [found[i] for i in chosen]
        labels += [scene.name] * len(chosen)
    names = np.array(labels)
    return Collection("scenes", paths, paths, (names[:, None] == names[None]) & ~np.eye(len(paths), dtype=bool))


def toy(data: Path) -> Collection:
    """vpr_toy_sf: one picture of the database is right."""
    queries, answers = pictures(data / "vpr_toy_sf" / "queries"), pictures(data / "vpr_toy_sf" / "database")
    relevant = np.array([[TOY[q.stem] == a.stem for a in answers] for q in queries])
    return Collection("vpr_toy_sf", queries, answers, relevant)


@dataclass(frozen=True)
class View:
    """How a camera sees the pictures: their long side, and whether it is dark when it comes again."""

    side: int
    dark: bool = False

    @property
    def name(self) -> str:
        return f"{self.side}, dark" if self.dark else str(self.side)

    def seen(self, path: Path, role: str) -> np.ndarray:
        """A picture as this camera gives it."""
        image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        if image is None:
            raise SystemExit(f"error: {path}: cannot be read")
        image = reduce_grey(image, self.side)
        if not self.dark or role != "queries":
            return image
        noise = np.random.default_rng(zlib.crc32(path.name.encode())).normal(0, 4, image.shape)
        return np.clip(np.rint(0.2 * image + noise), 0, 255).astype(np.uint8)

    def fits(self, collection: Collection) -> bool:
        """Whether the program takes what this camera sees of it: LEAST_SIDE pixels and more."""
        return min(self.seen(collection.queries[0], "queries").shape) >= LEAST_SIDE


LEAST_SIDE = 64
"""Pixels of the short side, as the program asks for them."""
VIEWS = (View(160), View(320), View(640), View(320, dark=True))


def all_collections(data: Path | None, cache: Path, kinds: list[str], seeds: list[int]) -> list[Collection]:
    found = [lookalikes(cache / "worlds" / f"{kind}-{seed}", kind, seed) for kind in kinds for seed in seeds]
    if data is None:
        return found
    makers: list[Callable[[], Collection]] = [lambda name=name: sequence(data, name) for name in SEQUENCES]
    return found + [make() for make in (*makers, lambda: toy(data), lambda: scenes(data))]
