"""The wall clock: set by others, or not synchronized; poses are not touched by it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest
from wire import take, take_some

# What the kernel says of CLOCK_REALTIME, and of its synchronization, while a file is there.
STEP = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
#include <unistd.h>
int clock_gettime(clockid_t clock, struct timespec *time) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(clock, time);
    if (clock == CLOCK_REALTIME && access("FOLDER/stepped", 0) == 0) time->tv_sec += STEP;
    return result;
}
"""
SYNCHRONIZATION = """
#include <string.h>
#include <sys/timex.h>
#include <unistd.h>
int adjtimex(struct timex *time) {
    if (time->modes) return -1;
    int bad = access("FOLDER/lost", 0) == 0;
    memset(time, 0, sizeof *time);
    time->status = bad ? STA_UNSYNC : STA_PLL;
    time->maxerror = bad ? 16000000 : 2500;
    time->esterror = 700;
    return bad ? TIME_ERROR : TIME_OK;
}
"""


def preloaded(folder: Path, source: str) -> Path:
    """A library of this C text."""
    (folder / "clock.c").write_text(source)
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-O2", str(folder / "clock.c"), "-o", str(folder / "clock.so"), "-ldl"], check=True
    )
    return folder / "clock.so"


@pytest.mark.parametrize("step", [3600, -3600])
def test_a_step_of_the_wall_clock_disturbs_no_pose(wire, protocol, tmp_path: Path, step: int) -> None:
    """CLOCK_REALTIME jumps by an hour, forth or back: capture_wall_ns follows, and nothing else notices."""
    library = preloaded(tmp_path, STEP.replace("FOLDER", str(tmp_path)).replace("STEP", str(step)))
    # Slowly, so that frames are skipped only on a very busy machine: a jump of the camera would be news of its own.
    service = wire(LD_PRELOAD=str(library), HFLOC_RATE="3")
    service.wait_localized(protocol)
    poses, record = service.subscribe("pose"), service.subscribe("record", topic=b"event")
    received = take_some(poses, 10)
    (tmp_path / "stepped").touch()
    messages = [protocol.localization.Localization.FromString(frames[0]) for frames in received + take_some(poses, 14)]
    assert all(m.state == protocol.localization.STATE_LOCALIZED for m in messages)
    offsets = [m.capture_wall_ns - m.capture_monotonic_ns for m in messages]
    steps = [index for index in range(1, len(offsets)) if abs(offsets[index] - offsets[index - 1]) > 1e7]
    assert len(steps) == 1 and steps[0] >= 3 and len(messages) - steps[0] >= 3, offsets
    assert abs(offsets[steps[0]] - offsets[steps[0] - 1] - step * 1e9) < 1e7
    stamps = [m.capture_monotonic_ns for m in messages]
    assert stamps == sorted(stamps) and stamps[-1] - stamps[0] < 600e9
    for one, next_one in zip(messages, messages[1:]):
        # Not skipped: tracked on.
        if next_one.frame_sequence == one.frame_sequence + 1:
            assert next_one.reset_counter == one.reset_counter
    # The same picture has the same pose, on either side of the step.
    places: dict[int, list[np.ndarray]] = {}
    for m in messages:
        image = m.frame_sequence % 38
        places.setdefault(min(image, 38 - image), []).append(
            np.array([m.pose.position.x, m.pose.position.y, m.pose.position.z])
        )
    assert max(np.linalg.norm(p - q[0]) for q in places.values() for p in q) < 0.2
    stepped = protocol.record.Event.KIND_CLOCK_STEPPED
    take(record, lambda got: stepped in [protocol.record.Event.FromString(f[2]).kind for f in got])


def test_a_clock_that_is_not_synchronized_is_named_once_per_change(wire, hfloc, protocol, tmp_path: Path) -> None:
    """Lost, found and lost again: in each pose, the status and its problems, once each in the journal; poses go on."""
    flag = tmp_path / "lost"
    service = wire(LD_PRELOAD=str(preloaded(tmp_path, SYNCHRONIZATION.replace("FOLDER", str(tmp_path)))))
    service.wait_localized(protocol)
    poses, record = service.subscribe("pose"), service.subscribe("record", topic=b"status")
    kind, states = protocol.status.Problem.KIND_CLOCK_NOT_SYNCHRONIZED, protocol.status
    for is_lost in (False, True, False, True):
        flag.touch() if is_lost else flag.unlink(missing_ok=True)
        expected = (
            states.CLOCK_SYNCHRONIZATION_NOT_SYNCHRONIZED if is_lost else states.CLOCK_SYNCHRONIZATION_SYNCHRONIZED
        )
        take(
            poses,
            lambda got, lost=is_lost: (
                protocol.localization.Localization.FromString(got[-1][0]).wall_clock_synchronized != lost
            ),
        )
        take(
            record,
            lambda got, state=expected: protocol.status.Status.FromString(got[-1][2]).clock.synchronization == state,
        )
        received = [protocol.localization.Localization.FromString(f[0]) for f in take_some(poses, 5)]
        assert all(m.wall_clock_synchronized != is_lost for m in received)
        assert {m.wall_clock_max_error_ns for m in received} == {16_000_000_000 if is_lost else 2_500_000}
        assert all(m.HasField("pose") for m in received)
        statuses = [protocol.status.Status.FromString(f[2]) for f in take_some(record, 1)]
        for status in [*statuses, service.ask(protocol, get_status={}).status]:
            assert status.clock.synchronization == expected and status.clock.estimated_error_ns == 700_000
            assert [p.kind for p in status.problems].count(kind) == is_lost
        shown = hfloc("status", f"--control={service.address('control')}").stdout
        assert ("wall clock is not synchronized" in shown) == is_lost and "clock" in shown
    lines = [line for line in service.journal().splitlines() if "the wall clock is" in line]
    assert ["not synchronized" in line for line in lines] == [True, False, True], lines
