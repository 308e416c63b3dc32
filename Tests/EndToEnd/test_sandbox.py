"""hflocd where the service's sandbox refuses families of sockets, as RestrictAddressFamilies= does: ZeroMQ would abort,
hflocd says what to do.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from service import PATIENCE, receive_frames

# The system call answers so under the filter of systemd.
REFUSE = """
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
int socket(int family, int type, int protocol) {
    if (family == atoi(getenv("REFUSED_FAMILY"))) return errno = EAFNOSUPPORT, -1;
    return (int)syscall(SYS_socket, family, type, protocol);
}
"""


@pytest.fixture
def refuse(tmp_path: Path) -> Path:
    source, library = tmp_path / "refuse.c", tmp_path / "refuse.so"
    source.write_text(REFUSE)
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", str(source), "-o", str(library)], check=True)
    return library


@pytest.mark.parametrize("family", [2, 16], ids=["AF_INET", "AF_NETLINK"])
def test_tcp_is_refused_by_name(start, queries: Path, refuse: Path, tmp_path: Path, family: int) -> None:
    (tmp_path / "tcp.yaml").write_text("json: tcp://127.0.0.1:5599\n")
    environment = {"LD_PRELOAD": str(refuse), "REFUSED_FAMILY": str(family)}
    service = start("--config", tmp_path / "tcp.yaml", "--frames", queries, **environment)
    # 78 is not tried again.
    assert service.process.wait(timeout=PATIENCE) == 78
    written = service.process.stderr.read()
    assert "tcp://127.0.0.1:5599" in written and "network.conf" in written, written
    assert len(written.splitlines()) == 1, written


def test_ipc_needs_none_of_them(start, round_trip: Path, refuse: Path, messages) -> None:
    service = start("--frames", round_trip, "--rate", 10, "--loop", LD_PRELOAD=str(refuse), REFUSED_FAMILY="2")
    assert receive_frames(messages, service.endpoint, 3)
    assert service.stop() == 0
