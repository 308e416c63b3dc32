"""The sample drive, played into a v4l2loopback device of a virtual machine, localized and recorded by the hflocd in it,
heard outside, and replayed there: the poses are the machine's to the last bit, whatever its processor.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

from conftest import MODEL, PATIENCE, SAMPLE, Listener, Machine, daemon_guest, free_port, write_camera_file
from drive import read_roles, read_truth, to_frame
from vm import Kernel, build_v4l2loopback

# Frames per second: about as many as an emulated processor can look at when nothing else runs.
RATE = 4
POSES = 20
# The drive again and again, until this machine has heard enough.
SCRIPT = """
insmod /modules/v4l2loopback.ko video_nr=10 card_label=drive exclusive_caps=1 max_buffers=4 ||
    echo "GUEST: no v4l2loopback"
feed /dev/video10 /drive/frames.yuyv 640 480 {rate} 1000000 &
feeder=$!
while ! v4l2-ctl -d /dev/video10 -D | grep -q 'Video Capture'; do usleep 100000; done
echo "FED $(cut -d' ' -f1 /proc/uptime)"
hflocd --config /data/configuration 2>&1 &
daemon=$!
while [ ! -e /drive/enough ]; do sleep 1; done
# A frame takes its time here, and a stop waits for it no longer than a second: both codes are right.
kill $daemon
wait $daemon
echo "DAEMON $?"
kill $feeder
cp /tmp/recordings/*.mcap /drive/drive.mcap
"""
CONFIGURATION = """
map: {map}
model: {model}
publish: tcp://127.0.0.1:5556
camera:
  device: /dev/video10
  calibration: camera
recording:
  folder: /tmp/recordings
  at_start: true
"""


def write_drive(sample: Path, names: list[str], output: Path) -> None:
    """The images as YUYV frames, with colours that are none."""
    import cv2
    import numpy

    with output.open("wb") as file:
        for name in names:
            grey = cv2.imread(str(sample / "images" / name), cv2.IMREAD_GRAYSCALE)
            file.write(numpy.dstack([grey, numpy.full_like(grey, 128)]).tobytes())


def test_drive_through_v4l2loopback(
    kernel: Kernel,
    cache: Path,
    programs: Path,
    native_programs: Path,
    sample_map: Path,
    messages,
    tmp_path: Path,
) -> None:
    names = [name for name, role in read_roles(SAMPLE).items() if role != "map"]
    truth = read_truth(SAMPLE)
    share = tmp_path / "drive"
    share.mkdir()
    write_drive(SAMPLE, names, share / "frames.yuyv")
    write_camera_file(SAMPLE, tmp_path / "camera")
    (tmp_path / "configuration").write_text(CONFIGURATION.format(map=sample_map, model=MODEL))
    feed = Path(__file__).with_name("feed.c")
    subprocess.run([kernel.architecture.compiler, "-O2", "-static", "-o", tmp_path / "feed", feed], check=True)

    guest = daemon_guest(kernel, programs, sample_map, SCRIPT.format(rate=RATE), ["videodev"], ["/drive"])
    guest.add_program(tmp_path / "feed")
    guest.add_file(tmp_path / "camera", "/data/camera")
    guest.add_file(tmp_path / "configuration", "/data/configuration")
    guest.add_file(build_v4l2loopback(kernel, cache), "/modules/v4l2loopback.ko")
    guest.write(tmp_path / "initramfs.gz")

    port = free_port()
    listener = Listener(messages, port)
    machine = Machine(kernel, tmp_path / "initramfs.gz", memory_mb=1024, cpus=2, shares=[share], forwards={port: 5557})
    with machine.started(90 * PATIENCE) as running:
        listener.listen(running, lambda heard: sum(h.message.HasField("pose") for h in heard) >= POSES)
        (share / "enough").touch()
        console = running.wait()
    listener.close()
    assert "DAEMON 0" in console or "DAEMON 70" in console, console

    frames = [
        to_frame(
            h.message,
            messages,
            names[h.message.frame_sequence % len(names)],
            truth.get(names[h.message.frame_sequence % len(names)]),
        )
        for h in listener.heard
        if h.message.capture_monotonic_ns
    ]
    posed = [frame for frame in frames if frame.pose]
    right = [frame for frame in posed if frame.on_map and frame.error_m <= 0.1 and frame.error_deg <= 1]
    last = listener.heard[-1].message
    played = last.frame_sequence + 1
    worst = max((f.error_m or 9 for f in posed), default=9)
    print(
        f"\n{len(frames)} frames answered of {played} played at {RATE}/s, "
        f"{last.frames.skipped} skipped, {last.frames.dropped} dropped; "
        f"{len(posed)} poses, {len(right)} within 10 cm and 1 degree, worst {worst:.3f} m; "
        f"median latency {sorted(f.latency_ms for f in frames)[len(frames) // 2]:.0f} ms (emulated)"
    )
    assert len(posed) >= POSES, console
    assert all(frame.on_map for frame in posed), "a pose where there is no map"
    assert len(right) == len(posed), [(f.name, f.error_m, f.error_deg) for f in posed if f not in right]
    assert last.frames.corrupt == 0 and last.frames.reopened == 0
    # Newest frame wins: every frame is answered, or counted, and a frame is answered once at most.
    sequences = [h.message.frame_sequence for h in listener.heard if h.message.capture_monotonic_ns]
    assert sequences == sorted(set(sequences))
    first = listener.heard[0].message
    missed = (last.frames.skipped + last.frames.dropped) - (first.frames.skipped + first.frames.dropped)
    assert last.frame_sequence - sequences[0] == len(sequences) - 1 + missed

    replayed = subprocess.run(
        [native_programs / "hfloc", "replay", share / "drive.mcap", "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert replayed.returncode == 0, replayed.stderr
    print(replayed.stderr.strip())
    counted = re.search(r"(\d+) frames: (\d+) answers equal the recording's, 0 differ, 0 are not", replayed.stderr)
    assert counted and counted[1] == counted[2], replayed.stderr
    # The recording's answers are those that were heard.
    again = {int(m["frame_sequence"]): m for m in map(json.loads, replayed.stdout.splitlines()) if "pose" in m}
    for frame in (h.message for h in listener.heard if h.message.HasField("pose")):
        if frame.frame_sequence in again:
            position = again[frame.frame_sequence]["pose"]["position"]
            assert [position.get(axis, 0) for axis in "xyz"] == [getattr(frame.pose.position, axis) for axis in "xyz"]
    assert len(again) >= POSES
