"""Teacher targets: computed once per clean photograph and cached, so that training never runs a teacher."""

from __future__ import annotations

import hashlib
import multiprocessing as mp
import os
import queue
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from hfnet.aliked import Aliked, keypoints
from hfnet.images import read_grey
from hfnet.mobilenet import CHANNELS, WEIGHTS, MobileNetV2
from hfnet.progress import Progress

# What the detector learns: far more than is described, for a narrow image asks for the teacher's weak keypoints, too.
DETECTIONS = 4000
DETECTION_RADIUS = 2
DETECTION_THRESHOLD = 0.01
# What descriptors are learned at.
KEYPOINTS = 1500
KEYPOINT_RADIUS = 3
KEYPOINT_THRESHOLD = 0.04
GRID_STEP = 12
SMALLEST_SIDE = 160


@dataclass
class Target:
    """What the teachers say about one photograph. Points are (x, y) in pixels of `image`; `detections` are (x, y,
    score).
    """

    image: np.ndarray
    detections: np.ndarray
    points: np.ndarray
    descriptors: np.ndarray
    grid: np.ndarray
    grid_descriptors: np.ndarray
    global_features: np.ndarray

    @staticmethod
    def read(path: Path) -> Target:
        with np.load(path) as f:
            missing = [name for name in Target.__dataclass_fields__ if name not in f.files]
            if not missing and len(f["global_features"]) != CHANNELS:
                missing = ["the teacher's layer 14"]
            if missing:
                raise SystemExit(
                    f"error: {path}: targets of an earlier version, without {missing[0]}; remove {path.parent}"
                )
            return Target(**{name: f[name] for name in Target.__dataclass_fields__})


def cache_path(cache: Path, name: str) -> Path:
    """Where the target of the photograph `name` is kept."""
    digest = hashlib.blake2b(name.encode(), digest_size=6).hexdigest()
    return cache / f"{Path(name).stem}-{digest}.npz"


def jittered_grid(width: int, height: int, seed: int) -> np.ndarray:
    """One random point in each square of GRID_STEP pixels, [N, 2]."""
    generator = np.random.default_rng(seed)
    ys, xs = np.mgrid[0 : height // GRID_STEP, 0 : width // GRID_STEP]
    corner = np.stack((xs.ravel(), ys.ravel()), axis=1) * GRID_STEP
    return (corner + generator.uniform(0, GRID_STEP - 1, corner.shape)).astype(np.float32)


class Teachers:
    """The frozen networks that targets come from."""

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        self.device = device
        self.local = Aliked.load(folder / "aliked" / "aliked-n16.pth").to(device)
        self.place = MobileNetV2.load(folder / WEIGHTS).to(device)

    @torch.no_grad()
    def target(self, image: np.ndarray) -> Target:
        grey = torch.from_numpy(image).to(self.device).float() / 255
        dense = self.local.dense(grey)
        detected, scores = keypoints(dense.scores, DETECTIONS, DETECTION_RADIUS, DETECTION_THRESHOLD)
        points, _ = keypoints(dense.scores, KEYPOINTS, KEYPOINT_RADIUS, KEYPOINT_THRESHOLD)
        grid = torch.from_numpy(jittered_grid(image.shape[1], image.shape[0], image.size)).to(self.device)
        described = self.local.describe(dense.features, torch.cat((points, grid))).half().cpu().numpy()
        return Target(
            image=image,
            detections=torch.cat((detected, scores[:, None]), dim=1).cpu().numpy(),
            points=points.cpu().numpy(),
            descriptors=described[: len(points)],
            grid=grid.cpu().numpy(),
            grid_descriptors=described[len(points) :],
            global_features=self.place(grey[None])[0].half().cpu().numpy(),
        )


def compute_one(teachers: Teachers, path: Path, out: Path, long_side: int) -> None:
    """Writes one target; an unreadable or tiny photograph leaves an empty marker."""
    image = read_grey(path, long_side)
    temporary = out.with_suffix(f".{os.getpid()}.tmp")
    with temporary.open("wb") as f:
        if image is not None and min(image.shape) >= SMALLEST_SIDE:
            target = teachers.target(image)
            np.savez(f, **{name: getattr(target, name) for name in Target.__dataclass_fields__})
    temporary.rename(out)


def _worker(jobs: list[tuple[Path, Path]], folder: Path, long_side: int, device: str, done: mp.Queue) -> None:
    torch.set_num_threads(1)
    teachers = Teachers(folder, device)
    for path, out in jobs:
        if not out.exists():
            compute_one(teachers, path, out, long_side)
        done.put(1)


def compute_targets(
    images: list[tuple[str, Path]],
    cache: Path,
    teachers: Path,
    long_side: int,
    seed: int,
    workers: int,
    device: str = "cpu",
) -> None:
    """Computes the missing targets, in an order shuffled by `seed`, with `workers` single-threaded processes."""
    cache.mkdir(parents=True, exist_ok=True)
    jobs = [(path, cache_path(cache, name)) for name, path in images]
    jobs = [job for job in jobs if not job[1].exists()]
    random.Random(seed).shuffle(jobs)
    if not jobs:
        return
    context = mp.get_context("spawn")
    done: mp.Queue = context.Queue()
    processes = [
        context.Process(target=_worker, args=(jobs[i::workers], teachers, long_side, device, done), daemon=True)
        for i in range(workers)
    ]
    for process in processes:
        process.start()
    progress = Progress("teacher targets", len(jobs))
    finished = 0
    while finished < len(jobs):
        try:
            finished += done.get(timeout=5)
        except queue.Empty:  # look whether a worker died
            if not any(p.is_alive() for p in processes) and done.empty():
                raise SystemExit("error: the teacher processes ended early; see the messages above") from None
        progress.update(finished)
    for process in processes:
        process.join()
    progress.close()
