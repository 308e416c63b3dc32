"""The command `tools/map-drive`."""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from . import diagnosis, frames, matches, placement

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/sampledrive"))
import outputplace  # noqa: E402

TEXT = """Make a map of a drive whose poses nobody knows: of a recording, or of a folder of images in the order of
their names. hfloc's own features and matches go into pycolmap's incremental and global mapper, with the camera as it
was calibrated; the better result is taken, by matches that neither has seen, and by odometry if there is any; it gets a
scale and stands upright, and `hfloc map build` refines and judges it.

A scale comes from --length, from the recording's odometry, or from its satellite positions; without any the map is
marked as without scale. A recording with odometry needs none of this: `hfloc map build RECORDING` does it on the
vehicle.

Needs the programs built in release, and in the Python environment of `tools/setup test`: pip install pycolmap==4.2.1
"""


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="tools/map-drive", description=TEXT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "drive", type=Path, nargs="+", help="a folder of images, or the files or the folder of one recording"
    )
    parser.add_argument("--output", "-o", type=Path, required=True, help="the map")
    parser.add_argument("--camera", type=Path, help="the camera file (default: the recording's)")
    parser.add_argument("--length", type=float, help="metres of way from the first image to the last")
    parser.add_argument("--origin", help="with satellite positions: of the map frame, as of `hfloc map build`")
    parser.add_argument("--every", type=int, default=1, help="of so many images of a recording the first (default 1)")
    parser.add_argument("--poses", type=Path, help="keep the poses that were found in this new folder")
    parser.add_argument("--hfloc", type=Path, default=ROOT / ".build/release/hfloc", help="the program")
    parser.add_argument(
        "--sigma", type=float, default=2.0, help="what poses may be off, per cent of a step (default 2)"
    )
    return parser.parse_args()


def reconstruct(drive: frames.Drive, hfloc: Path, work: Path):
    """The best model of a drive."""
    try:
        from . import reconstruction
    except ImportError:
        raise frames.Refusal("needs PyPI pycolmap: .venv/bin/pip install pycolmap==4.2.1") from None
    if len(drive.names) < 3:
        raise frames.Refusal(f"{drive.folder}: has {len(drive.names)} images; give a drive")
    features = matches.extract(drive, hfloc, work)
    diagnosis.require_sharp(drive, features)
    diagnosis.leave_out_standing(drive, features, tell)
    found = reconstruction.Reconstruction(drive, features, work)
    diagnosis.require_motion(drive, found.turns)
    models = [found.judge(m) for m in [*found.incremental(), *found.globally()]]
    for model in models:
        off = "" if model.off is None else f", {100 * model.off:.1f} % of the way from odometry"
        print(
            f"{model.mapper}: {len(model.rotations)} of {len(drive.names)} images, explains {100 * model.held:.1f} % "
            f"of the matches that it has not seen{off}",
            flush=True,
        )
    model = reconstruction.best(models)
    placed = set(model.rotations) if model else set()
    problem = diagnosis.refusal(drive, features, placed, found.links, found.turns)
    if problem:
        raise problem
    missing = [i for i in range(len(drive.names)) if i not in placed]
    if missing:
        tell(f"{len(missing)} images are not placed: {diagnosis.listed(drive, missing)}")
    return model


def require_ends(drive: frames.Drive, model) -> None:
    """A length is that of the whole way: refuses it where an end of the way is not placed."""
    first, last = min(model.rotations), max(model.rotations)
    if (first, last) != (0, len(drive.names) - 1):
        way = f"{drive.names[first]} to {drive.names[last]}"
        raise frames.Refusal(
            f"--length is the way from {drive.names[0]} to {drive.names[-1]}, and only {way} could be placed; give "
            "these images alone, and the length of their way"
        )


def tell(text: str) -> None:
    print(f"map-drive: {text}", file=sys.stderr, flush=True)


def check_outputs(arguments: argparse.Namespace) -> None:
    """Before the work, which may take hours."""
    problem = outputplace.objection(arguments.output)
    if problem is None and arguments.poses and arguments.poses.exists():
        problem = f"{arguments.poses}: is there already; give a new folder"
    if problem:
        raise frames.Refusal(problem, 73)


def show_gaps(drive: frames.Drive, refusal: frames.Refusal, output: Path) -> None:
    """The pictures of a refused drive's gaps, beside where its map would be."""
    if not refusal.gaps:
        return
    from . import gappage

    page = output.with_name(output.name + ".gaps.html")
    gappage.write(drive, refusal.gaps, page)
    tell(f"{page} shows the pictures on both sides of each gap")


def build(arguments: argparse.Namespace, work: Path) -> int:
    check_outputs(arguments)
    first = arguments.drive[0]
    if first.is_dir() and not any(first.glob("*.mcap")):
        drive = frames.of_folder(first, arguments.camera)
    else:
        drive = frames.of_recording(arguments.drive, arguments.camera, arguments.hfloc, work, arguments.every)
    try:
        model = reconstruct(drive, arguments.hfloc, work)
    except frames.Refusal as refusal:
        show_gaps(drive, refusal, arguments.output)
        raise
    if arguments.length is not None:
        require_ends(drive, model)
    metres = placement.scale(model, drive.odometry, arguments.length)
    step = placement.step(model)
    folder = arguments.poses or work / "poses"
    # Without a scale a unit is a step, so that nothing is too small or too large.
    placement.write(drive, model, metres or 1 / step, folder)
    sigma = arguments.sigma / 100 * step * (metres or 1 / step)
    command = [arguments.hfloc, "map", "build", folder, "--output", arguments.output]
    command += ["--pose-sigma", f"{sigma:.6f}m,0.1deg"]
    if metres is None and drive.fixes:
        command += ["--gnss-scale", "free"]
    elif metres is None:
        command += ["--unit", "unknown"]
    if arguments.origin:
        command.append(f"--origin={arguments.origin}")
    status = subprocess.run([str(c) for c in command], check=False).returncode
    # Done, but not with everything.
    return 2 if status == 0 and (drive.failed or len(model.rotations) < len(drive.names)) else status


def main() -> int:
    arguments = parsed()
    # As an interrupt does, so that the temporary folder goes.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, frame: sys.exit(128 + number))
    try:
        with tempfile.TemporaryDirectory(prefix="hfloc-map-drive-") as scratch:
            return build(arguments, Path(scratch))
    except frames.Refusal as refusal:
        print(f"map-drive: {refusal}", file=sys.stderr)
        return refusal.status


if __name__ == "__main__":
    sys.exit(main())
