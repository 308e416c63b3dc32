"""Debian's kernel and its modules, unpacked into a folder: nothing is installed."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from vm.architecture import AMD64, ROOT, Architecture


@dataclass(frozen=True)
class Kernel:
    """A kernel that a machine can boot."""

    version: str
    image: Path
    # The folder lib/modules/VERSION, with its modules.dep.
    modules: Path
    architecture: Architecture = AMD64


def fetch_kernel(cache: Path, architecture: Architecture = AMD64) -> Kernel:
    """The current kernel of linux-image-ARCHITECTURE, downloaded into `cache` unless it is there: 70 MB, 400 MB
    unpacked, about 15 s.

    It is the full kernel: the one for clouds has no Video4Linux.
    """
    package = _newest(architecture)
    version = package.removeprefix("linux-image-")
    root = cache / package
    if not (root / "complete").exists():
        shutil.rmtree(root, ignore_errors=True)
        unpack(package, root, architecture)
        subprocess.run(["depmod", "-b", str(root), version], check=True)
        (root / "complete").touch()
    return Kernel(version, root / "boot" / f"vmlinuz-{version}", root / "lib/modules" / version, architecture)


def unpack(package: str, folder: Path, architecture: Architecture = AMD64) -> None:
    """Download a Debian package, and unpack it into `folder`, running none of its scripts."""
    folder.mkdir(parents=True, exist_ok=True)
    print(f"vm: downloading {package}", flush=True)
    done = _fetch(folder, architecture, package)
    files = list(folder.glob("*.deb"))
    if done.returncode or len(files) != 1:
        raise RuntimeError(f"cannot download {package}: {done.stderr.strip()}; run apt-get update")
    subprocess.run(["dpkg-deb", "-x", str(files[0]), str(folder)], check=True)
    files[0].unlink()


def _fetch(folder: Path, architecture: Architecture, package: str) -> subprocess.CompletedProcess[str]:
    """apt-get download: of this machine's packages as its apt knows them, of others' by an index of their own."""
    if architecture is AMD64:
        command = ["apt-get", "-q", "download", package]
    else:
        command = [str(ROOT / "tools/platforms/fetch-packages"), architecture.name, _suite(), ".", package]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def _suite() -> str:
    """This machine's Debian: kernels of the same, so that its tools build modules for them."""
    return platform.freedesktop_os_release()["VERSION_CODENAME"]


def build_v4l2loopback(kernel: Kernel, cache: Path) -> Path:
    """v4l2loopback.ko for this kernel: about 5 s, once."""
    folder = cache / f"v4l2loopback-{kernel.version}"
    module = folder / "v4l2loopback.ko"
    if module.exists():
        return module
    headers = _headers(kernel, cache)
    shutil.rmtree(folder, ignore_errors=True)
    unpack("v4l2loopback-dkms", folder / "package")
    source = next((folder / "package/usr/src").glob("v4l2loopback-*"))
    build = ["make", "-s", "-C", str(headers), f"M={source.resolve()}", *kernel.architecture.make, "modules"]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"cannot build v4l2loopback for {kernel.version}:\n{done.stdout}{done.stderr}")
    (source / "v4l2loopback.ko").rename(module)
    return module


def _headers(kernel: Kernel, cache: Path) -> Path:
    """The folder of the kernel's headers: what `tools/setup vm` installs, or unpacked for another architecture."""
    name = f"linux-headers-{kernel.version}"
    if kernel.architecture is AMD64:
        headers = Path("/usr/src") / name
        if not headers.exists():
            raise RuntimeError(f"{headers} is missing; run tools/setup vm, or apt-get install {name}")
        return headers
    root = cache / name
    headers, common = root / "usr/src" / name, name.replace(f"-{kernel.architecture.name}", "-common")
    if not (root / "complete").exists():
        shutil.rmtree(root, ignore_errors=True)
        for package in (name, common):
            unpack(package, root, kernel.architecture)
        # They name each other by where an installation would have put them, and programs that run on the machine
        # that they are for: this machine's do the same.
        for makefile in (headers / "Makefile", headers / ".config"):
            if makefile.exists():
                makefile.write_text(makefile.read_text().replace("/usr/src/", f"{root.resolve()}/usr/src/"))
        tools = Path("/usr/lib") / f"linux-kbuild-{'.'.join(kernel.version.split('.')[:2])}"
        if not tools.exists():
            raise RuntimeError(f"{tools} is missing; run tools/setup arm64")
        for folder in (headers, root / "usr/src" / common):
            for link in ("scripts", "tools"):
                if (folder / link).is_symlink():
                    (folder / link).unlink()
                    (folder / link).symlink_to(tools / link)
        (root / "complete").touch()
    return headers


def _newest(architecture: Architecture) -> str:
    """The package that the metapackage stands for: its number changes with every update."""
    metapackage = f"linux-image-{architecture.name}"
    command = ["apt-cache", "depends", metapackage]
    if architecture is not AMD64:
        command = [str(ROOT / "tools/platforms/fetch-packages"), architecture.name, _suite()]
        command += ["--newest", metapackage]
    shown = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = re.search(rf"(?:Depends: )?(linux-image-\S+-{architecture.name}\b\S*)", shown)
    if not found:
        raise RuntimeError(f"apt knows no {metapackage}; this needs Debian on x86-64, and apt-get update")
    return found[1]
