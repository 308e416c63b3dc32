"""A map file that changes while it is used: poses stay right, or stop and say why; nothing crashes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import struct
import subprocess
import time
from pathlib import Path

import pytest
import zmq
from conftest import SAMPLE
from service import MODEL, PATIENCE, poses, position
from test_bad_input import camera, first_query


def header(path: Path) -> tuple[dict, int]:
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    return json.loads(data[8 : 8 + length]), length


def with_metadata(path: Path, target: Path, **changes: str) -> Path:
    """A copy of a container with some metadata changed, and the header's length as it was."""
    content, length = header(path)
    content["__metadata__"] |= changes
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode().ljust(length)
    assert len(text) == length
    target.write_bytes(path.read_bytes()[:8] + text + path.read_bytes()[8 + length :])
    return target


def with_wrong_landmarks(path: Path, target: Path) -> Path:
    """A copy of a map, of the same size and with the same header, whose landmarks are all elsewhere."""
    content, length = header(path)
    begin, end = content["landmarks.position"]["data_offsets"]
    data = bytearray(path.read_bytes())
    values = struct.unpack(f"<{(end - begin) // 8}d", data[8 + length + begin : 8 + length + end])
    data[8 + length + begin : 8 + length + end] = struct.pack(f"<{len(values)}d", *[value + 5 for value in values])
    target.write_bytes(data)
    return target


@pytest.fixture
def used(wire, sample_map: Path, tmp_path: Path):
    """A daemon on its own copy of the sample's map."""

    def run(extra: str = ""):
        shutil.copy(sample_map, tmp_path / "used.hfmap")
        service = wire(extra, HFLOC_MAP=str(tmp_path / "used.hfmap"))
        return service, tmp_path / "used.hfmap"

    return run


def overwrite(source: Path, target: Path) -> None:
    """As cp does: into the file that is there."""
    inode = target.stat().st_ino
    subprocess.run(["cp", source, target], check=True)
    assert target.stat().st_ino == inode


def overwrite_without_cutting(source: Path, target: Path) -> None:
    """As rsync --inplace does: the file keeps its size all the time."""
    with target.open("r+b") as file:
        file.write(source.read_bytes())


def test_a_small_map_is_the_daemons_own(used, protocol, sample_map: Path, tmp_path: Path) -> None:
    """cp of wrong, shorter and no maps over the file in use, again and again: the poses go on, and are right."""
    service, path = used()
    service.wait_localized(protocol)
    before = poses(protocol.localization, service.address("pose"), 45)
    wrong = with_wrong_landmarks(sample_map, tmp_path / "wrong.hfmap")
    short, text = tmp_path / "short.hfmap", tmp_path / "text.hfmap"
    short.write_bytes(sample_map.read_bytes()[:100_000])
    text.write_text("no map\n")
    for _ in range(3):
        for source in (wrong, short, text, sample_map):
            overwrite(source, path)
            time.sleep(0.1)
    overwrite(wrong, path)
    after = poses(protocol.localization, service.address("pose"), 45)
    places = [position(m) for m in before]
    for message in after:
        nearest = min(sum((a - b) ** 2 for a, b in zip(position(message), place, strict=True)) for place in places)
        assert nearest < 0.01, "a pose of the map that was written over it"
    status = service.ask(protocol, get_status={}).status
    assert status.state == protocol.localization.STATE_LOCALIZED
    assert protocol.status.Problem.KIND_BAD_MAP not in [problem.kind for problem in status.problems]
    refused = service.ask(protocol, load_map={"path": str(path)})
    assert not refused.ok and str(path) in refused.error, "what was written over it is no good map"
    assert service.process.poll() is None


def test_a_large_map_is_out_of_use_while_its_file_is_wrong(used, protocol, sample_map: Path, tmp_path: Path) -> None:
    service, path = used("map_memory: 0\n")
    service.wait_localized(protocol)
    bad_map = protocol.status.Problem.KIND_BAD_MAP
    state = protocol.localization.STATE_BAD_MAP
    prior = {"position": {}, "orientation": {"w": 1}, "position_sigma_m": 1, "rotation_sigma_rad": 1}
    for wrong in (
        with_metadata(sample_map, tmp_path / "damaged.hfmap", input_long_side="320"),
        with_wrong_landmarks(sample_map, tmp_path / "wrong.hfmap"),
    ):
        overwrite_without_cutting(wrong, path)
        service.wait_status(protocol, lambda status: status.state == state)
        status = service.ask(protocol, get_status={}).status
        assert str(path) in "".join(p.text for p in status.problems if p.kind == bad_map), status.problems
        assert not status.place.cached and not service.ask(protocol, set_prior=prior).ok
        time.sleep(3)
        status = service.ask(protocol, get_status={}).status
        assert status.state == state, "the file was tried, and refused"
        assert bad_map in [p.kind for p in status.problems]
        overwrite_without_cutting(sample_map, path)
        service.wait_localized(protocol)
        service.wait_status(protocol, lambda status: bad_map not in [p.kind for p in status.problems])
    journal = service.journal()
    # Once when it is seen, once with the state.
    assert journal.count("written over the map in use") == 4 and "no map is in use" in journal, journal
    # Renaming is how a map in use is replaced: nothing happens, and the new one is there when it is loaded.
    shutil.copy(sample_map, tmp_path / "new.hfmap")
    (tmp_path / "new.hfmap").rename(path)
    time.sleep(2.5)
    assert service.ask(protocol, get_status={}).status.state == protocol.localization.STATE_LOCALIZED
    assert service.ask(protocol, load_map={"path": str(path)}).ok
    assert service.journal().count("written over the map in use") == 4 and service.process.poll() is None


def test_a_large_map_that_is_cut_short_ends_the_daemon_with_a_line(used, protocol) -> None:
    service, path = used("map_memory: 0\n")
    service.wait_localized(protocol)
    os.truncate(path, 4096)
    assert service.process.wait(timeout=PATIENCE) == 65, service.journal()
    assert "SIGBUS" in service.journal() and "hfloc map install" in service.journal()


def test_a_program_whose_mapped_page_is_gone_ends_with_a_line(programs: Path, tmp_path: Path) -> None:
    """SIGBUS, sent: where a mapped page is gone the kernel sends the same."""
    publisher = zmq.Context.instance().socket(zmq.XPUB)
    publisher.bind(f"ipc://{tmp_path}/pose")
    process = subprocess.Popen(
        [programs / "hfloc", "listen", f"ipc://{tmp_path}/pose"], stderr=subprocess.PIPE, text=True
    )
    assert publisher.poll(PATIENCE * 1000), "it listens"
    process.send_signal(signal.SIGBUS)
    assert process.wait(timeout=PATIENCE) == 65
    line = process.stderr.read()
    assert line.startswith("hfloc: ") and line.count("\n") == 1, line
    publisher.close(linger=0)


def test_map_install(hfloc, sample_map: Path, tmp_path: Path) -> None:
    target = tmp_path / "used.hfmap"
    target.write_text("the old one")
    target.chmod(0o640)
    inode = target.stat().st_ino
    wrong = with_wrong_landmarks(sample_map, tmp_path / "wrong.hfmap")
    for source, code in ((wrong, 65), (tmp_path / "none", 66), (target, 64)):
        done = hfloc("map", "install", source, target)
        assert done.returncode == code and done.stderr.count("\n") == 1, (source, done.stderr)
        assert target.read_text() == "the old one"
    done = hfloc("map", "install", sample_map, target)
    assert done.returncode == 0 and str(target) in done.stdout, done.stderr
    assert target.read_bytes() == sample_map.read_bytes() and target.stat().st_ino != inode
    assert target.stat().st_mode & 0o777 == 0o640
    assert hfloc("map", "install", sample_map, tmp_path / "new.hfmap").returncode == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["new.hfmap", "used.hfmap", "wrong.hfmap"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("input_long_side", "320"), ("covisibility_minimum_shared", "16"), ("model_id", "0" * 64),
        ("provenance.source", "forged"), ("something.new", "1"), ("bounding_box", "[0, 0, 0, 1, 1, 1]"),
    ],
)  # fmt: skip
def test_metadata_belongs_to_a_maps_identity(hfloc, sample_map: Path, tmp_path: Path, key: str, value: str) -> None:
    content, length = header(sample_map)
    content["__metadata__"][key] = value
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
    text = text.ljust(len(text) + -(len(text) + 8) % 64)
    path = tmp_path / "forged.hfmap"
    path.write_bytes(struct.pack("<Q", len(text)) + text + sample_map.read_bytes()[8 + length :])
    for command in (
        ["map", "verify", path], ["map", "info", path], ["map", "install", path, tmp_path / "x"],
        ["localize", first_query(), "--camera", camera(), "--model", MODEL, "--map", path],
    ):  # fmt: skip
        done = hfloc(*command)
        assert done.returncode == 65 and "map_id" in done.stderr, (command, done.returncode, done.stderr)


def test_metadata_belongs_to_a_models_identity(hfloc, sample_map: Path, tmp_path: Path) -> None:
    for key, value in (("detection_threshold", "0.5"), ("input_long_side", "320"), ("name", "x")):
        content, length = header(MODEL)
        content["__metadata__"][key] = value
        text = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
        text = text.ljust(len(text) + -(len(text) + 8) % 64)
        path = tmp_path / "forged.safetensors"
        path.write_bytes(struct.pack("<Q", len(text)) + text + MODEL.read_bytes()[8 + length :])
        done = hfloc("localize", first_query(), "--camera", camera(), "--model", path, "--map", sample_map)
        assert done.returncode == 65 and "model_id" in done.stderr, (key, done.stderr)


def test_maps_of_version_1_still_open(hfloc) -> None:
    path = Path(SAMPLE).parents[0] / "ReferenceMapTests/Version1/map.hfmap"
    done = hfloc("map", "verify", path)
    assert done.returncode == 0, done.stderr
    # Its model was another: that is refused, and named.
    done = hfloc("localize", first_query(), "--camera", camera(), "--model", MODEL, "--map", path)
    assert done.returncode == 65 and "the map was made with model 0c2f8fb25cc5" in done.stderr, done.stderr
