"""Every extractor that tools/training/evaluate-features can measure, by name."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import torch

from hfnet import container
from hfnet.aliked import ALIKED_RADIUS, Aliked, keypoints
from hfnet.checkpoint import load_network
from hfnet.decode import cell_scores, find_keypoints, quantized_descriptors, sample_descriptors
from hfnet.features import Extractor, Features
from hfnet.modelfile import read_model
from hfnet.peers import rootsift
from hfnet.peers.alike import Alike
from hfnet.peers.disk import Disk
from hfnet.peers.superpoint import SuperPoint
from hfnet.peers.xfeat import XFeat
from hfnet.simulate import run


def float_extractor(path: Path, count: int, threshold: float) -> Extractor:
    """Our network in float32 from a checkpoint."""
    net, _ = load_network(path)

    @torch.no_grad()
    def extract(image: np.ndarray) -> Features:
        logits, raw = net.local(net.trunk(torch.from_numpy(image).float()[None, None]))
        scores = cell_scores(logits[0].permute(1, 2, 0).contiguous().numpy())
        points = find_keypoints(scores, count, threshold)[:, :2]
        descriptors = sample_descriptors(raw[0].permute(1, 2, 0).contiguous().numpy(), points)
        return Features(points, descriptors)

    return extract


def simulated_extractor(path: Path, count: int, threshold: float) -> Extractor:
    """Our network in int8 (the exact simulation), descriptors as a map stores them."""
    model, _ = read_model(path)

    def extract(image: np.ndarray) -> Features:
        out = run(model, image, count, threshold)
        return Features(out.keypoints[:, :2], quantized_descriptors(out.descriptors), out.descriptor)

    return extract


def program_extractor(hfloc: Path, model: Path, count: int, threshold: float) -> Extractor:
    """Our network as the program runs it (`hfloc extract`); images go to it as PNG, without loss."""

    def extract(image: np.ndarray) -> Features:
        with tempfile.TemporaryDirectory(prefix="hfloc-features-") as scratch:
            picture, found = Path(scratch) / "image.png", Path(scratch) / "features.safetensors"
            cv2.imwrite(str(picture), image)
            command = [hfloc, "extract", picture, "--output", found, "--model", model, "--keypoints", count]
            command += ["--threshold", threshold, "--long-side", max(image.shape)]
            done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False)
            if done.returncode:
                raise SystemExit(f"error: {hfloc} extract: {done.stderr.strip()}")
            tensors, _ = container.read(found)
        return Features(tensors["0.keypoints"], tensors["0.descriptors"], tensors["global"][0])

    return extract


def aliked_extractor(path: Path, count: int) -> Extractor:
    net = Aliked.load(path)

    def extract(image: np.ndarray) -> Features:
        dense = net.dense(torch.from_numpy(image).float() / 255)
        points, _ = keypoints(dense.scores, count, ALIKED_RADIUS, 0.0)
        return Features(points.numpy(), net.describe(dense.features, points).numpy())

    return extract


def of_network(load: Callable[[Path], XFeat | Alike | Disk | SuperPoint], path: Path, count: int) -> Extractor:
    net = load(path)
    return lambda image: net.extract(image, count)


PEERS: dict[str, tuple[str, Callable[[Path, int], Extractor]]] = {
    "ALIKED-n16": ("aliked/aliked-n16.pth", aliked_extractor),
    "ALIKED-t16": ("aliked/aliked-t16.pth", aliked_extractor),
    "ALIKE-l": ("alike/alike-l.pth", lambda path, count: of_network(Alike.load, path, count)),
    "DISK": ("disk/disk-depth-save.pth", lambda path, count: of_network(Disk.load, path, count)),
    "XFeat": ("xfeat/xfeat.pt", lambda path, count: of_network(XFeat.load, path, count)),
    "SuperPoint": ("superpoint/superpoint_v1.pth", lambda path, count: of_network(SuperPoint.load, path, count)),
    "RootSIFT": ("", lambda _, count: lambda image: rootsift.extract(image, count)),
}
"""Name -> (file under the folder of weights, how to make the extractor)."""


def peer(name: str, weights: Path | None, count: int) -> Extractor:
    """One of PEERS; `weights` is the folder that holds their published weights."""
    file, make = PEERS[name]
    if not file:
        return make(Path(), count)
    if weights is None:
        raise SystemExit(f"error: {name} needs --weights FOLDER, which holds {file}")
    if not (weights / file).exists():
        raise SystemExit(f"error: {weights / file}: no such file ({name}'s published weights)")
    return make(weights / file, count)
