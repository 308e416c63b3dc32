"""Reduces a checkpoint of training to what a new cycle, or an export, begins with: averaged weights in half precision,
without the optimizer's state."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from hfnet import checkpoint

KEPT = ("average", "adapter", "balance")


def slim(state: dict) -> dict:
    """Floats are rounded to 11 bits: less than a step of training moves them."""
    small = {
        part: {k: v.half() if v.is_floating_point() else v.clone() for k, v in state[part].items()}
        for part in KEPT
        if part in state
    }
    return small | {name: state[name] for name in ("descriptor_dimension", "provenance")}


def main() -> None:
    p = argparse.ArgumentParser(prog="tools/training/slim", description=__doc__)
    p.add_argument("--checkpoint", type=Path, required=True, help="checkpoint of tools/training/train or train-place")
    p.add_argument("--output", type=Path, required=True, help="the checkpoint to write: for --start and export")
    args = p.parse_args()
    small = slim(checkpoint.load(args.checkpoint))
    too_large = [k for part in KEPT for k, v in small.get(part, {}).items() if not torch.isfinite(v).all()]
    if too_large:
        raise SystemExit(f"error: {args.checkpoint}: {too_large[0]} is beyond half precision")
    checkpoint.save(args.output, small)
    print(f"{args.output}: {args.output.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
