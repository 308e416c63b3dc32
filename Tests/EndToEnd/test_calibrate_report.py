"""`hfloc-calibrate solve`: the camera file and the report of rendered views, whatever their names."""

from __future__ import annotations

import hashlib
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import boards
import cv2
import numpy
import pytest

HOSTILE = "<script>alert('x')</script> & \"quoted\".png".replace("/", "-")
VOID = {"meta", "link", "br", "img", "input", "hr"}


class Structure(HTMLParser):
    """Fails on tags that do not match; collects what is there."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: dict[str, int] = {}
        self.titles: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen[tag] = self.seen.get(tag, 0) + 1
        self.titles += [value for name, value in attributes if name == "title" and value]
        assert not any(name.startswith("on") for name, _ in attributes), "no scripts in attributes"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen[tag] = self.seen.get(tag, 0) + 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, (tag, self.open, self.getpos())
        self.open.pop()


@pytest.fixture(scope="module")
def solved(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with images, camera.yaml and report.html."""
    folder = tmp_path_factory.mktemp("solved")
    images = folder / "images"
    images.mkdir()
    for number, view in enumerate(boards.VIEWS):
        written = cv2.imencode(".png", boards.noisy(boards.render(*view), number))[1].tobytes()
        (images / (HOSTILE if number == 3 else f"view{number:02}.png")).write_bytes(written)
    (images / "empty.png").write_bytes(
        cv2.imencode(".png", numpy.full((boards.HEIGHT, boards.WIDTH), 90, numpy.uint8))[1].tobytes()
    )
    command = [str(programs / "hfloc-calibrate"), "solve", "--board", "chessboard:9x6:25mm", str(images)]
    command += ["--output", str(folder / "camera.yaml"), "--report", str(folder / "report.html")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "camera.yaml" in done.stdout and "report.html" in done.stdout
    return folder


def test_the_camera_file_names_every_image_with_its_hash(solved: Path) -> None:
    yaml = pytest.importorskip("yaml")
    record = yaml.safe_load((solved / "camera.yaml").read_text())
    assert record["parameters"][:2] == pytest.approx([boards.K[0, 0], boards.K[1, 1]], abs=1.5)
    count = len(record["parameters"])
    covariance = numpy.array(record["covariance"])
    assert covariance.shape == (count, count)
    numpy.testing.assert_allclose(numpy.sqrt(numpy.diag(covariance)), record["standard_deviations"], rtol=1e-9)
    assert record["views"] == len(record["images"]) == len(boards.VIEWS)
    for image in record["images"]:
        assert image["blake2b"] == hashlib.blake2b(Path(image["name"]).read_bytes(), digest_size=32).hexdigest()


def test_the_report_is_one_sound_file(solved: Path) -> None:
    text = (solved / "report.html").read_text()
    structure = Structure()
    structure.feed(text)
    assert structure.open == []
    assert structure.seen["article"] == len(boards.VIEWS)
    assert structure.seen["image"] == len(boards.VIEWS), "a thumbnail of each"
    assert "script" not in structure.seen
    assert any(title.endswith(HOSTILE) for title in structure.titles)
    assert not re.search(r"""(?:src|href)=["'](?!data:)|url\((?!#)|@import""", text)
    assert "empty.png" in text and "no contrast" in text
    assert "nan" not in re.sub(r"base64,[^\"]*|[\w-]*nan\w+", "", text), "every figure is a number"


def test_hfloc_reads_the_camera_file(hfloc, solved: Path, tmp_path: Path) -> None:
    """As the daemon does: with the covariance and all; a field that is not known is refused."""
    damaged = tmp_path / "camera.yaml"
    damaged.write_text((solved / "camera.yaml").read_text() + "focal: 3\n")
    for path, word in [(solved / "camera.yaml", "none.hfmap"), (damaged, "field 'focal': unknown")]:
        done = hfloc("localize", "--map", tmp_path / "none.hfmap", "--camera", path, tmp_path / "none.jpg")
        assert done.returncode != 0 and word in done.stderr, done.stderr
