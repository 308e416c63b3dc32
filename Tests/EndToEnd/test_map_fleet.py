"""`tools/map-fleet`: the bytes of one machine's map, whatever becomes of the workers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import DAY, ROOT, entries

pytest.importorskip("distributed", reason="tools/check-slow fleet installs it")
import psutil


def start(programs: Path, map_part: Path, output: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, ROOT / "tools/map-fleet", map_part, "--output", output, "--hfloc", programs / "hfloc"]
    command += ["--workers", "2", "--shard", "2", *options, "--", "--no-check"]
    return subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=DAY)


@pytest.mark.parametrize("way", ["--shared", "--carried"])
def test_a_worker_that_is_killed_costs_its_shard(
    way: str,
    programs: Path,
    map_part: Path,
    whole_map_part: tuple[bytes, set[str]],
    tmp_path: Path,
) -> None:
    expected, every = whole_map_part
    output = tmp_path / "a.hfmap"
    process = start(programs, map_part, output, way)
    cache = Path(f"{output}.cache")
    # Half way: a worker that is at a shard is the parent of an hfloc.
    killed = None
    while killed is None and process.poll() is None:
        time.sleep(0.005)
        if len(entries(cache)) < len(every) // 2:
            continue
        for child in psutil.Process(process.pid).children(recursive=True):
            try:
                if "fill" in child.cmdline() and child.parent().pid != process.pid:
                    killed = child.parent().pid
                    os.kill(killed, signal.SIGKILL)
                    break
            except psutil.NoSuchProcess:
                continue
    out, said = process.communicate(timeout=300)
    assert process.returncode == 0, said
    assert killed is not None
    report = json.loads(out)
    assert report["images"] == 12 and report["shards"] == 12
    assert report["shards_done_twice"] <= 1, said
    assert output.read_bytes() == expected
    assert entries(cache) == every
    moved = report["sent_bytes_per_image"], report["received_bytes_per_image"]
    assert (moved == (0, 0)) == (way == "--shared")


def test_a_shard_that_fails_again_and_again_is_named(programs: Path, map_part: Path, tmp_path: Path) -> None:
    process = start(programs, map_part, tmp_path / "a.hfmap", "--keypoints", "1")
    _, said = process.communicate(timeout=300)
    assert process.returncode != 0 and "keypoints" in said
