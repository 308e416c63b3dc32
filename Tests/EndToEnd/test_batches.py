"""One bad image of many: it is named and counted, all results are written, and the exit status is 2."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from conftest import SAMPLE
from drive import read_roles


def camera_fields() -> list[str]:
    line = next(x for x in (SAMPLE / "cameras.txt").read_text().splitlines() if x.strip() and x[0] != "#")
    return line.split()[1:]


def names(role: str, count: int) -> list[str]:
    return [name for name, found in read_roles(SAMPLE).items() if found == role][:count]


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """A folder of a.jpg and b.jpg, which are good, cut.jpg, and strip.pgm, which is too small; not none.jpg."""
    folder = tmp_path / "images"
    folder.mkdir()
    for name, source in zip(["a.jpg", "b.jpg"], names("query", 2), strict=True):
        (folder / name).symlink_to((SAMPLE / "images" / source).resolve())
    (folder / "cut.jpg").write_bytes((SAMPLE / "images" / names("query", 1)[0]).read_bytes()[:9000])
    (folder / "strip.pgm").write_bytes(b"P5 640 6 255\n" + bytes(640 * 6))
    return folder


def expect_named(stderr: str, *parts: str, failed: int, of: int) -> None:
    lines = stderr.splitlines()
    for part in parts:
        assert any(part in line for line in lines), stderr
    assert lines[-1].endswith(f"{failed} of {of} images could not be used"), stderr


def test_localize_goes_on(hfloc, sample_map: Path, images: Path, tmp_path: Path) -> None:
    paths = [images / name for name in ("cut.jpg", "a.jpg", "none.jpg", "b.jpg")]
    output = tmp_path / "poses.txt"
    arguments = ["--camera", " ".join(camera_fields()), "--map", sample_map, "--format", "json"]
    done = hfloc("localize", *paths, *arguments)
    assert done.returncode == 2, done.stderr
    assert [json.loads(line)["name"] for line in done.stdout.splitlines()] == [str(paths[1]), str(paths[3])]
    expect_named(done.stderr, str(paths[0]), str(paths[2]), failed=2, of=4)
    done = hfloc("localize", *paths, *arguments, "--output", output)
    assert done.returncode == 2 and len(output.read_text().splitlines()) == 2, done.stderr


def test_nothing_at_all_has_the_errors_own_status(hfloc, sample_map: Path, images: Path, tmp_path: Path) -> None:
    arguments = ["--camera", " ".join(camera_fields()), "--map", sample_map]
    output = tmp_path / "poses.txt"
    done = hfloc("localize", images / "none.jpg", images / "cut.jpg", *arguments, "--output", output)
    assert done.returncode == 66 and not output.exists(), done.stderr
    assert done.stderr.splitlines()[-1] == "hfloc: none of the 2 images could be used"
    done = hfloc("localize", images / "strip.pgm", "--camera", "PINHOLE 640 6 400 400 320 3", "--map", sample_map)
    assert done.returncode == 65 and len(done.stderr.splitlines()) == 1
    assert "640 x 6" in done.stderr and "at least 64 pixels" in done.stderr and "safetensors" not in done.stderr


def test_a_plain_folder_with_a_camera(hfloc, sample_map: Path, images: Path) -> None:
    arguments = ["--camera", " ".join(camera_fields()), "--map", sample_map, "--format", "json"]
    done = hfloc("localize", images, *arguments)
    assert done.returncode == 2, done.stderr
    assert [json.loads(line)["name"] for line in done.stdout.splitlines()] == ["a.jpg", "b.jpg"]
    expect_named(done.stderr, "cut.jpg", "strip.pgm", failed=2, of=4)


def test_a_list_goes_on(hfloc, sample_map: Path, images: Path, tmp_path: Path) -> None:
    fields = camera_fields()
    fields[5:7] = [str(float(value) + 0.5) for value in fields[5:7]]
    queries = tmp_path / "queries.txt"
    queries.write_text("".join(f"{name} {' '.join(fields)}\n" for name in ("a.jpg", "none.jpg", "b.jpg")))
    done = hfloc("localize", "--queries", queries, "--root", images, "--map", sample_map, "--format", "benchmark")
    assert done.returncode == 2 and [line.split()[0] for line in done.stdout.splitlines()] == ["a.jpg", "b.jpg"]
    expect_named(done.stderr, "none.jpg", failed=1, of=3)


def test_extract_and_retrieve_go_on(hfloc, sample_map: Path, images: Path, tmp_path: Path) -> None:
    from safetensors import safe_open

    paths = [images / name for name in ("cut.jpg", "a.jpg", "strip.pgm", "b.jpg")]
    done = hfloc("extract", *paths, "--output", tmp_path / "features.safetensors")
    assert done.returncode == 2 and "2 images" in done.stdout, done.stderr
    expect_named(done.stderr, "cut.jpg", "strip.pgm", failed=2, of=4)
    with safe_open(tmp_path / "features.safetensors", "numpy") as file:
        assert json.loads(file.metadata()["images"]) == [str(paths[1]), str(paths[3])]
    done = hfloc("retrieve", *paths, "--map", sample_map, "--json")
    assert done.returncode == 2 and len(done.stdout.splitlines()) == 2
    expect_named(done.stderr, "cut.jpg", "strip.pgm", failed=2, of=4)


@pytest.fixture
def posed(tmp_path: Path) -> Path:
    """Part of the sample: six map images and three queries; one of each is cut short, and one query is missing."""
    folder = tmp_path / "posed"
    (folder / "images").mkdir(parents=True)
    chosen = names("map", 6) + names("query", 3)
    poses = [line for line in (SAMPLE / "poses.txt").read_text().splitlines() if line.split()[0] in chosen]
    (folder / "poses.txt").write_text("\n".join(poses))
    roles = read_roles(SAMPLE)
    (folder / "split.txt").write_text("".join(f"{name} {roles[name]}\n" for name in chosen) + "ghost.jpg map\n")
    (folder / "cameras.txt").write_text((SAMPLE / "cameras.txt").read_text() + "7 FOV 640 480 1 2 3 4 5\n")
    for name in chosen[:-1]:
        (folder / "images" / name).symlink_to((SAMPLE / "images" / name).resolve())
    for name in (chosen[0], chosen[6]):
        whole = (folder / "images" / name).read_bytes()
        (folder / "images" / name).unlink()
        (folder / "images" / name).write_bytes(whole[:9000])
    (folder / "images/extra.jpg").symlink_to((SAMPLE / "images" / chosen[1]).resolve())
    return folder


def test_map_build_and_evaluate_go_on_and_name_what_is_not_used(hfloc, posed: Path, sample_map: Path) -> None:
    unused = {
        "names in split.txt": ["ghost.jpg"],
        "images": ["extra.jpg"],
        "cameras": ["camera 7"],
    }
    cut, query, missing = names("map", 1)[0], names("query", 1)[0], names("query", 3)[2]
    done = hfloc("map", "build", posed, "--output", posed / "part.hfmap", "--json")
    assert done.returncode == 2 and (posed / "part.hfmap").exists(), done.stderr
    report = json.loads(done.stdout)
    assert report["images"] == 5 and [item["name"] for item in report["skipped"]] == [cut]
    assert {item["what"]: item["names"] for item in report["unused"]} == unused
    for word in (cut, "ghost.jpg", "extra.jpg", "camera 7"):
        assert word in done.stderr
    done = hfloc("evaluate", posed, "--map", sample_map, "--json", "--verbose")
    assert done.returncode == 2, done.stderr
    report = json.loads(done.stdout)
    assert report["queries"] == 1 and [item["name"].split("/")[-1] for item in report["failed"]] == [query, missing]
    assert [row["name"] for row in report["images"]] == [names("query", 2)[1]]
    assert report["images"][0]["position_error_m"] < 0.1
    assert {item["what"]: item["names"] for item in report["unused"]} == unused
    expect_named(done.stderr, query, missing, failed=2, of=3)


def test_bench_goes_on(hfloc, posed: Path, sample_map: Path) -> None:
    query, missing = names("query", 1)[0], names("query", 3)[2]
    done = hfloc("bench", "--map", sample_map, "--images", posed, "--runs", 1, "--size", "64x64", "--json")
    assert done.returncode == 2, done.stderr
    # On its own, and as the first of the drive.
    assert json.loads(done.stdout)["cold, frame"]["n"] == 2
    expect_named(done.stderr, query, missing, failed=2, of=3)


def test_evaluate_goes_by_the_times_of_a_drive(hfloc, sample_map: Path, tmp_path: Path) -> None:
    """At the sample's own times, at a rate that says the same, and at one that does not."""
    folder = tmp_path / "drive"
    (folder / "images").mkdir(parents=True)
    chosen = names("query", 6)
    for name in chosen:
        (folder / "images" / name).symlink_to((SAMPLE / "images" / name).resolve())
    poses = [line for line in (SAMPLE / "poses.txt").read_text().splitlines() if line.split()[0] in chosen]
    # In another order than that of the times.
    (folder / "poses.txt").write_text("\n".join(poses[::-1]))
    (folder / "split.txt").write_text("".join(f"{name} query\n" for name in chosen))
    (folder / "cameras.txt").write_text((SAMPLE / "cameras.txt").read_text())
    (folder / "timestamps.txt").write_text((SAMPLE / "timestamps.txt").read_text())

    def evaluate(*arguments: object) -> list[dict]:
        done = hfloc("evaluate", folder, "--map", sample_map, "--sequence", "--json", "--verbose", *arguments)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)["images"]

    rows = evaluate()
    assert [row["name"] for row in rows] == chosen
    assert [row["source"] for row in rows] == ["retrieval"] * 3 + ["cachedPlace"] * 3
    assert [row["name"] for row in evaluate("--rate", 10)] == chosen[::-1]
    lines = [line for line in (SAMPLE / "timestamps.txt").read_text().splitlines() if chosen[2] not in line]
    (folder / "timestamps.txt").write_text("\n".join(lines))
    arguments = ["--map", sample_map, "--sequence"]
    done = hfloc("evaluate", folder, *arguments, "--json", "--verbose")
    assert done.returncode == 2, done.stderr
    assert [row["name"] for row in json.loads(done.stdout)["images"]] == chosen[:2] + chosen[3:]
    assert "timestamps.txt has no time for it" in done.stderr and "names in timestamps.txt match no" in done.stderr
    expect_named(done.stderr, chosen[2], failed=1, of=6)
    done = hfloc("localize", folder, *arguments)
    assert done.returncode == 2 and len(done.stdout.splitlines()) == 5, done.stderr


def test_calibration_goes_on(programs: Path, tmp_path: Path) -> None:
    """`detect`: a missing and a damaged image beside one that can be read."""
    (tmp_path / "grey.pgm").write_bytes(b"P5 320 240 255\n" + bytes([90]) * (320 * 240))
    (tmp_path / "cut.pgm").write_bytes(b"P5 320 240 255\n123")
    command = [programs / "hfloc-calibrate", "detect", "--board", "chessboard:9x6:25mm"]
    files = [tmp_path / "cut.pgm", tmp_path / "grey.pgm", tmp_path / "none.pgm"]
    done = subprocess.run([*command, *files], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 65, "no image shows the board"
    assert f"{tmp_path}/cut.pgm" in done.stderr and f"{tmp_path}/none.pgm" in done.stderr
    assert done.stdout.startswith(f"{tmp_path}/grey.pgm: ")
    done = subprocess.run([*command, files[2]], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 66 and len(done.stderr.splitlines()) == 1


def test_memory_does_not_grow_with_the_cameras(programs: Path, sample_map: Path, tmp_path: Path) -> None:
    """A collection in which each image has its own camera: the peak of 24 is little more than that of 8."""
    fields = camera_fields()
    name = names("query", 1)[0]

    def peak(count: int) -> int:
        queries = tmp_path / f"{count}.txt"
        lines = [" ".join([name, *fields[:3], str(float(fields[3]) + i / 100), *fields[4:]]) for i in range(count)]
        queries.write_text("\n".join(lines))
        command = [programs / "hfloc", "localize", "--queries", queries, "--root", SAMPLE / "images"]
        child = subprocess.Popen([*command, "--map", sample_map], stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        assert status == 0
        return usage.ru_maxrss

    few, many = peak(8), peak(24)
    assert many < 1.3 * few, f"{few} kB with 8 cameras, {many} kB with 24"
