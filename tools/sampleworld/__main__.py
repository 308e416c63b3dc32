"""The command `tools/sample`."""

from __future__ import annotations

import argparse
import pathlib
import sys
import time

from .layout import Settings, write_sample
from .world import SCENES


def main() -> int:
    """Read the arguments, render, say what was made."""
    parser = argparse.ArgumentParser(
        prog="tools/sample",
        description="Render the sample world: a street loop with exact camera poses. A map drive; a second drive with "
        "other light, exposure, noise, viewpoint and traffic; and some frames of a street that is not in the map. The "
        "same arguments give the same pixels everywhere: the hash printed at the end is that of the pixels.",
    )
    parser.add_argument("--output", required=True, type=pathlib.Path, help="the folder to write; it may not exist yet")
    parser.add_argument("--seed", type=int, default=7, help="which world (default: %(default)s)")
    parser.add_argument("--width", type=int, default=640, help="pixels (default: %(default)s)")
    parser.add_argument("--height", type=int, default=480, help="pixels (default: %(default)s)")
    parser.add_argument("--map-frames", type=int, default=96, help="keyframes round the loop (default: %(default)s)")
    parser.add_argument("--frames", type=int, default=124, help="frames of the second drive (default: %(default)s)")
    parser.add_argument(
        "--off-map", type=int, default=18, help="how many of them are off the map (default: %(default)s)"
    )
    parser.add_argument(
        "--spacing", type=float, default=0.27, help="metres between those frames (default: %(default)s)"
    )
    parser.add_argument("--every", type=int, help="keep only every so many of those frames (default: all)")
    parser.add_argument(
        "--rate", type=float, default=10.0, help="frames a second of the second drive (default: %(default)s)"
    )
    parser.add_argument("--quality", type=int, default=68, help="of the JPEG files (default: %(default)s)")
    parser.add_argument(
        "--scene",
        choices=SCENES,
        default="street",
        help="the street; one house again and again; fronts of one window again and again; lorries in the street that "
        "move between the drives (default: %(default)s)",
    )
    parser.add_argument("--loop", type=float, help="length of the loop in metres, 59 or more (default: 58.8)")
    arguments = parser.parse_args()
    values = vars(arguments)
    output: pathlib.Path = values.pop("output")
    if output.exists() and any(output.iterdir()):
        print(f"sample: {output} is not empty; give another folder or empty it", file=sys.stderr)
        return 73
    if arguments.loop is not None and arguments.loop < 59:
        print("sample: --loop: 59 m or more", file=sys.stderr)
        return 64
    if min(arguments.width, arguments.height) < 16 or arguments.map_frames < 2 or arguments.frames <= arguments.off_map:
        print("sample: pictures need 16 pixels a side, two map frames, and frames on the map", file=sys.stderr)
        return 64
    if arguments.every is not None and arguments.every < 1:
        print("sample: --every: 1 or more", file=sys.stderr)
        return 64
    if not 1 <= arguments.rate <= 1000:
        print("sample: --rate: 1 to 1000", file=sys.stderr)
        return 64
    start = time.monotonic()
    digest, size = write_sample(output, Settings(**values))
    print(f"sample: {output}: {size / 1e6:.1f} MB in {time.monotonic() - start:.0f} s, pixels sha256 {digest}")
    return 0


sys.exit(main())
