"""Peers that connect, and connect, and connect; and too few file descriptors for anything."""

from __future__ import annotations

import re
import resource
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest
import zmq
from conftest import SAMPLE
from drive import write_camera_file
from service import MODEL, PATIENCE

FLOOD = 1200


def limit(descriptors: int):
    """For a process that is about to be started: no more descriptors than these."""
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))


@pytest.fixture
def many_descriptors():
    """For this process, which holds the other ends."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.fixture
def daemon(programs: Path, sample_map: Path, round_trip: Path, tmp_path: Path):
    """Starts hflocd with every endpoint, and so many descriptors."""
    write_camera_file(SAMPLE, tmp_path / "camera.yaml")
    started: list[subprocess.Popen] = []

    def run(descriptors: int, endpoints: dict[str, str]) -> subprocess.Popen:
        (tmp_path / "configuration.yaml").write_text(
            f"map: {sample_map}\nmodel: {MODEL}\n"
            + "".join(f"{name}: {address}\n" for name, address in endpoints.items())
            + ("vehicle: {base_from_camera: {translation: [0, 0, 0], rotation: [1, 0, 0, 0]}}\n")
            + f"camera: {{folder: {round_trip}, rate: 10, loop: true, calibration: camera.yaml}}\n"
        )
        journal = (tmp_path / "journal").open("w")
        command = [str(programs / "hflocd"), "--config", str(tmp_path / "configuration.yaml")]
        started.append(subprocess.Popen(command, stderr=journal, preexec_fn=limit(descriptors)))
        return started[-1]

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def connect(address: str) -> socket.socket:
    if address.startswith("ipc://"):
        peer = socket.socket(socket.AF_UNIX)
        target: object = address.removeprefix("ipc://")
    else:
        peer = socket.socket()
        target = ("127.0.0.1", int(address.rsplit(":", 1)[1]))
    peer.settimeout(PATIENCE)
    end = time.monotonic() + PATIENCE
    while True:
        try:
            peer.connect(target)
            return peer
        except BlockingIOError:  # the listener has as many waiting as it may
            assert time.monotonic() < end
            time.sleep(0.001)


def ask(protocol, address: str, process: subprocess.Popen):
    """The status, from a client that tries again until it is let in."""
    end = time.monotonic() + PATIENCE
    with zmq.Context() as context:
        while True:
            assert time.monotonic() < end and process.poll() is None
            with context.socket(zmq.DEALER) as asker:
                asker.linger, asker.rcvtimeo, asker.reconnect_ivl = 0, 2000, 50
                asker.connect(address)
                asker.send(protocol.control.ControlRequest(request_id=1, get_status={}).SerializeToString())
                try:
                    return protocol.control.ControlReply.FromString(asker.recv()).status
                except zmq.Again:
                    continue


@pytest.mark.parametrize("flooded", ["publish", "control", "record", "json", "odometry", "publish over tcp"])
def test_a_flood_of_connections_is_borne(daemon, protocol, many_descriptors, tmp_path: Path, flooded: str) -> None:
    names = ("publish", "control", "record", "json", "odometry")
    endpoints = {name: f"ipc://{tmp_path}/{name}" for name in names}
    if flooded.endswith("tcp"):
        flooded = "publish"
        endpoints[flooded] = f"tcp://127.0.0.1:{free_port()}"
    process = daemon(1024, endpoints)
    ask(protocol, endpoints["control"], process)
    with zmq.Context() as context, context.socket(zmq.SUB) as listener:
        listener.linger, listener.rcvtimeo = 0, PATIENCE * 1000
        listener.subscribe(b"")
        listener.connect(endpoints["publish"])
        first = protocol.localization.Localization.FromString(listener.recv())
        flood = [connect(endpoints[flooded]) for _ in range(FLOOD)]
        # Who was there is still served, without a gap.
        sequences = [protocol.localization.Localization.FromString(listener.recv()).sequence for _ in range(20)]
        assert sequences == list(range(sequences[0], sequences[0] + 20)) and sequences[0] > first.sequence
        if flooded != "control":
            status = ask(protocol, endpoints["control"], process)
            kind = protocol.status.Problem.KIND_TOO_MANY_CONNECTIONS
            texts = [p.text for p in status.problems if p.kind == kind]
            assert len(texts) == 1 and texts[0].startswith(endpoints[flooded]), status.problems
        for peer in flood:
            peer.close()
        # The places are free again.
        for name in ("publish", "record", "control"):
            if name == "control":
                ask(protocol, endpoints[name], process)
                continue
            with context.socket(zmq.SUB) as late:
                late.linger, late.rcvtimeo, late.reconnect_ivl = 0, PATIENCE * 1000, 50
                late.subscribe(b"")
                late.connect(endpoints[name])
                late.recv()
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=PATIENCE) == 0


@pytest.mark.parametrize("endpoint_names", [("publish",), ("publish", "control", "record", "json", "odometry")])
def test_too_few_descriptors_are_refused_and_never_an_abort(daemon, protocol, tmp_path: Path, endpoint_names) -> None:
    endpoints = {name: f"ipc://{tmp_path}/{name}" for name in endpoint_names}
    ran = 0
    for descriptors in [*range(8, 130, 1 if len(endpoints) == 1 else 3), 160, 256]:
        process = daemon(descriptors, endpoints)
        end = time.monotonic() + PATIENCE
        while process.poll() is None and "listen" not in said(tmp_path) and not is_served(tmp_path):
            assert time.monotonic() < end
            time.sleep(0.005)
        if process.poll() is None:
            ran += 1
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=PATIENCE) == 0, (descriptors, said(tmp_path))
        else:
            assert process.returncode in (69, 71, 74, 78), (descriptors, process.returncode, said(tmp_path))
            assert re.search(r"descriptors|open files", said(tmp_path)), (descriptors, said(tmp_path))
            assert ran == 0, f"{descriptors} are too few, and less were enough"
    assert ran >= 3


def said(folder: Path) -> str:
    return (folder / "journal").read_text()


def is_served(folder: Path) -> bool:
    """Somebody listens at the first endpoint."""
    try:
        connect(f"ipc://{folder}/publish").close()
    except OSError:
        return False
    return True
