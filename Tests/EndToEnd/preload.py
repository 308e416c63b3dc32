"""Shared libraries that stand between a program and the system, to make what disks and kernels do happen on purpose."""

from __future__ import annotations

import subprocess
from pathlib import Path

# No file without a name, as on FAT, NFS and older kernels; and a sync that says that it was reached and never returns,
# so that a test can end the program in the middle of its write.
HELD_WRITE = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>
static int opened(const char *name, const char *path, int flags, int mode) {
    if ((flags & O_TMPFILE) == O_TMPFILE && getenv("NO_UNNAMED")) { errno = EOPNOTSUPP; return -1; }
    return ((int (*)(const char *, int, ...))dlsym(RTLD_NEXT, name))(path, flags, mode);
}
int open(const char *path, int flags, ...) {
    va_list rest; va_start(rest, flags); int mode = va_arg(rest, int); va_end(rest);
    return opened("open", path, flags, mode);
}
int open64(const char *path, int flags, ...) {
    va_list rest; va_start(rest, flags); int mode = va_arg(rest, int); va_end(rest);
    return opened("open64", path, flags, mode);
}
int fsync(int descriptor) {
    const char *marker = getenv("HELD_AT");
    if (!marker) return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(descriptor);
    close(open(marker, O_CREAT | O_WRONLY, 0600));
    for (;;) pause();
}
"""


def build(folder: Path, name: str, source: str) -> Path:
    """The library of a C text, made in a folder."""
    (folder / f"{name}.c").write_text(source)
    library = folder / f"{name}.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", str(folder / f"{name}.c"), "-o", str(library), "-ldl"], check=True)
    return library
