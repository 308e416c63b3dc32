"""`hfloc-calibrate live` with a fake camera that shows a board: its page in a browser, its server, its terminal."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import boards
import pytest
from browser import Browser
from service import PATIENCE

BOARD = f"chessboard:{boards.COLUMNS}x{boards.ROWS}:25mm"
#: Where to keep the screenshots, to look at.
PICTURES = os.environ.get("HFLOC_SCREENSHOTS")


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return boards.fake_camera(tmp_path_factory.mktemp("camera"), frames_per_view=18, rate=15)


class Live:
    """A running `hfloc-calibrate live` with its page."""

    def __init__(self, program: Path, folder: Path, environment: dict[str, str], *arguments: str) -> None:
        self.folder = folder
        command = [str(program), "live", "--board", BOARD, "--device", "/dev/fake-camera", "--listen", "127.0.0.1:0"]
        command += ["--output", str(folder / "camera.yaml"), "--report", str(folder / "report.html"), *arguments]
        self.process = subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        assert found, line
        self.url, self.port = found.group(), int(found.group(1))

    def state(self) -> dict:
        with urllib.request.urlopen(self.url + "state", timeout=PATIENCE) as answer:
            return json.load(answer)

    def wait(self, condition) -> dict:
        end = time.monotonic() + 2 * PATIENCE
        while not condition(state := self.state()):
            assert time.monotonic() < end, state
            time.sleep(0.2)
        return state

    def post(self, path: str, **headers: str) -> int:
        headers = {"Origin": self.url.rstrip("/")} | headers
        request = urllib.request.Request(self.url + path, method="POST", data=b"", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def raw(self, request: bytes) -> bytes:
        """What the server says to these bytes, at most one reading."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as client:
            client.sendall(request)
            return client.recv(1 << 16)

    def close(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(timeout=PATIENCE)
        finally:
            if self.process.poll() is None:
                self.process.kill()


@pytest.fixture
def live(programs: Path, tmp_path: Path, camera: dict[str, str]) -> Iterator[Live]:
    running = Live(programs / "hfloc-calibrate", tmp_path, camera)
    yield running
    running.close()


def test_the_views_of_another_session_are_not_replaced(programs: Path, tmp_path: Path) -> None:
    """Its images would be taken for this one's by `solve`."""
    (tmp_path / "view1.pgm").write_bytes(b"P5 1 1 255\n0")
    command = [programs / "hfloc-calibrate", "live", "--board", BOARD, "--images", tmp_path]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 73 and "holds images already (view1.pgm)" in done.stderr, done.stderr


def check_result(folder: Path, hfloc_calibrate: Path) -> None:
    """The camera file holds the camera that rendered the boards."""
    done = subprocess.run(
        [str(hfloc_calibrate), "convert", str(folder / "camera.yaml"), "-", "--to", "colmap"],
        capture_output=True,
        text=True,
        check=True,
    )
    _, _, width, height, fx, fy, cx, cy, *_ = done.stdout.splitlines()[-1].split()
    assert (int(width), int(height)) == (boards.WIDTH, boards.HEIGHT)
    assert float(fx) == pytest.approx(boards.K[0, 0], abs=1.5)
    assert float(fy) == pytest.approx(boards.K[1, 1], abs=1.5)
    assert float(cx) - 0.5 == pytest.approx(boards.K[0, 2], abs=1.5)
    assert float(cy) - 0.5 == pytest.approx(boards.K[1, 2], abs=1.5)
    text = (folder / "camera.yaml").read_text()
    assert BOARD in text and "covariance:" in text and "blake2b:" in text and "/dev/fake-camera" in text
    assert '"focus_automatic_continuous": 0' in text and '"focus_absolute": 30' in text and '"auto_exposure": 1' in text
    report = (folder / "report.html").read_text()
    assert not re.search(r"""(?:src|href)=["'](?!data:)""", report), "a report needs nothing from elsewhere"
    assert "<script" not in report


def picture(browser: Browser, name: str, whole: bool = False) -> None:
    if PICTURES:
        browser.screenshot(Path(PICTURES) / f"{name}.png", whole)


#: Upright and on its side, CSS pixels; a small one as well.
TELEPHONES = ((390, 844), (844, 390), (375, 667))


#: The page is no wider than the window. Waited for, as what follows: a resized page is laid out when the browser likes.
FITS = "document.documentElement.scrollWidth <= innerWidth"


def visible(element: str) -> str:
    """An element lies within the window as a whole."""
    return (
        f"(r => r.top >= 0 && r.bottom <= innerHeight + 1 && r.width > 0)"
        f"(document.getElementById('{element}').getBoundingClientRect())"
    )


def test_a_person_with_a_browser(live: Live, programs: Path) -> None:
    try:
        browser = Browser()
    except FileNotFoundError:
        pytest.skip("chromium is not installed; tools/check-slow calibrate installs it")
    try:
        browser.open(live.url)
        browser.wait("document.body?.dataset.phase === 'collecting'")
        browser.wait("document.getElementById('video').naturalWidth === 640")
        browser.wait("document.querySelectorAll('#corners circle').length === 54")
        browser.wait("Number(document.getElementById('viewsText').textContent.split(' ')[0]) >= 2")
        early = browser.evaluate("['views', 'position', 'tilt'].map(id => document.getElementById(id).offsetWidth)")
        outline = browser.evaluate("document.getElementById('next').getAttribute('points').split(' ').length")
        assert outline == 4
        picture(browser, "live-early")
        browser.wait("document.getElementById('uncertainty').textContent !== '–'")
        browser.wait("Number(document.getElementById('viewsText').textContent.split(' ')[0]) >= 12")
        late = browser.evaluate("['views', 'position', 'tilt'].map(id => document.getElementById(id).offsetWidth)")
        assert all(b > a for a, b in zip(early, late)), (early, late)
        assert (
            browser.evaluate(
                "[...document.querySelectorAll('#heat rect')].filter(r => r.getAttribute('opacity') > 0).length"
            )
            > 40
        )
        picture(browser, "live-late")
        browser.dark(True)
        picture(browser, "live-dark")
        browser.dark(False)
        browser.evaluate("document.getElementById('finish').click()")
        browser.wait("document.body.dataset.phase === 'done'")
        browser.wait("!document.getElementById('done').hidden")
        picture(browser, "live-done")
        assert browser.errors() == []
        assert all(url.startswith(live.url) for url in browser.requests()), browser.requests()
        check_result(live.folder, programs / "hfloc-calibrate")
        for width, height in TELEPHONES:
            browser.resize(width, height)
            for condition in (f"innerWidth === {width}", FITS, visible("video"), visible("done")):
                browser.wait(condition)
            picture(browser, f"live-{width}x{height}")
        browser.open(live.url + "report.html")
        browser.wait("document.querySelectorAll('article').length >= 12")
        for width, height in TELEPHONES:
            browser.resize(width, height)
            browser.wait(f"innerWidth === {width}")
            browser.wait(FITS)
            picture(browser, f"report-{width}x{height}", whole=True)
        browser.resize(1180, 860)
        assert browser.evaluate("[...document.images].every(i => i.complete)")
        assert browser.errors() == []
        picture(browser, "report", whole=True)
        browser.dark(True)
        picture(browser, "report-dark", whole=True)
    finally:
        browser.close()
    assert live.close() == 0


def test_the_server_alone(live: Live, programs: Path) -> None:
    """All that the page uses, without a browser; and what a hostile page or program may try."""
    live.wait(lambda s: s["phase"] == "collecting")
    host = f"Host: 127.0.0.1:{live.port}\r\n"
    for request, status in [
        (f"GET / HTTP/1.1\r\n{host}\r\n", 200),
        (f"HEAD / HTTP/1.1\r\n{host}\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403),
        ("GET / HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\n\r\n", 403),
        ("GET / HTTP/1.1\r\n\r\n", 403),
        (f"GET /../etc/passwd HTTP/1.1\r\n{host}\r\n", 404),
        (f"GET /report.html HTTP/1.1\r\n{host}\r\n", 404),
        (f"DELETE / HTTP/1.1\r\n{host}\r\n", 405),
        (f"POST /finish HTTP/1.1\r\n{host}\r\n", 403),
        (f"POST /finish HTTP/1.1\r\n{host}Origin: http://evil.example\r\n\r\n", 403),
        (f"POST /finish HTTP/1.1\r\n{host}Content-Length: 99999\r\n\r\n", 431),
        (f"POST /nothing HTTP/1.1\r\n{host}Origin: http://127.0.0.1:{live.port}\r\n\r\n", 404),
        (f"GET / HTTP/1.1\r\n{host}X: {'y' * 9000}\r\n\r\n", 431),
        ("nonsense\r\n\r\n", 400),
        (f"GET / HTTP/2\r\n{host}\r\n", 400),
        (f"GET / HTTP/1.1\r\n{host}Content-Length: -1\r\n\r\n", 400),
    ]:
        answer = live.raw(request.encode())
        assert answer.startswith(b"HTTP/1.1 %d" % status), (request, answer[:80])
    # 24 come at once, while the server cannot take any: none may be left to the kernel's second try.
    live.process.send_signal(signal.SIGSTOP)
    try:
        idle = [socket.create_connection(("127.0.0.1", live.port), timeout=PATIENCE) for _ in range(24)]
    finally:
        live.process.send_signal(signal.SIGCONT)
    answers = [client.recv(100)[:12] for client in idle]
    refused = answers.count(b"HTTP/1.1 503")
    assert refused >= 24 - 16 and answers.count(b"") == 24 - refused, answers
    for client in idle:
        client.close()
    state = live.wait(lambda s: len(s["views"]) >= 1)
    assert len(state["corners"]) in (0, 54)
    assert live.post("undo") == 200
    live.wait(lambda s: len(s["views"]) >= 8 and s["result"])
    assert live.post("finish") == 200
    done = live.wait(lambda s: s["phase"] == "done")
    assert done["result"]["rms"] < 0.3
    check_result(live.folder, programs / "hfloc-calibrate")
    assert live.close() == 0


def test_too_few_views_are_refused_and_more_may_follow(live: Live) -> None:
    live.wait(lambda s: len(s["views"]) >= 1)
    assert live.post("finish") == 200
    state = live.wait(lambda s: s["problem"])
    assert state["phase"] in ("collecting", "solving") and "needed" in state["problem"]
    live.wait(lambda s: s["phase"] == "collecting")
    assert not (live.folder / "camera.yaml").exists()
    assert live.close() == 69


def test_the_terminal(programs: Path, tmp_path: Path, camera: dict[str, str]) -> None:
    """Bars and hints without a browser; the key f finishes."""
    master, slave = pty.openpty()
    command = [
        str(programs / "hfloc-calibrate"),
        "live",
        "--board",
        BOARD,
        "--device",
        "/dev/fake-camera",
        "--terminal",
    ]
    command += ["--output", str(tmp_path / "camera.yaml"), "--report", str(tmp_path / "report.html")]
    process = subprocess.Popen(command, env=os.environ | camera, stdin=slave, stdout=slave)
    os.close(slave)
    seen, end, asked = "", time.monotonic() + 2 * PATIENCE, False
    try:
        while process.poll() is None:
            assert time.monotonic() < end, seen[-2000:]
            try:
                seen += os.read(master, 1 << 16).decode(errors="replace")
            except OSError:
                break
            views = re.findall(r"views +\[[#.]{20}\] (\d+)", seen)
            if views and int(views[-1]) >= 10 and not asked:
                os.write(master, b"f")
                asked = True
        assert process.wait(timeout=PATIENCE) == 0, seen[-2000:]
    finally:
        process.kill()
        os.close(master)
    assert "Hold the board in the middle" in seen and "uncertainty" in seen and "Written:" in seen
    check_result(tmp_path, programs / "hfloc-calibrate")


def test_a_camera_that_is_not_there(programs: Path, tmp_path: Path) -> None:
    output = ["--output", str(tmp_path / "camera.yaml"), "--report", str(tmp_path / "report.html")]
    program = str(programs / "hfloc-calibrate")
    for arguments, code, word in [
        (["--board", BOARD, "--device", "/dev/null", *output], 69, "not a V4L2 device"),
        (["--board", BOARD, "--device", "/dev/null", "--listen", "somewhere", *output], 64, "--listen"),
        (["--board", "chess", *output], 64, "board"),
        (["--board", BOARD, "--output", "/nonexistent/x.yaml"], 73, "/nonexistent/x.yaml"),
    ]:
        done = subprocess.run(
            [program, "live", *arguments], capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        assert done.returncode == code and word in done.stderr, done
        assert len(done.stderr.strip().splitlines()) == 1


def test_a_driver_that_never_returns(programs: Path, tmp_path: Path, camera: dict[str, str]) -> None:
    """The page says so, and a signal ends the program."""
    running = Live(programs / "hfloc-calibrate", tmp_path, camera | {"FAKE_CAMERA_FAULT": "hang@20"})
    try:
        state = running.wait(lambda state: "does not answer" in state["detail"])
        assert state["hint"] == "Waiting for the camera"
        running.process.terminate()
        assert running.process.wait(timeout=PATIENCE) == 69
    finally:
        running.close()
