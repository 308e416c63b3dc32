"""Who may connect: keys, and addresses that need them."""

from __future__ import annotations

import os
import re
import socket as sockets
import subprocess
from pathlib import Path

import zmq
from conftest import SAMPLE
from drive import write_camera_file
from service import MODEL, PATIENCE


def test_keys(wire, hfloc, protocol, tmp_path: Path) -> None:
    """Beyond this machine: the right key is let in; a wrong one, none, and plain text are not."""
    for name in ("daemon", "friend", "stranger"):
        made = hfloc("keys", "generate", tmp_path / name)
        assert made.returncode == 0 and re.fullmatch(r"\S{40}\n", made.stdout), made.stderr
    assert (tmp_path / "daemon.secret").stat().st_mode & 0o777 == 0o600
    assert hfloc("keys", "generate", tmp_path / "daemon").returncode == 73, "an existing key is never replaced"
    (tmp_path / "clients").write_text(f"; who may listen\n{(tmp_path / 'friend.public').read_text().strip()} planner\n")
    with sockets.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    service = wire("security: {secret_key: daemon.secret, allow: clients}\n")
    service.close()
    configuration = tmp_path / "configuration.yaml"
    configuration.write_text(
        configuration.read_text().replace(
            f"publish: ipc://{tmp_path}/pose", f"publish: ['ipc://{tmp_path}/pose', 'tcp://0.0.0.0:{port}']"
        )
    )
    service.process = subprocess.Popen([*service.process.args], stderr=subprocess.DEVNULL)
    service.context = zmq.Context()
    service.wait_localized(protocol)  # ipc needs no key

    def key(name: str) -> bytes:
        return (tmp_path / name).read_text().split()[0].encode()

    def heard(secret: str | None, server: str = "daemon.public", patience: float = 1.5) -> bool:
        options = (
            {}
            if secret is None
            else {
                "curve_secretkey": key(secret),
                "curve_publickey": zmq.curve_public(key(secret)),
                "curve_serverkey": key(server),
            }
        )
        subscriber = service.subscribe(f"tcp://127.0.0.1:{port}", timeout=int(1000 * patience), **options)
        try:
            return bool(protocol.localization.Localization.FromString(subscriber.recv()).sequence)
        except zmq.Again:
            return False
        finally:
            subscriber.close()

    assert heard("friend.secret", patience=PATIENCE)
    assert not heard("stranger.secret")
    assert not heard(None)
    assert not heard("friend.secret", "stranger.public")
    listen = ("listen", f"tcp://127.0.0.1:{port}", "--count", 2, "--server-key", tmp_path / "daemon.public", "--key")
    assert hfloc(*listen, tmp_path / "friend.secret", "--timeout", PATIENCE).returncode == 0
    assert hfloc(*listen, tmp_path / "stranger.secret", "--timeout", 3).returncode == 69


def test_the_key_is_a_credential_of_systemd(wire, hfloc, protocol, tmp_path: Path) -> None:
    """Where the configuration names none: the file that LoadCredential= or SetCredential= gives, or what is wrong with
    it.
    """
    for name in ("daemon", "friend"):
        assert hfloc("keys", "generate", tmp_path / name).returncode == 0
    (tmp_path / "clients").write_text((tmp_path / "friend.public").read_text())
    with sockets.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    key = tmp_path / "credentials/hfloc.curve"
    key.parent.mkdir()
    key.write_text((tmp_path / "daemon.secret").read_text())
    key.chmod(0o400)
    credentials = {"CREDENTIALS_DIRECTORY": str(key.parent)}
    service = wire("security: {allow: clients}\n", **credentials)
    service.wait_localized(protocol)
    service.close()
    configuration = tmp_path / "configuration.yaml"
    configuration.write_text(re.sub(r"(?m)^record: .*$", f"record: tcp://0.0.0.0:{port}", configuration.read_text()))

    def start(**environment: str) -> subprocess.Popen[str]:
        clean = {name: value for name, value in os.environ.items() if name != "CREDENTIALS_DIRECTORY"}
        return subprocess.Popen([*service.process.args], env=clean | environment, stderr=subprocess.PIPE, text=True)

    service.process = start(**credentials)
    keys = ("--server-key", tmp_path / "daemon.public", "--key", tmp_path / "friend.secret")
    heard = hfloc("listen", f"tcp://127.0.0.1:{port}", "--count", 1, "--timeout", PATIENCE, *keys)
    assert heard.returncode == 0, heard.stderr
    service.process.kill()
    service.process.communicate()

    def refusal(**environment: str) -> tuple[int, str]:
        process = start(**environment)
        text = process.communicate(timeout=PATIENCE)[1]
        return process.returncode, text

    code, text = refusal()
    assert code == 78 and "systemd credential hfloc.curve" in text, text
    code, text = refusal(CREDENTIALS_DIRECTORY=str(tmp_path))
    assert code == 66 and f"{tmp_path}/hfloc.curve" in text, text
    key.chmod(0o404)
    code, text = refusal(**credentials)
    assert code == 78 and "chmod 640" in text, text
    key.chmod(0o600)
    key.write_text("a-secret\n")
    code, text = refusal(**credentials)
    assert code == 78 and "not a key" in text, text


def test_addresses_are_refused_with_their_line(programs: Path, sample_map: Path, queries: Path, tmp_path: Path) -> None:
    write_camera_file(SAMPLE, tmp_path / "camera.yaml")
    lines = [
        f"map: {sample_map}",
        f"model: {MODEL}",
        f"publish: ipc://{tmp_path}/x",
        f"camera: {{folder: {queries}, calibration: camera.yaml}}",
    ]
    cases = [
        (["record: tcp://0.0.0.0:5557"], 5, "record"),
        (["", "control: tcp://127.0.0.1:5557"], 6, "control"),
        (["odometry: ipc:///run/x"], 5, "odometry"),
        (
            ["vehicle:", "  base_from_camera: {translation: [0, 0, 0], rotation: [2, 0, 0, 0]}"],
            6,
            "vehicle.base_from_camera.rotation",
        ),
        (
            ["vehicle:", "  base_from_camera: {translation: [0, 0], rotation: [1, 0, 0, 0]}"],
            6,
            "vehicle.base_from_camera.translation",
        ),
    ]
    for extra, line, field in cases:
        (tmp_path / "c.yaml").write_text("\n".join(lines + extra) + "\n")
        done = subprocess.run(
            [str(programs / "hflocd"), "--check", "--config", str(tmp_path / "c.yaml")],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 78 and f"c.yaml:{line}: field '{field}'" in done.stderr, done.stderr
