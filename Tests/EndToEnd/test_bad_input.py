"""Whatever is wrong with a file: one clear line that names it, a distinct exit code, no crash, nothing half-written."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from conftest import ROOT, SAMPLE

MODEL = ROOT / "Sources/Inference/Model/hfnet.safetensors"


def first_query() -> Path:
    names = (
        line.split() for line in (SAMPLE / "split.txt").read_text().splitlines() if line.strip() and line[0] != "#"
    )
    return SAMPLE / "images" / next(name for name, role in names if role == "query")


def camera() -> str:
    line = next(x for x in (SAMPLE / "cameras.txt").read_text().splitlines() if x.strip() and x[0] != "#")
    return line.split(maxsplit=1)[1]


def one_line(done, *, naming: object, code: int | tuple[int, ...]) -> None:
    codes = code if isinstance(code, tuple) else (code,)
    assert done.returncode in codes, (done.returncode, done.stderr)
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert str(naming) in lines[0], lines[0]


@pytest.mark.parametrize("what", ["map", "model"])
@pytest.mark.parametrize("damage", ["missing", "empty", "truncated", "text", "bit-flipped header"])
def test_damaged_map_or_model(hfloc, sample_map: Path, tmp_path: Path, what: str, damage: str) -> None:
    source = sample_map if what == "map" else MODEL
    path = tmp_path / f"damaged.{what}"
    data = bytearray(source.read_bytes())
    match damage:
        case "empty":
            data = bytearray()
        case "truncated":
            data = data[: len(data) // 2]
        case "text":
            data = bytearray(b"this is not a model\n" * 50)
        case "bit-flipped header":
            data[9] ^= 0x40
    if damage != "missing":
        path.write_bytes(data)
    paths = {"map": sample_map, "model": MODEL} | {what: path}
    done = hfloc("localize", first_query(), "--camera", camera(), "--map", paths["map"], "--model", paths["model"])
    one_line(done, naming=path, code=66 if damage == "missing" else 65)


def test_a_map_is_no_model_and_a_model_no_map(hfloc, sample_map: Path) -> None:
    query = first_query()
    one_line(hfloc("localize", query, "--camera", camera(), "--map", MODEL), naming=MODEL, code=65)
    done = hfloc("localize", query, "--camera", camera(), "--map", sample_map, "--model", sample_map)
    one_line(done, naming=sample_map, code=65)


@pytest.mark.parametrize("seed", range(12))
def test_random_damage_never_crashes(hfloc, sample_map: Path, tmp_path: Path, seed: int) -> None:
    """A flipped bit in the payload may go unnoticed without `map verify`; it must never crash."""
    generator = random.Random(seed)
    data = bytearray(sample_map.read_bytes())
    for _ in range(200):
        data[generator.randrange(len(data))] ^= 1 << generator.randrange(8)
    path = tmp_path / "damaged.hfmap"
    path.write_bytes(data)
    done = hfloc("localize", first_query(), "--camera", camera(), "--map", path)
    assert done.returncode in (0, 65), (done.returncode, done.stderr)
    verified = hfloc("map", "verify", path)
    one_line(verified, naming=path, code=65)


@pytest.mark.parametrize("damage", ["missing", "truncated", "text"])
def test_bad_query_image(hfloc, sample_map: Path, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "query.jpg"
    if damage == "truncated":
        path.write_bytes(first_query().read_bytes()[:3000])
    elif damage == "text":
        path.write_text("not an image")
    done = hfloc("localize", path, "--camera", camera(), "--map", sample_map)
    one_line(done, naming=path, code=66 if damage == "missing" else 65)


def test_camera_of_another_size(hfloc, sample_map: Path) -> None:
    done = hfloc("localize", first_query(), "--camera", "PINHOLE 800 600 500 500 400 300", "--map", sample_map)
    one_line(done, naming="800x600", code=65)


@pytest.mark.parametrize("text", ["PINHOLE 640 480 500", "CUBIST 640 480 1 2 3", "PINHOLE 640 480 nan 500 320 240"])
def test_bad_camera(hfloc, sample_map: Path, text: str) -> None:
    done = hfloc("localize", first_query(), "--camera", text, "--map", sample_map)
    one_line(done, naming="--camera", code=64)


def test_a_map_that_cannot_be_written_leaves_the_old_one(hfloc, sample_map: Path, tmp_path: Path) -> None:
    """Building from a folder that is no set fails before the good map is touched."""
    good = tmp_path / "good.hfmap"
    shutil.copy(sample_map, good)
    empty = tmp_path / "empty"
    empty.mkdir()
    one_line(hfloc("map", "build", empty, "--output", good), naming=empty, code=66)
    assert good.read_bytes() == sample_map.read_bytes()
    done = hfloc("map", "build", SAMPLE, "--output", tmp_path / "no/such/folder/x.hfmap")
    assert done.returncode == 73, done.stderr
    assert list(tmp_path.rglob("*.tmp*")) == []
