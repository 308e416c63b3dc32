"""Clusters that the program fits to a map's images: against k-means and VLAD in PyTorch and numpy (needs PyTorch, and
the release build of hfloc)."""

from __future__ import annotations

import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch")

from hfnet import container
from hfnet.images import reduce_grey
from hfnet.integer import GLOBAL_FEATURES, PLACE_KEYPOINTS
from hfnet.modelfile import read_model
from hfnet.own_map import seen_camera
from hfnet.place_head import SHARPNESS, kmeans
from hfnet.posed import table
from hfnet.quick import QuickNetwork
from hfnet.simulate import memberships, vlad_sum

ROOT = Path(__file__).resolve().parents[4]
HFLOC = ROOT / ".build/release/hfloc"
MODEL = ROOT / "Sources/Inference/Model/hfnet.safetensors"
SIDE = 320
IMAGES = 12


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, np.ndarray], list[np.ndarray]]:
    """A map of some of the sample's images, by its tensors, and the images."""
    if not HFLOC.exists():
        pytest.skip("build the release first")
    folder, sample = tmp_path_factory.mktemp("set"), ROOT / "Tests/Sample"
    camera = table(sample / "cameras.txt")[0]
    (folder / "images").mkdir()
    pictures, poses = [], []
    for row in table(sample / "poses.txt")[:IMAGES]:
        picture = cv2.imread(str(sample / "images" / row[0]), cv2.IMREAD_GRAYSCALE)
        pictures.append(reduce_grey(picture, SIDE))
        poses.append(" ".join([f"{len(poses)}.png", *row[1:9]]))
        cv2.imwrite(str(folder / "images" / f"{len(poses) - 1}.png"), pictures[-1])
    (folder / "poses.txt").write_text("\n".join(poses) + "\n")
    height, width = pictures[0].shape
    (folder / "cameras.txt").write_text(seen_camera(camera, width, height, SIDE) + "\n")
    path = folder / "map.hfmap"
    command = [HFLOC, "map", "build", folder, "--output", path, "--model", MODEL, "--no-check", "--no-cache", "--force"]
    subprocess.run([str(c) for c in command], check=True, capture_output=True)
    return container.read(path)[0], pictures


@pytest.fixture(scope="module")
def rows(made) -> dict[str, tuple[list[np.ndarray], float]]:
    """Rows of each kind, by image, and their scale, as PyTorch sees them."""
    model, metadata = read_model(MODEL)
    network = QuickNetwork(model)
    threshold = float(metadata["detection_threshold"])
    seen = [network.describe(p, PLACE_KEYPOINTS, threshold, GLOBAL_FEATURES) for p in made[1]]
    return {
        "cells": ([s[2] for s in seen], model.scales[GLOBAL_FEATURES][0]),
        "keypoints": ([s[1] for s in seen], model.scales["keypoints"][0]),
    }


@pytest.mark.parametrize("kind", ["cells", "keypoints"])
def test_clusters_are_as_near_to_their_rows_as_those_of_pytorch(made, rows, kind: str) -> None:
    tensors, (own, scale) = made[0], rows[kind]
    centres = torch.from_numpy(tensors[f"vlad.{kind}.centres"].copy())
    x = torch.from_numpy(np.concatenate(own).astype(np.float32) * np.float32(scale))

    def mean_square(c: torch.Tensor) -> float:
        return float(torch.cdist(x, c).min(1).values.square().mean())

    theirs = [mean_square(kmeans(x, len(centres), torch.Generator().manual_seed(seed))) for seed in range(4)]
    spread = max(theirs) - min(theirs)
    assert mean_square(centres) <= max(theirs) + 2 * spread
    sharpness = tensors["vlad.memberships"][["cells", "keypoints"].index(kind), 0]
    assert sharpness * mean_square(centres) == pytest.approx(SHARPNESS, rel=0.03)


def test_signs_are_those_of_the_vlad_in_numpy(made, rows) -> None:
    tensors = made[0]
    halves = []
    for i, kind in enumerate(("cells", "keypoints")):
        (own, scale), c = rows[kind], tensors[f"vlad.{kind}.centres"]
        sharpness = tensors["vlad.memberships"][i, 0]
        logits = [-sharpness * ((q[:, None] * np.float32(scale) - c[None]) ** 2).sum(2) for q in own]
        halves.append(np.stack([vlad_sum(memberships(v), q, scale, c) for v, q in zip(logits, own)]))
    expected = np.concatenate(halves, axis=1)
    bits = np.unpackbits(tensors["keyframes.global_signs"], axis=1, bitorder="little").astype(bool)
    # Those that are clearly above or below zero.
    clear = np.abs(expected) > 0.25 * np.abs(expected).mean(1, keepdims=True)
    assert clear.mean() > 0.5
    assert (bits == (expected > 0))[clear].mean() > 0.97
    scale = 1 / np.abs(expected).sum(1)
    assert np.allclose(tensors["keyframes.global_scale"], scale, rtol=0.03)
