"""hflocd with the kernel's test camera, vivid, in a virtual machine: lost and damaged frames, errors, and a camera that
goes and comes back.

The guest's script marks what it does and when; what hflocd publishes meanwhile is heard outside the machine, and
written into a folder that both share: the script goes on when enough was heard, so that it needs no time of its own,
however slow the emulation is.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import MODEL, PATIENCE, Heard, Listener, Machine, daemon_guest, free_port, marks
from vm import Kernel

SECOND = 1_000_000_000
CAMERA = "model: PINHOLE\nwidth: 640\nheight: 360\nparameters: [400, 400, 319.5, 179.5]\n"
# A part of a quarter of the frame's size: the network is what takes time here.
CONFIGURATION = """
map: {map}
model: {model}
publish: tcp://127.0.0.1:5556
camera:
  device: /dev/video0
  calibration: camera
  rate: 30
  crop: [160, 90, 320, 180]
  reduction: 2
  controls:
    brightness: 140
    contrast: 999
localizer:
  keypoints: 50
"""
# One device of each half of the interface.
SCRIPT = """
# Until so many frames more have been answered; until so many in all were corrupt.
frames() { want=$(($(cat /heard/frames) + $1)); until_heard frames $want; }
until_heard() { i=0; while [ $(cat /heard/$1) -lt $2 ] && [ $i -lt 600 ]; do usleep 200000; i=$((i + 1)); done; }
modprobe vivid n_devs=2 node_types=0x1,0x1 input_types=0x00,0x00 num_inputs=1,1 multiplanar=1,2
mark() { echo "MARK $1 $(cut -d' ' -f1 /proc/uptime)"; }
control() { v4l2-ctl -d /dev/video0 -c $1 || echo "GUEST: no control $1"; }
hflocd --config /data/configuration --check
echo "CHECK $?"
hflocd --config /data/configuration 2>&1 & daemon=$!
frames 3
mark quiet; frames 4
mark dropping; control percentage_of_dropped_buffers=50; frames 6; control percentage_of_dropped_buffers=0
frames 2
mark flagging
# One at a time: two that hit the same buffer would be one.
for i in 1 2 3 4 5 6; do control inject_v4l2_buf_flag_error=1; until_heard corrupt $i; done
frames 3
mark failing; control inject_fatal_streaming_error=1; frames 4
mark stepping; date -s @1700000000 >/dev/null; mark stepped; frames 4
mark unplugged; echo vivid.0 > /sys/bus/platform/drivers/vivid/unbind; sleep 2
ls /dev/video0
mark plugged; echo vivid.0 > /sys/bus/platform/drivers/vivid/bind; frames 4
mark done
v4l2-ctl -d /dev/video0 -C brightness,contrast
kill $daemon; wait $daemon
echo "DAEMON $?"
mark multiplanar
hflocd --config /data/configuration --device /dev/video1 2>&1 & daemon=$!
frames 4
kill $daemon; wait $daemon
"""


@pytest.fixture(scope="module")
def run(kernel: Kernel, programs: Path, sample_map: Path, messages, tmp_path_factory: pytest.TempPathFactory):
    """The console, the marks, and the messages of the one run."""
    folder = tmp_path_factory.mktemp("vivid")
    (folder / "camera").write_text(CAMERA)
    (folder / "configuration").write_text(CONFIGURATION.format(map=sample_map, model=MODEL))
    share = folder / "heard"
    share.mkdir()
    guest = daemon_guest(kernel, programs, sample_map, SCRIPT, ["vivid"], ["/heard"])
    guest.add_file(folder / "camera", "/data/camera")
    guest.add_file(folder / "configuration", "/data/configuration")
    # Loaded by the script, with its options.
    guest.late_modules = ["vivid"]
    guest.write(folder / "initramfs.gz")
    port = free_port()
    listener = Listener(messages, port)

    def tell(heard: list[Heard]) -> bool:
        """Into the folder: how many frames were answered, and how many of this daemon's were corrupt."""
        frames = sum(h.message.capture_monotonic_ns > 0 for h in heard)
        for name, count in (("frames", frames), ("corrupt", heard[-1].message.frames.corrupt if heard else 0)):
            (share / f".{name}").write_text(f"{count}\n")
            (share / f".{name}").rename(share / name)
        return False

    tell([])
    machine = Machine(kernel, folder / "initramfs.gz", cpus=2, shares=[share], forwards={port: 5557})
    with machine.started(90 * PATIENCE) as running:
        listener.listen(running, tell)
        console = running.wait()
    listener.close()
    print(console)
    return console, marks(console), [heard.message for heard in listener.heard]


def between(run, start: str, end: str, what=lambda message: True) -> list:
    """The messages that were published between two marks, the first included."""
    _, at, heard = run
    return [m for m in heard if at[start] <= m.publish_monotonic_ns < at[end] and what(m)]


def test_the_check_names_what_the_device_made_of_the_configuration(run) -> None:
    console, _, _ = run
    assert "CHECK 0" in console, console
    assert "640x360" in console and "frames/s" in console
    assert "control contrast is 255, where 999 was asked for (allowed: 0...255)" in console


def grown(phase: list, counter: str) -> int:
    return getattr(phase[-1].frames, counter) - getattr(phase[0].frames, counter)


def test_every_frame_of_the_device_is_answered_or_counted(run, messages) -> None:
    """Exactly, whatever was dropped, flagged or skipped: up to the fatal error, the device's numbers are one row."""
    frames = [m for m in between(run, "quiet", "failing") if m.capture_monotonic_ns]
    assert len(frames) >= 15, run[0]
    passed = frames[-1].frame_sequence - frames[0].frame_sequence
    counted = sum(grown(frames, counter) for counter in ("captured", "skipped", "dropped", "corrupt"))
    print(
        f"{passed} frames: "
        + ", ".join(f"{grown(frames, c)} {c}" for c in ("captured", "skipped", "dropped", "corrupt"))
    )
    # Of frames that are read together, the broken one may be the newest: then the message before it has the lower
    # number.
    assert passed == counted


def test_dropped_buffers_are_counted(run, messages) -> None:
    before, phase = between(run, "quiet", "dropping"), between(run, "dropping", "flagging")
    assert before and phase, run[0]
    # Half of the buffers, where the device delivers about three times as many as are looked at.
    assert grown(phase, "dropped") >= 5
    assert all(m.frames.corrupt == 0 and m.frames.reopened == 0 for m in before + phase)


def test_flagged_frames_are_corrupt(run, messages) -> None:
    phase = between(run, "flagging", "failing")
    assert phase[-1].frames.corrupt == 6
    assert not any(m.HasField("pose") for m in phase if m.state == messages.STATE_BAD_FRAME)


def test_a_fatal_error_is_survived_within_a_second(run, messages) -> None:
    _, at, _ = run
    phase = between(run, "failing", "stepping")
    frames = [m for m in phase if m.capture_monotonic_ns > at["failing"] and m.frames.reopened == 1]
    assert frames, run[0]
    gone = [m for m in phase if m.state == messages.STATE_NO_CAMERA]
    assert gone and not any(m.HasField("pose") for m in gone)
    # From the loss to the first frame's capture: opening, and a frame's period.
    later = frames[0].capture_monotonic_ns - gone[0].publish_monotonic_ns
    print(f"fatal error: first frame captured {later / 1e6:.0f} ms later")
    assert later < SECOND * max(1, PATIENCE / 2)


def test_a_step_of_the_wall_clock_changes_nothing_else(run) -> None:
    _, at, _ = run
    phase = between(run, "stepped", "unplugged", lambda m: m.capture_monotonic_ns > at["stepped"])
    assert phase
    assert all(abs(m.capture_wall_ns / 1e9 - 1_700_000_000) < 1000 for m in phase)
    assert all(m.capture_monotonic_ns < m.publish_monotonic_ns < m.capture_monotonic_ns + 60 * SECOND for m in phase)
    assert all(m.frames.reopened == phase[0].frames.reopened for m in phase)


def test_an_unplugged_camera_is_said_and_comes_back_within_a_second(run, messages) -> None:
    console, at, _ = run
    gone = between(run, "unplugged", "plugged", lambda m: m.state == messages.STATE_NO_CAMERA)
    assert gone, console
    assert "No such file" in console, "the node was gone"
    assert "no camera: /dev/video0" in console
    back = [m for m in between(run, "plugged", "done") if m.capture_monotonic_ns > at["plugged"]]
    assert back, console
    took = back[0].capture_monotonic_ns - at["plugged"]
    print(f"plugged in: first frame captured {took / 1e6:.0f} ms later")
    assert took < SECOND * max(1, PATIENCE / 2)
    assert back[0].frames.reopened == 2 and back[-1].frames.reopened == 2
    # A device that comes back has its own format and controls: they were set again.
    assert all(m.frames.corrupt == back[0].frames.corrupt for m in back)
    assert "brightness: 140" in console and "contrast: 255" in console, console


def test_the_multiplanar_device_delivers_too(run, messages) -> None:
    console, at, heard = run
    frames = [m for m in heard if m.capture_monotonic_ns > at["multiplanar"] and m.state != messages.STATE_BAD_FRAME]
    assert len({m.frame_sequence for m in frames}) >= 2, console
    assert frames[-1].frames.corrupt == 0
