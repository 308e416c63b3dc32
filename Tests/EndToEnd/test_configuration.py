"""The configuration file, the environment and the command line: what they may say, and what is told of mistakes."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import yaml
from conftest import ROOT, SAMPLE
from service import MODEL


def test_all_mistakes_of_a_configuration_at_once(programs: Path, tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text("map: x\nspeed: 3\ncamera:\n  rate: fast\n  device: /dev/video0\nreal_time: {priority: 100}\n")
    done = subprocess.run(
        [programs / "hflocd", "--check", "--config", file], capture_output=True, text=True, check=False
    )
    assert done.returncode == 78
    lines = done.stderr.splitlines()
    assert [line.split("field '")[1].split("'")[0] for line in lines] == ["speed", "camera.rate", "real_time.priority"]
    assert all(line.startswith(f"hflocd: {file}:") and "allowed" in line for line in lines)


def test_hflocd_has_the_options_of_the_table(programs: Path) -> None:
    """What the documentation says of options is what --help says."""
    page = (ROOT / "Sources/hfloc/hfloc.docc/Configuration.md").read_text()
    options = re.findall(r"(?m)^\| `[a-z_.]+` \| `(--[a-z]+)` \|", page)
    shown = subprocess.run([programs / "hflocd", "--help"], capture_output=True, text=True, check=True).stdout
    assert len(options) > 8
    assert [option for option in options if not re.search(rf"(?m)^  {option}\b", shown)] == []


def test_environment_between_file_and_options(programs: Path, queries: Path, sample_map: Path, tmp_path: Path) -> None:
    from drive import write_camera_file

    write_camera_file(SAMPLE, tmp_path / "camera.yaml")
    file = tmp_path / "hflocd.yaml"
    file.write_text(
        f"map: nowhere\npublish: ipc://{tmp_path}/a\ncamera: {{calibration: nowhere.yaml, folder: {queries}}}\n"
    )
    environment = os.environ | {
        "HFLOC_CONFIG": str(file),
        "HFLOC_MODEL": str(MODEL),
        "HFLOC_MAP": str(tmp_path / "neither"),
    }
    command = [programs / "hflocd", "--check", "--camera", tmp_path / "camera.yaml"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 66 and str(tmp_path / "neither") in done.stderr
    done = subprocess.run([*command, "--map", sample_map], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    done = subprocess.run(
        command, env=environment | {"HFLOC_RATE": "fast"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 78 and "HFLOC_RATE" in done.stderr


def test_the_example_for_a_clone_is_right(programs: Path, sample_map: Path) -> None:
    """What README runs: the sample's camera, its images, and a configuration that hflocd takes."""
    from drive import write_camera_file

    example = ROOT / "tools/examples/hflocd.yaml"
    written = sample_map.with_name("camera.yaml")
    write_camera_file(SAMPLE, written)
    assert yaml.safe_load((example.parent / "camera.yaml").read_text()) == yaml.safe_load(written.read_text())
    command = [programs / "hflocd", "--check", "--config", example, "--map", sample_map, "--model", MODEL]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
