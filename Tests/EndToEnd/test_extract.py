"""`hfloc extract`, read as another program would read it, against the integer simulation."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
from conftest import ROOT, SAMPLE
from hfnet.decode import quantized_descriptors
from hfnet.images import reduce_grey
from hfnet.modelfile import golden_image, read_model
from hfnet.simulate import run
from safetensors.numpy import load_file

MODEL = ROOT / "Sources/Inference/Model/hfnet.safetensors"


def extract(hfloc, output: Path, *arguments: object) -> dict[str, np.ndarray]:
    done = hfloc("extract", *arguments, "--model", MODEL, "--output", output)
    assert done.returncode == 0, done.stderr
    return load_file(output)


def test_features_are_those_of_the_simulation(hfloc, tmp_path: Path) -> None:
    image = golden_image(21)
    cv2.imwrite(str(tmp_path / "x.png"), image)
    found = extract(hfloc, tmp_path / "f.safetensors", tmp_path / "x.png", "--keypoints", 300, "--threshold", 0.001)
    expected = run(read_model(MODEL)[0], image, 300, 0.001)
    assert len(found["0.keypoints"]) == len(expected.keypoints) > 50
    assert np.allclose(found["0.keypoints"], expected.keypoints[:, :2], atol=1e-4)
    assert np.allclose(found["0.scores"], expected.keypoints[:, 2], atol=1e-4)
    difference = found["0.descriptors"].astype(int) - quantized_descriptors(expected.descriptors)
    assert np.abs(difference).max() <= 1
    assert np.mean(difference != 0) < 0.01
    step = np.abs(expected.descriptor).max() / 127  # as a map rounds it
    assert np.abs(found["global"][0] - expected.descriptor).max() < 0.51 * step


def test_points_of_a_reduced_image_are_in_its_own_pixels(hfloc, tmp_path: Path) -> None:
    """An image of blocks of 2x2 equal pixels, halved, is the small image; its points lie at twice the place."""
    small = reduce_grey(cv2.imread(str(SAMPLE / "images/drive_0003.jpg"), cv2.IMREAD_GRAYSCALE), 320)
    large = small.repeat(2, axis=0).repeat(2, axis=1)
    cv2.imwrite(str(tmp_path / "small.png"), small)
    cv2.imwrite(str(tmp_path / "large.png"), large)
    long_side = max(small.shape)
    both = tmp_path / "small.png", tmp_path / "large.png"
    found = extract(hfloc, tmp_path / "f.safetensors", *both, "--long-side", long_side, "--keypoints", 200)
    assert found["sizes"].tolist() == [list(small.shape[::-1]), list(large.shape[::-1])]
    assert found["blur"].shape == (2,) and (found["blur"] > 0).all() and (found["blur"] <= 1).all()
    assert np.allclose(found["1.keypoints"], (found["0.keypoints"] + 0.5) * 2 - 0.5, atol=1e-3)
    assert np.array_equal(found["0.descriptors"], found["1.descriptors"])
    metadata = json.loads(
        (tmp_path / "f.safetensors").read_bytes()[8:].split(b'"__metadata__":', 1)[1].split(b"},", 1)[0] + b"}"
    )
    assert json.loads(metadata["images"]) == [str(path) for path in both]


def test_where_no_image_can_be_read_there_is_no_file(hfloc, tmp_path: Path) -> None:
    (tmp_path / "bad.jpg").write_bytes(b"no image")
    done = hfloc("extract", tmp_path / "bad.jpg", "--output", tmp_path / "f.safetensors")
    assert done.returncode == 65
    assert str(tmp_path / "bad.jpg") in done.stderr
    assert not (tmp_path / "f.safetensors").exists()


def test_an_output_that_cannot_be_written_is_named(hfloc, tmp_path: Path) -> None:
    done = hfloc("extract", SAMPLE / "images/drive_0003.jpg", "--output", tmp_path / "missing" / "f.safetensors")
    assert done.returncode == 73
    assert "missing" in done.stderr
