"""What tools/install puts in place: it runs from there, its pages and completions know every option, its unit is tight,
and it goes again.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, SAMPLE
from drive import read_roles, write_camera_file

INSTALL = ROOT / "tools/install"
# Of 10; systemd-analyze counts tenths.
LARGEST_EXPOSURE = 15


def run(*command: object, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(c) for c in command], capture_output=True, text=True, check=False, timeout=120, **options
    )


def files(folder: Path) -> dict[str, int]:
    """Each file below a folder, with its permissions."""
    return {str(p.relative_to(folder)): p.stat().st_mode & 0o777 for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def tree(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installed tree: what would be below /."""
    folder = tmp_path_factory.mktemp("installed")
    done = run(INSTALL, "--destdir", folder, "--prefix", "/usr", "--programs", programs)
    assert done.returncode == 0, done.stderr
    return folder


def needs(program: str) -> None:
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed; tools/setup test installs it")


def test_installs_twice_and_leaves_nothing(programs: Path, tmp_path: Path) -> None:
    """A second run changes nothing, what an older version had goes, and an uninstall leaves no file, of ours, and every
    other.
    """
    (tmp_path / "opt/hfloc/share/doc").mkdir(parents=True)
    (tmp_path / "opt/hfloc/share/doc/other").write_text("not ours")
    command = [INSTALL, "--destdir", tmp_path, "--prefix", "/opt/hfloc"]
    assert run(*command, "--uninstall").returncode == 66
    assert run(*command, "--programs", programs).returncode == 0
    first = files(tmp_path)
    old = tmp_path / "opt/hfloc/share/hfloc/old/file"
    old.parent.mkdir()
    old.write_text("of an older version")
    with (tmp_path / "opt/hfloc/share/hfloc/installed").open("a") as manifest:
        manifest.write("/opt/hfloc/share/hfloc/old/file\n")
    assert run(*command, "--programs", programs).returncode == 0
    assert files(tmp_path) == first
    assert not old.parent.exists()
    assert run(*command, "--uninstall").returncode == 0
    assert list(files(tmp_path)) == ["opt/hfloc/share/doc/other"]
    # Nor folders: only those that were there before.
    assert {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*")} == {
        "opt", "opt/hfloc", "opt/hfloc/share", "opt/hfloc/share/doc", "opt/hfloc/share/doc/other",
    }  # fmt: skip


# Installs into the running system and out of it again, where that is an overlay over this machine; what systemd is told
# is noted.
SYSTEM = r"""
set -e
mount -t tmpfs tmpfs "$0"
mkdir "$0/upper" "$0/work" "$0/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$0/upper,workdir=$0/work" "$0/root"
mount -t proc proc "$0/root/proc"
mount --rbind /dev "$0/root/dev"
mkdir -p "$0/root/run/systemd/system"
chroot "$0/root" "$2/hfloc" --version >"$0/version" 2>&1 || { echo "ELSEWHERE: $(cat "$0/version")"; exit 0; }
for program in systemctl udevadm; do
    rm -f "$0/root/usr/local/bin/$program"
    printf '#!/bin/sh\necho "TOLD %s $*"\n' $program >"$0/root/usr/local/bin/$program"
    chmod 755 "$0/root/usr/local/bin/$program"
done
# What this machine has not or has otherwise, but for the user and his folder, which stay.
list() {
    (cd "$0/upper" && mkdir -p usr etc var opt && find usr etc var opt ! -type c | sort) | grep -v -e "$stays" |
        while read -r path; do [ -d "/$path" ] || echo "$path"; done
}
stays='^etc/\(passwd\|group\|shadow\|gshadow\|[.]pwd[.]lock\)\|^var/lib/hfloc$'
list >"$0/before"
chroot "$0/root" "$1" --programs "$2"
echo "INSTALLED $(list | wc -l)"
chroot "$0/root" /usr/local/bin/hflocd --version
chroot "$0/root" /usr/bin/getent passwd hfloc
chroot "$0/root" /bin/test -d /var/lib/hfloc
chroot "$0/root" "$1" --uninstall
list >"$0/after"
diff "$0/before" "$0/after"
echo "NOTHING LEFT"
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, for an overlay over the system")
def test_installs_into_the_system_and_leaves_nothing(programs: Path, tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "DESTDIR"}
    done = run("unshare", "--mount", "sh", "-c", SYSTEM, tmp_path, INSTALL, programs, env=environment)
    # In a container without the right, or a chroot whose root is no mount point.
    if re.search("(mount|unshare):", done.stderr) and "INSTALLED" not in done.stdout:
        pytest.skip(f"no overlay can be mounted here: {done.stderr.strip()}")
    if "ELSEWHERE" in done.stdout:  # an overlay shows one file system
        pytest.skip(f"the programs need what is on another file system: {done.stdout.strip()}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "NOTHING LEFT" in done.stdout, done.stdout
    told = re.findall(r"TOLD (.*)", done.stdout)
    reload = ["systemctl daemon-reload", "udevadm control --reload"]
    assert told == [*reload, "systemctl stop hflocd@*.service", *reload]


def test_permissions(tree: Path) -> None:
    for path, mode in files(tree).items():
        assert mode == (0o755 if path.startswith("usr/bin/") else 0o644), path


@pytest.mark.parametrize("arguments", [["--prefix"], ["--prefix", "relative"], ["--nonsense"]])
def test_wrong_usage(arguments: list[str]) -> None:
    assert run(INSTALL, *arguments).returncode == 64


def test_no_programs(tmp_path: Path) -> None:
    done = run(INSTALL, "--destdir", tmp_path / "d", "--programs", tmp_path)
    assert done.returncode == 66 and str(tmp_path) in done.stderr
    assert not (tmp_path / "d").exists()


def test_the_installed_daemon_accepts_the_example(tree: Path, sample_map: Path, tmp_path: Path) -> None:
    """The example configuration, with its map, camera and folder filled in; the model is where it was installed."""
    example = (tree / "usr/share/doc/hfloc/examples/hflocd.yaml").read_text()
    write_camera_file(SAMPLE, tmp_path / "camera.yaml")
    names = [name for name, role in read_roles(SAMPLE).items() if role == "query"][:3]
    (tmp_path / "frames").mkdir()
    for name in names:
        (tmp_path / "frames" / Path(name).name).symlink_to((SAMPLE / "images" / name).resolve())
    filled = re.sub(r"(?m)^map: .*", f"map: {sample_map}", example)
    filled = re.sub(r"(?m)^(  calibration: ).*", rf"\g<1>{tmp_path}/camera.yaml", filled)
    filled = re.sub(r"(?m)^  device: .*", f"  folder: {tmp_path}/frames", filled)
    (tmp_path / "cam0.yaml").write_text(filled)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HFLOC")}
    done = run(tree / "usr/bin/hflocd", "--check", "--config", tmp_path / "cam0.yaml", env=environment, cwd="/")
    assert done.returncode == 0, done.stderr
    assert str(tree) in os.path.realpath(re.search(r"(?m)^model +(\S+):", done.stdout)[1])
    assert done.stdout.endswith("ok\n")


def test_the_installed_documentation_has_its_pictures(tree: Path) -> None:
    """What a page shows is installed beside it."""
    folder = tree / "usr/share/doc/hfloc"
    shown = {
        name: page for page in folder.glob("*.md") for name in re.findall(r"!\[[^]]*\]\(([^):]+)\)", page.read_text())
    }
    assert {"wire.svg", "vehicle.svg", "training-curves.png"} <= set(shown)
    for name, page in shown.items():
        assert (folder / name).is_file(), f"{page.name} shows {name}"


def test_the_installed_documentation_is_whole(tree: Path) -> None:
    """Every page that another names is there."""
    pages = {page.stem: page for page in (tree / "usr/share/doc/hfloc").rglob("*.md")}
    named = {name: page for page in pages.values() for name in re.findall(r"<doc:([\w-]+)>", page.read_text())}
    assert {"Operations", "Decisions", "Log"} <= set(named)
    assert {f"{page.name} names {name}" for name, page in named.items() if name not in pages} == set()


def test_the_model_is_installed_with_what_it_was_trained_on(tree: Path) -> None:
    """The model, and where they are there its list of photographs and the page that names their authors."""
    model = ROOT / "Sources/Inference/Model"
    for source, target in {
        "hfnet.safetensors": "hfloc/hfnet.safetensors",
        "photographs.tsv": "hfloc/photographs.tsv",
        "photographs.md": "doc/hfloc/Photographs.md",
    }.items():
        installed = tree / "usr/share" / target
        assert installed.exists() == (model / source).exists()
        assert not installed.exists() or installed.read_bytes() == (model / source).read_bytes()


def test_the_installed_messages_compile(tree: Path, tmp_path: Path) -> None:
    needs("protoc")
    proto = tree / "usr/share/hfloc/proto"
    names = sorted(str(p.relative_to(proto)) for p in proto.rglob("*.proto"))
    assert "hfloc/v1/localization.proto" in names
    done = run("protoc", f"--proto_path={proto}", f"--python_out={tmp_path}", *names)
    assert done.returncode == 0, done.stderr


def commands(command: dict, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict]]:
    """A program's commands, itself included."""
    yield words, command
    for child in command.get("subcommands", []):
        if child["commandName"] != "help":
            yield from commands(child, (*words, child["commandName"]))


@pytest.mark.parametrize("program", ["hflocd", "hfloc", "hfloc-calibrate"])
def test_the_manual_knows_every_option(tree: Path, program: str) -> None:
    """Every option of every --help is in the command's part of the page, as a reader sees it."""
    needs("mandoc")
    path = tree / "usr/bin" / program
    if not path.exists():
        pytest.skip(f"there is no {program}")
    page = next((tree / "usr/share/man").glob(f"man*/{program}.[18]"))
    shown = run("mandoc", "-T", "utf8", "-O", "width=1000", page).stdout
    text = re.sub(r".\x08", "", shown)
    tool = json.loads(run(path, "--experimental-dump-help").stdout)["command"]
    checked = 0
    for words, _ in commands(tool):
        usage = run(path, *words, "--help").stdout
        part = text
        if words:
            heading = f"   {program} {' '.join(words)}\n"
            part = text.split(heading, 1)[1] if heading in text else ""
            part = re.split(r"(?m)^   \S|^[A-Z]", part, maxsplit=1)[0]
        # A command of commands has nothing of its own.
        options = {
            o
            for o in re.findall(r"(?m)^ {2}(?:-\w, )?(--[\w-]+)", usage)
            if words == () or o not in ("--help", "--version")
        }
        for option in options:
            assert re.search(rf"(?m)^ *(?:-\w(?: \S+)?, )?{option}\b", part), (words, option)
            checked += 1
    assert checked > 2


def test_the_pages_are_well_formed(tree: Path) -> None:
    needs("mandoc")
    pages = sorted((tree / "usr/share/man").rglob("*.[158]"))
    assert {"hfloc.1", "hflocd.8", "hflocd.yaml.5"} <= {page.name for page in pages}
    done = run("mandoc", "-T", "lint", "-W", "warning", *pages)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_configuration_page_has_every_field(tree: Path) -> None:
    """As a reader sees it: each field of the example, in its section, with what it is."""
    needs("mandoc")
    shown = run("mandoc", "-T", "ascii", "-O", "width=1000", tree / "usr/share/man/man5/hflocd.yaml.5").stdout
    page = re.sub(r".\x08", "", shown)
    example = (tree / "usr/share/doc/hfloc/examples/hflocd.yaml").read_text()
    fields = re.findall(r"(?m)^ *#?([a-z_0-9]+): \S", example)
    assert len(fields) > 35
    for field in fields:
        assert re.search(rf"(?m)^ +{field}(  +\S|$)", page), field
    assert "@" not in re.sub(r"hflocd@NAME", "", page)


@pytest.mark.parametrize("program", ["hflocd", "hfloc"])
def test_the_completions_of_bash(tree: Path, program: str) -> None:
    """bash itself completes from the installed file."""
    script = tree / "usr/share/bash-completion/completions" / program
    asked = f"source {script}; COMP_WORDS=({program} --vers); COMP_CWORD=1; COMP_LINE='{program} --vers'; "
    asked += f"COMP_POINT=${{#COMP_LINE}}; $(complete -p {program} | sed 's/.*-F \\([^ ]*\\).*/\\1/') "
    asked += f"{program} --vers ''; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    done = run("bash", "-c", asked, env=os.environ | {"PATH": f"{tree}/usr/bin:{os.environ['PATH']}"})
    assert "--version" in done.stdout.split(), (done.stdout, done.stderr)
    for other in (f"zsh/vendor-completions/_{program}", f"fish/vendor_completions.d/{program}.fish"):
        assert (tree / "usr/share" / other).stat().st_size > 1000


def unit_folder(tree: Path, folder: Path, *drop_ins: str) -> Path:
    """The unit as it was installed, with the program where it is now, as hflocd@cam0."""
    unit = (tree / "usr/lib/systemd/system/hflocd@.service").read_text()
    assert "ExecStart=/usr/bin/hflocd " in unit
    path = folder / "hflocd@cam0.service"
    path.write_text(unit.replace("/usr/bin/", f"{tree}/usr/bin/"))
    (folder / f"{path.name}.d").mkdir()
    for name in drop_ins:
        shutil.copy(tree / "usr/share/doc/hfloc/examples" / name, folder / f"{path.name}.d")
    return path


@pytest.mark.parametrize("drop_ins", [[], ["real-time.conf"], ["network.conf"], ["real-time.conf", "network.conf"]])
def test_unit(tree: Path, tmp_path: Path, drop_ins: list[str]) -> None:
    """systemd has nothing to say about it; as it is installed, its exposure is small."""
    needs("systemd-analyze")
    unit = unit_folder(tree, tmp_path, *drop_ins)
    done = run("systemd-analyze", "verify", "--man=no", unit)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    if not drop_ins:
        done = run("systemd-analyze", "security", "--offline=true", f"--threshold={LARGEST_EXPOSURE}", unit)
        assert done.returncode == 0, done.stdout[-200:]


def test_unit_elsewhere(programs: Path, tmp_path: Path) -> None:
    """Below another prefix, the unit names the program there."""
    done = run(INSTALL, "--destdir", tmp_path, "--prefix", "/usr/local", "--programs", programs)
    assert done.returncode == 0, done.stderr
    unit = (tmp_path / "usr/local/lib/systemd/system/hflocd@.service").read_text()
    assert "ExecStart=/usr/local/bin/hflocd " in unit and "/usr/bin/" not in unit


def test_users_and_folders(tree: Path, tmp_path: Path) -> None:
    """systemd makes the user and the folders in an empty system."""
    needs("systemd-sysusers")
    root = tmp_path / "root"
    (root / "etc").mkdir(parents=True)
    done = run("systemd-sysusers", f"--root={root}", "-", input=(tree / "usr/lib/sysusers.d/hfloc.conf").read_text())
    assert done.returncode == 0, done.stderr
    assert "hfloc:" in (root / "etc/passwd").read_text() and "/var/lib/hfloc:/" in (root / "etc/passwd").read_text()
    assert "hfloc:" in (root / "etc/group").read_text()


def test_scripts_are_clean() -> None:
    needs("shellcheck")
    tools = sorted(p for p in (ROOT / "tools").rglob("*") if p.is_file())
    starts = (b"#!/usr/bin/env bash", b"#!/bin/sh", b"# shellcheck shell=")
    scripts = [p for p in tools if p.read_bytes().startswith(starts)]
    others = sorted((ROOT / "Systemd/debian").glob("hfloc.p*"))
    assert len(scripts) >= 20 and len(others) == 3
    done = run("shellcheck", "--severity=warning", "--external-sources", *scripts, *others, cwd=ROOT)
    assert done.returncode == 0, done.stdout
