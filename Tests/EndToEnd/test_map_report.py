"""`hfloc map build --report`: one sound HTML file that a technician can read on a telephone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_calibrate_report import Structure


@pytest.fixture(scope="module")
def report(hfloc, map_part: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("report")
    path = folder / "a.html"
    done = hfloc("map", "build", map_part, "--output", folder / "a.hfmap", "--no-cache", "--report", path)
    assert done.returncode == 0, done.stderr
    return path.read_text()


def test_the_report_is_one_sound_file(report: str) -> None:
    structure = Structure()
    structure.feed(report)
    assert structure.open == []
    assert structure.seen["svg"] >= 5 and "script" not in structure.seen
    assert not re.search(r"""(?:src|href)=["'](?!data:)|url\((?!#)|@import""", report)
    bare = re.sub(r"base64,[^\"]*", "", report)
    assert not re.search(r"\bnan\b|\binf\b", bare), "every figure is a number"


@pytest.mark.parametrize(
    "title", ["The map from above", "Weak places", "Coverage", "Leave-one-out errors", "Loop closures", "Residuals"]
)
def test_the_report_tells_of(report: str, title: str) -> None:
    assert f"<h2>{title}</h2>" in report


def test_the_report_is_no_input(hfloc, map_part: Path, tmp_path: Path) -> None:
    """What is read is not written over, and what is written is written once."""
    for path in (map_part / "poses.txt", tmp_path / "a.hfmap"):
        done = hfloc("map", "build", map_part, "--output", tmp_path / "a.hfmap", "--report", path)
        assert done.returncode != 0 and not (tmp_path / "a.hfmap").exists()
