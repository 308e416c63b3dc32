"""A build that is killed goes on where it was; parts of it may be worked out elsewhere."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

from conftest import DAY, entries


def test_a_build_that_is_killed_at_any_moment_goes_on_to_the_same_bytes(
    programs: Path, map_part: Path, build_map_part, whole_map_part: tuple[bytes, set[str]], tmp_path: Path
) -> None:
    expected, every = whole_map_part
    chance, caught = random.Random(16), 0
    for moment in range(10):
        output = tmp_path / f"{moment}.hfmap"
        cache = Path(f"{output}.cache")
        command = [programs / "hfloc", "map", "build", map_part, "--output", output, "--no-check"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(list(map(str, command)), env=DAY, **quiet)
        wanted = chance.randrange(len(every))
        while len(entries(cache)) < wanted and process.poll() is None:
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
        process.wait()
        left = entries(cache)
        caught += not output.exists() and left < every
        report = build_map_part(output)["cache"]
        assert output.read_bytes() == expected
        assert report["problems"] == []
        assert report["cached_images"] >= sum(name.startswith("features") for name in left)
        assert entries(cache) == every
        assert {path.name for path in cache.rglob("*") if path.is_file()} == {name.split("/")[1] for name in every}
    assert caught >= 5, "most were killed before their end"


def test_parts_that_are_worked_out_elsewhere_make_the_same_map(
    hfloc, map_part: Path, build_map_part, whole_map_part: tuple[bytes, set[str]], tmp_path: Path
) -> None:
    cache, away = tmp_path / "cache", tmp_path / "away"
    plan = hfloc("map", "cache", "plan", map_part, "--cache", cache, "--step", "features")
    assert plan.returncode == 0, plan.stderr
    paths = plan.stdout.splitlines()
    assert len(paths) == 12
    for images in (paths[:5], paths[5:]):
        done = hfloc("map", "cache", "fill", *images, "--cache", cache, "--step", "features", "--threads", 1)
        assert done.returncode == 0, done.stderr
    assert hfloc("map", "cache", "plan", map_part, "--cache", cache, "--step", "features").stdout == ""
    rows = hfloc("map", "cache", "plan", map_part, "--cache", cache, "--step", "matches").stdout.splitlines()
    assert len(rows) == 11, "the last image has no partner of a higher number"
    for number, lines in enumerate((rows[:4], rows[4:])):
        (tmp_path / "rows.txt").write_text("".join(f"{line}\n" for line in lines))
        # A machine that has but the features that it needs.
        folder = away / str(number)
        (folder / "features").mkdir(parents=True)
        for key in {key for line in lines for key in line.split()}:
            shutil.copy(cache / f"features/{key}.safetensors", folder / "features")
        done = hfloc("map", "cache", "fill", tmp_path / "rows.txt", "--cache", folder, "--step", "matches")
        assert done.returncode == 0, done.stderr
        for path in (folder / "matches").glob("*.safetensors"):
            shutil.copy(path, cache / "matches")
    report = build_map_part(tmp_path / "a.hfmap", "--cache", cache)["cache"]
    assert report["extracted_images"] == 0 and report["matched_pairs"] == 0
    assert (tmp_path / "a.hfmap").read_bytes() == whole_map_part[0]


def test_what_cannot_be_filled_is_named(hfloc, tmp_path: Path) -> None:
    (tmp_path / "no.jpg").write_text("no image")
    done = hfloc("map", "cache", "fill", tmp_path / "no.jpg", "--cache", tmp_path / "c", "--step", "features")
    assert done.returncode == 2 and "no.jpg" in done.stderr
    (tmp_path / "rows.txt").write_text("0" * 64 + "\n")
    done = hfloc("map", "cache", "fill", tmp_path / "rows.txt", "--cache", tmp_path / "c", "--step", "matches")
    assert done.returncode == 2 and "fill them first" in done.stderr
    (tmp_path / "rows.txt").write_text("key\n")
    done = hfloc("map", "cache", "fill", tmp_path / "rows.txt", "--cache", tmp_path / "c", "--step", "matches")
    assert done.returncode == 65 and "rows.txt:1" in done.stderr


def test_a_map_that_goes_to_a_pipe_has_no_cache(programs: Path, map_part: Path, tmp_path: Path) -> None:
    command = [programs / "hfloc", "map", "build", map_part, "--output", "/dev/null", "--no-check", "--json"]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=300, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["cache"] is None and not Path("/dev/null.cache").exists()
