"""hfloc-view beside a real hflocd: its page in a browser, who may ask, what it says to machines. Runs where
Sources/Bridges is built (`tools/check-slow view`)."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import Browser, own_memory
from conftest import ROOT, SAMPLE
from service import PATIENCE

PROGRAM = Path(os.environ.get("HFLOC_BRIDGES", ROOT / ".build-bridges/release")) / "hfloc-view"
#: Where to keep the screenshots, to look at.
PICTURES = os.environ.get("HFLOC_SCREENSHOTS")
pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")
chromium = pytest.mark.skipif(
    not (shutil.which("chromium") or shutil.which("google-chrome")), reason="there is no Chromium"
)


class View:
    """A running hfloc-view."""

    def __init__(self, *arguments: object) -> None:
        command = [PROGRAM, "--listen", "127.0.0.1:0", *arguments]
        self.process = subprocess.Popen(list(map(str, command)), stderr=subprocess.PIPE, text=True)
        line = self.process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/(\?token=(\w+))?", line)
        assert found, line + self.process.stderr.read()
        self.address, self.port, self.token = found.group(), int(found.group(1)), found.group(3)

    def ask(self, path: str, method: str = "GET", body: str | None = None, **headers: str) -> tuple[int, str]:
        """Status and text of an answer; an underscore in a header's name stands for a dash."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.putrequest(method, path, skip_host=True)
        headers = {"Host": f"127.0.0.1:{self.port}"} | headers
        if body is not None:
            headers["Content-Length"] = str(len(body.encode()))
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders(None if body is None else body.encode())
        answer = connection.getresponse()
        try:
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def post(self, path: str, body: str = "", **headers: str) -> tuple[int, str]:
        """As the page itself asks."""
        own = {"Origin": f"http://127.0.0.1:{self.port}"}
        return self.ask(path, "POST", body, **own | headers)

    def state(self) -> dict:
        return json.loads(self.ask("/state.json")[1])

    def wait(self, condition: Callable[[dict], object]) -> dict:
        end = time.monotonic() + PATIENCE
        while not condition(state := self.state()):
            assert time.monotonic() < end and self.process.poll() is None, state
            time.sleep(0.1)
        return state

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def view() -> Iterator[Callable[..., View]]:
    running: list[View] = []

    def start(*arguments: object) -> View:
        running.append(View(*arguments))
        return running[-1]

    yield start
    for one in running:
        one.close()


@pytest.fixture
def browser() -> Iterator[Browser]:
    one = Browser(1440, 900)
    yield one
    one.close()


def is_localized(state: dict) -> bool:
    return bool(state["localization"]) and state["localization"].get("state") == "STATE_LOCALIZED"


#: Width, height and name: a telephone, a laptop, a large screen.
SIZES = ((390, 844, "telephone"), (1440, 900, "laptop"), (3840, 2160, "4k"))
FITS = "document.documentElement.scrollWidth <= innerWidth"
#: The map's landmarks, the camera's picture and the chart have been drawn.
DRAWN = """
    (() => {
        const {map, camera, chart} = window.hflocView ?? {};
        return map?.tiles?.loaded.size > 0 && map.last && camera.preview && chart.rows.length > 20;
    })()
"""


@chromium
def test_a_person_with_a_browser(wire, view, browser: Browser, tmp_path: Path) -> None:
    daemon = wire()
    running = view(daemon.address("record"), "--control", daemon.address("control"))
    running.wait(is_localized)
    browser.open(running.address)
    browser.wait(DRAWN)
    assert browser.evaluate("location.search") == "", "the token stays in no history"
    assert browser.evaluate("document.getElementById('badge').textContent") == "LOCALIZED"
    browser.wait("hflocView.camera.preview.inliers.length > 100")
    assert browser.evaluate("hflocView.camera.preview.expected.length") > 0
    for width, height, name in SIZES:
        browser.resize(width, height)
        for theme in ("light", "dark"):
            browser.dark(theme == "dark")
            browser.wait(FITS)
            browser.wait("hflocView.chart.rows.length > 0")
            if PICTURES:
                time.sleep(1.5)
                browser.screenshot(Path(PICTURES) / f"view-{name}-{theme}.png", whole=name == "telephone")
    browser.resize(1440, 900)
    browser.evaluate("document.activeElement.blur()")
    press(browser, "f")
    assert browser.evaluate("document.getElementById('follow').getAttribute('aria-pressed')") == "false"
    before = browser.evaluate("hflocView.map.scale")
    press(browser, "+")
    assert browser.evaluate("hflocView.map.scale") > before
    press(browser, "r")
    browser.wait("document.getElementById('notice').textContent === 'asked to relocalize'")
    assert any("relocalize" in event["text"] for event in running.wait(lambda s: s["events"])["events"])
    assert not browser.errors()
    elsewhere = [url for url in browser.requests() if not url.startswith(f"http://127.0.0.1:{running.port}/")]
    assert not elsewhere, elsewhere


def press(browser: Browser, key: str) -> None:
    for kind in ("keyDown", "keyUp"):
        browser.call("Input.dispatchKeyEvent", type=kind, key=key, text=key if kind == "keyDown" else "")


def test_who_may_ask(wire, view) -> None:
    daemon = wire()
    running = view(daemon.address("record"), "--control", daemon.address("control"))
    running.wait(is_localized)
    bearer = {"Authorization": f"Bearer {running.token}"}
    assert running.ask("/state.json", Host="evil.example")[0] == 421
    assert running.ask("/state.json", Origin="http://evil.example")[0] == 403
    assert running.ask("/events", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="cors")[0] == 403
    # A command: without a token, with a wrong one, with the right one but from elsewhere, or from nowhere.
    assert running.post("/relocalize")[0] == 401
    assert running.post("/relocalize", Authorization="Bearer " + "0" * 32)[0] == 401
    assert running.post("/relocalize", Origin="http://evil.example", **bearer)[0] == 403
    assert running.post("/relocalize", Host="evil.example", **bearer)[0] == 421
    assert running.ask("/relocalize", "POST", "", **bearer)[0] == 403
    assert running.ask("/relocalize", **bearer)[0] == 404
    asked = [e for e in running.state()["events"] if e.get("kind") == "KIND_RELOCALIZATION_ASKED"]
    assert not asked, "what is refused is not done"
    assert running.post("/relocalize", **bearer) == (200, "done\n")
    # What the daemon refuses, the page is told in its words.
    status, text = running.post("/load-map", "/no/such.hfmap", **bearer)
    assert status == 409 and "/no/such.hfmap" in text, text
    assert running.post("/load-map", "x" * 9000, **bearer)[0] == 413
    assert running.ask("/tiles/../../../../etc/passwd")[0] == 404
    assert running.ask("/?token=wrong")[0] == 200, "a page without commands"


def test_beyond_this_machine_everything_needs_the_token(wire, tmp_path: Path) -> None:
    daemon = wire()
    (tmp_path / "token").write_text("a-token-of-our-own-0815\n")
    running = View(daemon.address("record"), "--listen", "0.0.0.0:0", "--token-file", tmp_path / "token")
    try:
        for path in ("/", "/state.json", "/metrics", "/events", "/map.json", "/view.css", "/?token=wrong"):
            assert running.ask(path)[0] == 401, path
        assert running.ask("/?token=a-token-of-our-own-0815")[0] == 303
        cookie = f"hfloc_view_{running.port}=a-token-of-our-own-0815"
        assert running.ask("/", Cookie=cookie)[0] == 200
        assert running.ask("/metrics", Authorization="Bearer a-token-of-our-own-0815")[0] == 200
        assert running.post("/relocalize", Cookie=cookie)[0] == 404, "without --control there are no commands"
    finally:
        running.close()


def test_health_and_a_restart_of_the_daemon(wire, view) -> None:
    daemon = wire()
    running = view(daemon.address("record"))
    session = running.wait(is_localized)["localization"]["session_id"]
    assert running.ask("/healthz") == (200, "ok\n")
    daemon.process.terminate()
    daemon.process.wait()
    end = time.monotonic() + PATIENCE
    while running.ask("/healthz")[0] != 503:
        assert time.monotonic() < end
        time.sleep(0.2)
    assert "hfloc_up 0" in running.ask("/metrics")[1]
    second = wire()
    again = running.wait(lambda s: is_localized(s) and s["localization"]["session_id"] != session)
    assert again["silence_s"] < 3 and running.ask("/healthz")[0] == 200
    second.close()


def test_metrics(wire, view) -> None:
    daemon = wire()
    running = view(daemon.address("record"))
    running.wait(lambda s: is_localized(s) and s["status"] and int(s["status"]["messages"]) > 10)
    text = running.ask("/metrics")[1]
    assert re.search(r'^hfloc_state\{state="LOCALIZED"\} 1$', text, re.MULTILINE), text
    assert re.search(r'^hfloc_frames_total\{kind="captured"\} [1-9]', text, re.MULTILINE), text
    promtool = shutil.which("promtool")
    if not promtool:
        pytest.skip("there is no promtool (Debian: prometheus)")
    checked = subprocess.run([promtool, "check", "metrics"], input=text, capture_output=True, text=True, check=False)
    assert checked.returncode == 0 and not checked.stdout and not checked.stderr, checked


def test_previews_only_while_somebody_looks(wire, view, protocol) -> None:
    """Whoever subscribes to everything, or only to other topics, costs the daemon no picture."""
    daemon = wire()
    everything = daemon.subscribe("record")
    running = view(daemon.address("record"))
    running.wait(is_localized)
    drain_for(everything, 1)
    assert b"preview" not in drain_for(everything, 2)
    looking = daemon.subscribe("record", topic=b"preview")
    topic, _, payload = looking.recv_multipart()
    assert topic == b"preview"
    preview = protocol.preview.Preview.FromString(payload)
    assert preview.jpeg[:2] == b"\xff\xd8" and (preview.width, preview.height) == (640, 480)
    assert len(preview.inliers) > 100 and len(preview.inliers) % 2 == 0
    numbers = []
    end = time.monotonic() + 3
    while time.monotonic() < end:
        if looking.poll(50):
            numbers.append(protocol.preview.Preview.FromString(looking.recv_multipart()[2]).sequence)
    assert 0 < len(numbers) <= 17, "at most five a second"
    assert numbers == sorted(set(numbers))
    looking.close()
    end = time.monotonic() + PATIENCE
    while b"preview" in drain_for(everything, 1):
        assert time.monotonic() < end, "previews go on though nobody looks"


def drain_for(socket, seconds: float) -> set[bytes]:
    """The topics of what comes in so long."""
    topics, end = set(), time.monotonic() + seconds
    while time.monotonic() < end:
        if socket.poll(50):
            topics.add(socket.recv_multipart()[0])
    return topics


def test_hfloc_view_is_hfloc_view(programs: Path, tmp_path: Path) -> None:
    """With its arguments and its exit status; and it says what to do where there is none."""
    environment = os.environ | {"PATH": f"{PROGRAM.parent}:{os.environ['PATH']}"}

    def run(*arguments: str, **options) -> subprocess.CompletedProcess[str]:
        command = [programs / "hfloc", "view", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False, **options)

    assert "USAGE: hfloc-view" in run("--help", env=environment).stdout
    refused = run("--listen", "nowhere", env=environment)
    assert refused.returncode == 64 and "--listen" in refused.stderr
    missing = run(env=os.environ | {"PATH": "/usr/bin"})
    assert missing.returncode == 69 and "install the package hfloc-view" in missing.stderr, missing.stderr


#: A recording of hflocd's own, from its start on.
RECORDED = "recording: {at_start: true, folder: recordings}\n"


@pytest.fixture
def recording(wire, protocol, tmp_path: Path) -> Path:
    """Five seconds of a drive, with everything in it."""
    daemon = wire(RECORDED)
    daemon.wait_localized(protocol)
    time.sleep(5)
    daemon.process.terminate()
    daemon.process.wait()
    return next((tmp_path / "recordings").glob("*.mcap"))


@chromium
def test_a_recording(recording: Path, view, browser: Browser) -> None:
    running = view(recording)
    browser.open(running.address)
    browser.wait(DRAWN)
    assert browser.evaluate("hflocView.camera.preview.expected.length") > 0
    assert not browser.evaluate("document.getElementById('player').hidden")
    browser.wait("!document.getElementById('seek').matches(':focus')")
    # At its end it stands; from the begin again by a key.
    end = "document.getElementById('play').textContent === 'Play'"
    browser.wait(end)
    last = browser.evaluate("hflocView.chart.rows.at(-1).n")
    assert running.post("/player?t=2&playing=0")[0] == 200
    browser.wait(f"hflocView.chart.rows.length > 0 && hflocView.chart.rows.at(-1).n < {last}")
    if PICTURES:
        time.sleep(0.5)
        browser.screenshot(Path(PICTURES) / "view-recording.png")
    press(browser, " ")
    browser.wait("document.getElementById('play').textContent === 'Pause'")
    browser.wait(end)
    assert browser.evaluate("hflocView.chart.rows.at(-1).n") == last
    assert running.post("/player?rate=1000")[0] == 400 and running.post("/player?t=nan")[0] == 400
    assert running.ask("/healthz")[0] == 200
    assert not browser.errors()


def test_a_recording_that_was_cut(recording: Path, view, tmp_path: Path) -> None:
    whole = recording.read_bytes()
    (tmp_path / "cut.mcap").write_bytes(whole[: len(whole) // 2])
    running = view(tmp_path / "cut.mcap")
    running.wait(lambda s: s["localization"])
    connection = urllib.request.urlopen(running.address + "events", timeout=PATIENCE)
    hello = next(line for line in connection if line.startswith(b"data: "))
    assert b"cut" in hello, hello
    connection.close()
    # Nothing of it, and something else.
    for content, words in ((whole[:20], "holds nothing"), (b"no recording" * 9, "is no MCAP file")):
        (tmp_path / "none.mcap").write_bytes(content)
        done = subprocess.run([PROGRAM, tmp_path / "none.mcap"], capture_output=True, text=True, timeout=PATIENCE)
        assert done.returncode == 65 and words in done.stderr, done.stderr


@chromium
def test_a_page_keeps_one_picture(view, protocol, browser: Browser) -> None:
    """Of those that come, whatever it has decoded: a hundred would be hundreds of megabytes."""
    import zmq

    browser.call("Network.disable")  # it would keep what has come
    picture = sorted((SAMPLE / "images").glob("*.jpg"))[0].read_bytes()

    def shown(number: int) -> None:
        """Says it until the page has it; no two are equal."""
        message = protocol.preview.Preview(sequence=number, session_id=5, width=640, height=480)
        message.jpeg = picture + number.to_bytes(4, "big")
        end = time.monotonic() + PATIENCE
        while browser.evaluate("Number(hflocView?.camera.preview?.n ?? 0)") < number:
            assert time.monotonic() < end
            publisher.send_multipart([b"preview", b"", message.SerializeToString()])
            time.sleep(0.05)

    with zmq.Context() as context, context.socket(zmq.XPUB) as publisher:
        port = publisher.bind_to_random_port("tcp://127.0.0.1")
        browser.open(view(f"tcp://127.0.0.1:{port}").address)
        browser.wait("Boolean(window.hflocView)")
        for number in range(1, 11):
            shown(number)
        before = sum(map(own_memory, browser.renderers()))
        for number in range(11, 111):
            shown(number)
        after = sum(map(own_memory, browser.renderers()))
    print(f"100 pictures: {before / 1e6:.0f} MB, then {after / 1e6:.0f} MB")
    assert after < before + 100e6, (before, after)
    assert not browser.errors()


def test_memory_over_a_long_stream(wire, view, messages) -> None:
    """A stream of HFLOC_LONG_STREAM seconds (20) with a page that listens: what the program has of its own is flat
    once the frames that it keeps have come."""
    import zmq

    seconds = float(os.environ.get("HFLOC_LONG_STREAM", 20))
    with zmq.Context() as context, context.socket(zmq.XPUB) as publisher:
        port = publisher.bind_to_random_port("tcp://127.0.0.1")
        running = view(f"tcp://127.0.0.1:{port}")
        page = subprocess.Popen(["curl", "-sN", running.address + "events"], stdout=subprocess.DEVNULL)
        try:
            time.sleep(1)
            message = messages.Localization(session_id=5, state=messages.STATE_LOST, reason="nothing is there")
            number = 0

            def say(count: int, pause: float) -> None:
                nonlocal number
                for _ in range(count):
                    number += 1
                    message.sequence, message.publish_monotonic_ns = number, number * 33_000_000
                    publisher.send_multipart([b"localization", b"", message.SerializeToString()])
                    time.sleep(pause)

            # More than it keeps.
            say(5000, 0.001)
            running.wait(lambda s: s["localization"] and int(s["localization"]["sequence"]) == number)
            before = own_memory(running.process.pid)
            say(int(seconds * 500), 0.002)
            running.wait(lambda s: int(s["localization"]["sequence"]) == number)
            after = own_memory(running.process.pid)
            print(f"{number} frames: {before / 1e6:.1f} MB, then {after / 1e6:.1f} MB")
            assert after < before + 8e6, (before, after)
        finally:
            page.kill()
            page.wait()
