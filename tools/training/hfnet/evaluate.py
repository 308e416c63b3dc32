"""Measures feature extractors side by side: epipolar precision, WxBS, homographies."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import torch

from hfnet import homography, posed, reference, wxbs
from hfnet.decode import DETECTION_THRESHOLD
from hfnet.extractors import (
    PEERS,
    float_extractor,
    peer,
    program_extractor,
    simulated_extractor,
)
from hfnet.features import Extractor, cached
from hfnet.limits import mixed_extractors

# set, step between the images of a pair
PAIR_SETS = (("strecha_Herz-Jesus-P25", 4), ("strecha_fountain-P11", 3), ("kitti_seq1", 4))
LOCAL_HEAD = (
    [f"{name} (i,i+{step})" for name, step in PAIR_SETS]
    + ["WxBS light", "WxBS wide", "homography 1 / 3 / 5 px", "repeatability"]
)  # fmt: skip
WARPED = 40


def slashed(*values: float) -> str:
    return " / ".join(f"{v:.3f}" for v in values)


def print_row(*cells: str) -> None:
    print("| " + " | ".join(cells) + " |", flush=True)


def print_head(*cells: str) -> None:
    print_row(*cells)
    print("|---" * len(cells) + "|")


class LocalMeasures:
    """The measures of local features over the sets of a folder; those whose data are missing give a dash."""

    def __init__(self, data: Path, photographs: Path | None, long_side: int, pairs: int) -> None:
        self.data, self.long_side, self.pairs = data, long_side, pairs
        self.warped = homography.make_warped(photographs, WARPED, long_side) if photographs else []
        self.shares: dict[str, float] = {}

    def row(self, extract: Extractor) -> list[str]:
        cells = []
        for name, step in PAIR_SETS:
            if not (self.data / name).is_dir():
                cells.append("-")
                continue
            p = posed.epipolar_precision(extract, self.data / name, step, self.long_side, self.pairs)
            cells.append(f"{p.share:.3f}, {p.count:.0f}, {p.median:.2f}")
            self.shares[name] = p.share
        for name, kinds in (("light", wxbs.ILLUMINATION), ("wide", wxbs.WIDE_BASELINE)):
            folder = self.data / "wxbs"
            if not folder.is_dir():
                cells.append("-")
                continue
            self.shares[name] = wxbs.mean_explained(extract, folder, kinds, self.long_side)
            cells.append(f"{self.shares[name]:.3f}")
        if not self.warped:
            return cells + ["-", "-"]
        shares, repeated = homography.homography_accuracy(extract, self.warped)
        return [*cells, slashed(*shares), f"{repeated:.3f}"]

    def differences(self, name: str) -> list[str]:
        """How the row measured last differs from the published figures of this peer."""
        nan = float("nan")
        return reference.differences(
            name, tuple(self.shares.get(k, nan) for k in (PAIR_SETS[0][0], PAIR_SETS[2][0], "light"))
        )


def parse() -> argparse.Namespace:
    p = argparse.ArgumentParser(
        prog="tools/training/evaluate-features",
        description="One table of feature extractors on the same images with the same protocol: mutual nearest "
        "neighbours, at most an equal number of keypoints (ours: above the detection threshold), grey images of equal "
        "size.",
        epilog=f"Peers: {', '.join(PEERS)}. Columns: share of matches within {posed.EPIPOLAR_PIXELS:.0f} px of the "
        "true epipolar line, their number, median distance of those; share of hand-made correspondences explained by "
        "the estimated F (WxBS); share of known homographies found with a mean corner error below 1, 3 and 5 px; "
        "repeatability at 3 px.",
    )
    p.add_argument(
        "--data", type=Path, required=True, help="folder of sets (images/, cameras.txt, poses.txt each; wxbs/)"
    )
    p.add_argument("--photographs", type=Path, metavar="DIR", help="photographs not trained on, for the homographies")
    p.add_argument("--checkpoint", type=Path, help="measure this checkpoint of tools/training/train in float32")
    p.add_argument("--model", type=Path, help="measure this model file, in int8")
    p.add_argument(
        "--program", type=Path, metavar="HFLOC", help="run --model in this program (.build/release/hfloc), quick"
    )
    p.add_argument(
        "--simulate",
        action="store_true",
        help="run --model in the exact simulation too (slow; alone without --program)",
    )
    p.add_argument("--peers", nargs="+", default=[], choices=list(PEERS), metavar="NAME", help="measure these peers")
    p.add_argument("--weights", type=Path, metavar="DIR", help="folder with the peers' published weights")
    p.add_argument(
        "--exchange", action="store_true", help="measure mixtures of --checkpoint and ALIKED-n16: what limits ours"
    )
    p.add_argument(
        "--tile",
        type=int,
        default=0,
        metavar="PIXELS",
        help="with --exchange: also ALIKED-n16's descriptors of tiles of this side (slow)",
    )
    p.add_argument("--cache", type=Path, metavar="DIR", help="keep what the peers give for an image, and use it again")
    p.add_argument("--keypoints", type=int, default=1500)
    p.add_argument(
        "--threshold",
        type=float,
        default=DETECTION_THRESHOLD,
        help=f"our detection threshold (default {DETECTION_THRESHOLD}, the model file's)",
    )
    p.add_argument("--long-side", type=int, default=640)
    p.add_argument("--pairs", type=int, default=0, help="at most so many pairs of each posed set (0: all)")
    p.add_argument("--check", action="store_true", help="fail if a peer's figures are not the known ones")
    p.add_argument("--threads", type=int, default=2)
    return p.parse_args()


def main() -> None:
    args = parse()
    torch.set_num_threads(args.threads)
    cv2.setNumThreads(args.threads)
    makers: list[tuple[str, Callable[[], Extractor]]] = []
    if args.checkpoint:
        makers.append(("ours, fp32", lambda: float_extractor(args.checkpoint, args.keypoints, args.threshold)))
    if args.model and (args.simulate or not args.program):
        makers.append(("ours, int8 simulated", lambda: simulated_extractor(args.model, args.keypoints, args.threshold)))
    if args.program:
        if not args.model:
            sys.exit("evaluate-features: --program needs --model")
        shared = (args.model, args.keypoints, args.threshold)
        makers.append(("ours, int8 program", lambda: program_extractor(args.program, *shared)))
    ours = [(name, make()) for name, make in makers]
    peers = [(name, peer(name, args.weights, args.keypoints)) for name in args.peers]
    if args.cache:
        peers = [(name, cached(extract, args.cache / f"{name}-{args.keypoints}")) for name, extract in peers]
    if args.exchange:
        if not args.checkpoint or not args.weights:
            sys.exit("evaluate-features: --exchange needs --checkpoint and --weights")
        teacher = args.weights / PEERS["ALIKED-n16"][0]
        peers += mixed_extractors(args.checkpoint, teacher, args.keypoints, args.threshold, args.tile).items()
    measures = LocalMeasures(args.data, args.photographs, args.long_side, args.pairs)
    print_head("local features", *LOCAL_HEAD)
    wrong = []
    for name, extract in ours + peers:
        print_row(name, *measures.row(extract))
        wrong += measures.differences(name) if args.check and name in PEERS else []
    if wrong:
        sys.exit("evaluate-features: not reproduced:\n  " + "\n  ".join(wrong))


if __name__ == "__main__":
    main()
