"""Measures local features against known poses, and global descriptors by retrieval."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from hfnet.aliked import Aliked, keypoints
from hfnet.checkpoint import load_network
from hfnet.decode import cell_scores, find_keypoints, quantized_descriptors, sample_descriptors
from hfnet.images import SUFFIXES, read_grey
from hfnet.mobilenet import MobileNetV2
from hfnet.modelfile import read_model
from hfnet.place_teacher import PlaceTeacher
from hfnet.simulate import run

EPIPOLAR_PIXELS = 3.0
# set, step between the images of a pair
PAIR_SETS = (("strecha_Herz-Jesus-P25", 4), ("strecha_fountain-P11", 3), ("kitti_seq1", 4))
SEQUENCES = ("kitti_seq1", "tum_fr2_desk")
PER_SCENE = 30


@dataclass
class Features:
    """Keypoints [n, 2] in the reduced image, best first, their descriptors [n, D], and the global descriptor."""

    points: np.ndarray
    descriptors: np.ndarray
    place: np.ndarray | None


Extractor = Callable[[np.ndarray], Features]


def float_extractor(path: Path, count: int, threshold: float) -> Extractor:
    """Our network in float32 from a checkpoint."""
    net, _ = load_network(path)

    @torch.no_grad()
    def extract(image: np.ndarray) -> Features:
        logits, raw, place = net(torch.from_numpy(image).float()[None, None])
        scores = cell_scores(logits[0].permute(1, 2, 0).contiguous().numpy())
        points = find_keypoints(scores, count, threshold)[:, :2]
        return Features(points, sample_descriptors(raw[0].permute(1, 2, 0).contiguous().numpy(), points), place[0].numpy())

    return extract


def integer_extractor(path: Path, count: int, threshold: float, with_global: bool) -> Extractor:
    """Our network in int8 (the exact simulation), descriptors as a map stores them."""
    model, _ = read_model(path)

    def extract(image: np.ndarray) -> Features:
        out = run(model, image, count, threshold, with_global)
        return Features(out.keypoints[:, :2], quantized_descriptors(out.descriptors).astype(np.float32), out.descriptor)

    return extract


def aliked_extractor(path: Path, count: int) -> Extractor:
    """The teacher of the local features."""
    net = Aliked.load(path)

    def extract(image: np.ndarray) -> Features:
        dense = net.dense(torch.from_numpy(image).float() / 255)
        points, _ = keypoints(dense.scores, count, 2, 0.0)
        return Features(points.numpy(), net.describe(dense.features, points).numpy(), None)

    return extract


def place_extractor(weights: Path, fitted: Path, reduced: bool) -> Extractor:
    """The teacher of the global descriptor, before or after its reduction."""
    net = MobileNetV2.load(weights)
    teacher = PlaceTeacher.load(fitted)
    empty = np.zeros((0, 2), np.float32)

    def extract(image: np.ndarray) -> Features:
        full = teacher.vlad(net(torch.from_numpy(image).float()[None] / 255)[0])
        return Features(empty, empty, (teacher.reduce(full[None])[0] if reduced else full).numpy())

    return extract


@dataclass
class View:
    """An image of a set with its camera (of the reduced image) and its pose, camera from world."""

    path: Path
    camera: np.ndarray
    rotation: np.ndarray
    translation: np.ndarray


def rotation_matrix(w: float, x: float, y: float, z: float) -> np.ndarray:
    q = np.array((w, x, y, z)) / np.linalg.norm((w, x, y, z))
    w, x, y, z = q
    return np.array(
        (
            (1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)),
            (2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)),
            (2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)),
        )
    )


def table(path: Path) -> list[list[str]]:
    return [line.split() for line in path.read_text().splitlines() if line and not line.startswith("#")]


def read_set(folder: Path, long_side: int) -> list[View]:
    """The posed images of a set with undistorted cameras, sorted by name."""
    cameras = {}
    for row in table(folder / "cameras.txt"):
        width, height = int(row[2]), int(row[3])
        p = [float(v) for v in row[4:]]
        fx, fy, cx, cy = (p[0], p[0], p[1], p[2]) if row[1] == "SIMPLE_PINHOLE" else p[:4]
        scale = min(1.0, long_side / max(width, height))
        sx, sy = round(width * scale) / width, round(height * scale) / height
        cameras[row[0]] = np.array(((fx * sx, 0, (cx + 0.5) * sx - 0.5), (0, fy * sy, (cy + 0.5) * sy - 0.5), (0, 0, 1)))
    views = []
    for row in sorted(table(folder / "poses.txt")):
        numbers = [float(v) for v in row[2:9]]
        views.append(
            View(folder / "images" / row[0], cameras[row[1]], rotation_matrix(*numbers[:4]), np.array(numbers[4:]))
        )
    return views


def fundamental(a: View, b: View) -> np.ndarray:
    """F with x_b^T F x_a = 0."""
    rotation = b.rotation @ a.rotation.T
    t = b.translation - rotation @ a.translation
    cross = np.array(((0, -t[2], t[1]), (t[2], 0, -t[0]), (-t[1], t[0], 0)))
    return np.linalg.inv(b.camera).T @ cross @ rotation @ np.linalg.inv(a.camera)


def mutual_matches(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Index pairs [m, 2] of mutual nearest neighbours."""
    similarity = a @ b.T
    forward, backward = similarity.argmax(1), similarity.argmax(0)
    rows = np.nonzero(backward[forward] == np.arange(len(a)))[0]
    return np.stack((rows, forward[rows]), axis=1)


def epipolar_distance(f: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Distance of points b [n, 2] to the epipolar lines of points a, in pixels."""
    lines = np.column_stack((a, np.ones(len(a)))) @ f.T
    return np.abs(np.sum(lines * np.column_stack((b, np.ones(len(b)))), axis=1)) / np.linalg.norm(lines[:, :2], axis=1)


def epipolar_precision(
    extract: Extractor, folder: Path, step: int, long_side: int, limit: int
) -> tuple[float, float, float]:
    """Mean share of matches within 3 px of the true epipolar line, mean count of them, median distance of those."""
    views = read_set(folder, long_side)
    features: dict[int, Features] = {}

    def get(i: int) -> Features:
        if i not in features:
            image = read_grey(views[i].path, long_side)
            assert image is not None, views[i].path
            features[i] = extract(image)
        return features[i]

    shares, counts, distances = [], [], []
    starts = np.unique(np.linspace(0, len(views) - step - 1, limit).astype(int)) if limit else range(len(views) - step)
    for i in starts:
        a, b = get(i), get(i + step)
        m = mutual_matches(a.descriptors, b.descriptors)
        d = epipolar_distance(fundamental(views[i], views[i + step]), a.points[m[:, 0]], b.points[m[:, 1]])
        shares.append(np.mean(d < EPIPOLAR_PIXELS))
        counts.append(np.sum(d < EPIPOLAR_PIXELS))
        distances.append(np.median(d[d < EPIPOLAR_PIXELS]))
    return float(np.mean(shares)), float(np.mean(counts)), float(np.mean(distances))


def scene_images(folder: Path) -> list[Path]:
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES)
    chosen = np.unique(np.linspace(0, len(paths) - 1, min(PER_SCENE, len(paths))).astype(int))
    return [paths[i] for i in chosen]


def places(extract: Extractor, paths: list[Path], long_side: int) -> np.ndarray:
    vectors = []
    for path in paths:
        image = read_grey(path, long_side)
        assert image is not None, path
        place = extract(image).place
        assert place is not None
        vectors.append(place)
    return np.stack(vectors)


def scene_retrieval(extract: Extractor, root: Path, long_side: int) -> tuple[float, float]:
    """Leave-one-out over all scenes of the data folder: top-1 of the same scene, and mAP."""
    scenes = [p for p in sorted(root.iterdir()) if p.is_dir() and p.name not in ("vpr_toy_sf", "wxbs")]
    paths, labels = [], []
    for label, scene in enumerate(scenes):
        found = scene_images(scene)
        if len(found) < 2:
            continue
        paths += found
        labels += [label] * len(found)
    g, labels = places(extract, paths, long_side), np.array(labels)
    similarity = g @ g.T
    np.fill_diagonal(similarity, -2)
    order = np.argsort(-similarity, axis=1)[:, :-1]
    hit = labels[order] == labels[:, None]
    rank = np.arange(1, hit.shape[1] + 1)
    precision = np.cumsum(hit, axis=1) / rank
    average = (precision * hit).sum(1) / hit.sum(1)
    return float(hit[:, 0].mean()), float(average.mean())


def sequence_recall(extract: Extractor, folder: Path, long_side: int) -> float:
    """Share of frames whose nearest other frame is at most two frames away."""
    paths = sorted(p for p in (folder / "images").iterdir() if p.suffix.lower() in SUFFIXES)
    g = places(extract, paths, long_side)
    similarity = g @ g.T
    np.fill_diagonal(similarity, -2)
    return float(np.mean(np.abs(similarity.argmax(1) - np.arange(len(g))) <= 2))


def main() -> None:
    p = argparse.ArgumentParser(
        prog="tools/evaluate-features",
        description="Epipolar precision with mutual nearest neighbours on image pairs of known pose, and retrieval.",
    )
    p.add_argument("--data", type=Path, required=True, help="folder of evaluation sets (images/, cameras.txt, poses.txt each)")
    p.add_argument("--checkpoint", type=Path, help="measure this checkpoint of tools/train in float32")
    p.add_argument("--model", type=Path, help="measure this model file in the exact int8 simulation")
    p.add_argument("--aliked", type=Path, metavar="WEIGHTS", help="measure ALIKED, the teacher")
    p.add_argument("--place-teacher", type=Path, nargs=2, metavar=("WEIGHTS", "FITTED"), help="measure the global teacher")
    p.add_argument("--keypoints", type=int, default=1500)
    p.add_argument("--threshold", type=float, default=0.0)
    p.add_argument("--long-side", type=int, default=640)
    p.add_argument("--pairs", type=int, default=0, help="at most so many pairs of each set (0: all)")
    p.add_argument("--no-retrieval", action="store_true")
    p.add_argument("--threads", type=int, default=2)
    args = p.parse_args()
    torch.set_num_threads(args.threads)

    extractors: list[tuple[str, Extractor]] = []
    if args.checkpoint:
        extractors.append(("ours fp32", float_extractor(args.checkpoint, args.keypoints, args.threshold)))
    if args.model:
        extractors.append(("ours int8", integer_extractor(args.model, args.keypoints, args.threshold, not args.no_retrieval)))
    if args.aliked:
        extractors.append(("ALIKED", aliked_extractor(args.aliked, args.keypoints)))
    if extractors:
        print("| local features: share, number, median px | " + " | ".join(f"{n} (i,i+{s})" for n, s in PAIR_SETS) + " |")
        print("|---" * (len(PAIR_SETS) + 1) + "|")
        for name, extract in extractors:
            cells = []
            for folder, step in PAIR_SETS:
                share, count, distance = epipolar_precision(extract, args.data / folder, step, args.long_side, args.pairs)
                cells.append(f"{share:.3f}, {count:.0f}, {distance:.2f}")
            print(f"| {name} | " + " | ".join(cells) + " |", flush=True)
    extractors = [e for e in extractors if e[0] != "ALIKED"]
    if args.place_teacher:
        extractors.append(("teacher VLAD", place_extractor(*args.place_teacher, reduced=False)))
        extractors.append(("teacher VLAD, reduced", place_extractor(*args.place_teacher, reduced=True)))
    if extractors and not args.no_retrieval:
        print("\n| global descriptor | scenes top-1 / mAP | " + " | ".join(f"{n} within 2 frames" for n in SEQUENCES) + " |")
        print("|---" * (len(SEQUENCES) + 2) + "|")
        for name, extract in extractors:
            top, average = scene_retrieval(extract, args.data, args.long_side)
            cells = [f"{sequence_recall(extract, args.data / n, args.long_side):.3f}" for n in SEQUENCES]
            print(f"| {name} | {top:.3f} / {average:.3f} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
