"""Runs the programs that are measured, and keeps what they answered by the content of all that it came from."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np

from .sets import Camera, Pose, PosedSet

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "Sources/Inference/Model/hfnet.safetensors"
BATCH = 200


@dataclass(frozen=True, eq=False)
class Shot:
    """A picture to localize: what the camera gives, what is said of the camera, and where it is."""

    name: str
    pixels: np.ndarray
    camera: Camera
    truth: Pose | None
    time: int = 0
    before: str = ""  # an event of a drive before this frame: restart, kill, reload


@dataclass(frozen=True)
class Refused:
    """A map that was not built, and why."""

    reason: str


class Programs:
    """The release build, and the folder of what was computed with it."""

    def __init__(self, build: Path, cache: Path, given_map: Path | None = None) -> None:
        self.hfloc, self.daemon, self.cache = build / "hfloc", build / "scripted-daemon", cache
        self.given_map = given_map
        for program in (self.hfloc, self.daemon):
            if not program.exists():
                raise SystemExit(f"measure-integrity: {program}: is missing; swift build -c release -j 2")
        for folder in ("maps", "results"):
            (cache / folder).mkdir(parents=True, exist_ok=True)
        self.environment = {**os.environ, "HFLOC_MODEL": str(MODEL)}

    @cached_property
    def digest(self) -> str:
        """Of the programs, the model and this package."""
        digest = hashlib.sha256()
        for path in [self.hfloc, self.daemon, MODEL, *sorted(Path(__file__).parent.glob("*.py"))]:
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def cached(self, *parts: object, compute: Callable[[], object]) -> object:
        """What `compute` gives (JSON), computed once for the same parts."""
        key = hashlib.sha256(json.dumps([self.digest, *parts], default=str).encode()).hexdigest()[:32]
        path = self.cache / "results" / f"{key}.json"
        if path.exists():
            return json.loads(path.read_text())
        value = compute()
        temporary = path.with_suffix(f".{os.getpid()}")
        temporary.write_text(json.dumps(value))
        temporary.replace(path)
        return value

    def build_map(self, source: Path, digest: str) -> Path | Refused:
        """The map of a folder; built once for what it holds."""
        key = hashlib.sha256(f"{self.digest} {digest}".encode()).hexdigest()[:32]
        path, refusal = self.cache / "maps" / f"{key}.hfmap", self.cache / "maps" / f"{key}.refused"
        if refusal.exists():
            return Refused(refusal.read_text())
        if path.exists():
            return path
        done = subprocess.run(
            [self.hfloc, "map", "build", source, "--output", path],
            capture_output=True,
            text=True,
            env=self.environment,
            check=False,
        )
        if done.returncode == 0:
            return path
        reason = done.stderr.strip() or f"status {done.returncode}"
        if done.returncode != 65:
            raise SystemExit(f"measure-integrity: hfloc map build {source}\n{reason}")
        refusal.write_text(reason)
        return Refused(reason)

    def map_of(self, subject: PosedSet) -> Path | Refused:
        """The map of a set as it is, or the one that was given."""
        if self.given_map:
            return self.given_map
        if subject.step is None:
            return self.build_map(subject.folder, subject.digest)
        with tempfile.TemporaryDirectory(prefix="hfloc-integrity-") as scratch:
            rows = [(f.name, f, f.pose) for f in subject.map_frames]
            subject.write_map_set(Path(scratch), rows, subject.cameras)
            return self.build_map(Path(scratch), subject.digest)

    def localize(self, map_file: Path, shots: Iterable[Shot]) -> list[dict]:
        """Each picture on its own: what `hfloc localize --format json` says of it, in their order."""
        answers: list[dict] = []
        batch: list[Shot] = []
        for shot in shots:
            batch.append(shot)
            if len(batch) == BATCH:
                answers += self._localize(map_file, batch)
                batch = []
        return answers + (self._localize(map_file, batch) if batch else [])

    def _localize(self, map_file: Path, shots: list[Shot]) -> list[dict]:
        with tempfile.TemporaryDirectory(prefix="hfloc-integrity-") as scratch:
            lines = []
            for index, shot in enumerate(shots):
                write(Path(scratch) / f"{index}.pgm", shot.pixels)
                lines.append(f"{index}.pgm {shot.camera.colmap_line()}\n")
            queries = Path(scratch) / "queries.txt"
            queries.write_text("".join(lines))
            command = [self.hfloc, "localize", "--map", map_file, "--queries", queries, "--root", scratch]
            answers = [json.loads(line) for line in self._run([*command, "--format", "json"]).splitlines()]
        if len(answers) != len(shots):
            raise SystemExit(f"measure-integrity: {len(answers)} answers to {len(shots)} images")
        return answers

    def drive(self, map_file: Path, shots: Iterable[Shot]) -> list[dict]:
        """The pictures as a drive through the daemon's own loop: the message of each."""
        with tempfile.TemporaryDirectory(prefix="hfloc-integrity-") as scratch:
            folder, events, count, camera = Path(scratch), [], 0, None
            (folder / "state").mkdir()
            for shot in shots:
                path = folder / f"{count}.pgm"
                write(path, shot.pixels)
                events += [f"{shot.before}\n"] if shot.before else []
                events.append(f"frame {shot.time} {path}\n")
                count, camera = count + 1, shot.camera
            if camera is None:
                return []
            (folder / "script").write_text("".join(events))
            (folder / "camera.yaml").write_text(camera.file())
            (folder / "hflocd.yaml").write_text(
                f"map: {map_file}\nmodel: {MODEL}\npublish: inproc://pose\nstate: {folder}/state\n"
                f"camera: {{folder: {folder}, rate: 10, calibration: camera.yaml}}\n"
            )
            messages = self._run([self.daemon, folder / "hflocd.yaml", folder / "script"]).splitlines()
        if len(messages) != count:
            raise SystemExit(f"measure-integrity: {len(messages)} messages for {count} frames")
        return [json.loads(line) for line in messages]

    def _run(self, command: list) -> str:
        done = subprocess.run(
            [str(c) for c in command], capture_output=True, text=True, env=self.environment, check=False
        )
        if done.returncode:
            raise SystemExit(f"measure-integrity: {' '.join(map(str, command))}\n{done.stderr.strip()}")
        return done.stdout


def write(path: Path, pixels: np.ndarray) -> None:
    """As PGM, which costs nothing."""
    if not cv2.imwrite(str(path), pixels):
        raise SystemExit(f"measure-integrity: cannot write {path}")
