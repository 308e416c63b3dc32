"""Fits the last layer of the descriptor head in closed form: whitening within matches, then the leading components.

A distilled student shrinks the directions it cannot predict, and the differences between its descriptors of one point
in two views are far larger along some directions than along others. Learned whitening (Mikolajczyk and Matas, 2007)
divides each by its deviation, here to a power; PCA of the result keeps the directions that tell points apart. Both are
linear, and the head's last layer is too: the network computes the shorter descriptor at less cost than the longer one.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import cv2
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hfnet import checkpoint
from hfnet.data import LocalSampler
from hfnet.losses import sample
from hfnet.model import HFNet
from hfnet.progress import Progress
from hfnet.targets import Target

PAIRS = 4
# Of the largest variance: directions that hardly vary would be magnified without bound.
LEAST_VARIANCE = 0.01


@torch.no_grad()
def matched_descriptors(net: HFNet, sampler: LocalSampler, batches: int) -> tuple[Tensor, Tensor]:
    """Descriptors [N, D] of the same keypoints in both views of pairs, float64."""
    first, second = [], []
    progress = Progress("descriptor head", batches)
    for i in range(batches):
        batch = sampler.batch(PAIRS)
        _, raw = net.local(net.trunk(batch.views))
        found = sample(F.normalize(raw, dim=1), batch.points)
        both = batch.inside[0::2] & batch.inside[1::2]
        both[:, batch.keypoints :] = False
        first.append(found[0::2][both])
        second.append(found[1::2][both])
        progress.update(i + 1)
    progress.close()
    return torch.cat(first).double(), torch.cat(second).double()


def whitening(first: Tensor, second: Tensor, dimension: int, power: float) -> Tensor:
    """The map [D, dimension] to be applied to descriptors as rows.

    Deviations within matches are divided out to `power`: 0 leaves plain PCA, 1 is full whitening.
    """
    difference = first - second
    values, vectors = torch.linalg.eigh(difference.T @ difference / (2 * len(difference)))
    values = values / values[-1] + LEAST_VARIANCE
    whitened = vectors * values.pow(-power / 2) @ vectors.T
    rows = torch.cat((first, second)) @ whitened
    _, components = torch.linalg.eigh(rows.T @ rows)
    return whitened @ components.flip(1)[:, :dimension]


@torch.no_grad()
def with_projection(net: HFNet, projection: Tensor) -> HFNet:
    """The network whose raw descriptor map is that of `net` times `projection` [D, dimension]."""
    dimension = projection.shape[1]
    result = HFNet(dimension)
    old, new = net.descriptor.out, nn.Conv2d(net.descriptor.out.in_channels, dimension, 1)
    new.weight.copy_((projection.T @ old.weight[:, :, 0, 0].double())[:, :, None, None])
    new.bias.copy_(projection.T @ old.bias.double())
    result.descriptor.out = new
    kept = {name: value for name, value in net.state_dict().items() if not name.startswith("descriptor.out.")}
    result.load_state_dict(kept, strict=False)
    return result.eval()


def main() -> None:
    p = argparse.ArgumentParser(prog="tools/training/fit-descriptor-head", description=__doc__)
    p.add_argument(
        "--checkpoint",
        type=Path,
        required=True,
        help="checkpoint of tools/training/train or tools/training/train-place",
    )
    p.add_argument(
        "--cache", type=Path, required=True, help="folder of cached targets (OUTPUT/targets of tools/training/train)"
    )
    p.add_argument("--dimension", type=int, default=64, help="length of the descriptor (default 64)")
    p.add_argument(
        "--power", type=float, default=1.0, help="0: plain PCA; 1: full whitening within matches (default 1)"
    )
    p.add_argument("--count", type=int, default=300, help="at most so many photographs (default 300)")
    p.add_argument("--batches", type=int, default=60, help=f"batches of {PAIRS} pairs of views (default 60)")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--output", type=Path, required=True, help="the checkpoint to write")
    args = p.parse_args()
    torch.set_num_threads(args.threads)
    cv2.setNumThreads(1)
    state = checkpoint.load(args.checkpoint)
    net, provenance = checkpoint.load_network(args.checkpoint)
    if not 0 < args.dimension <= net.descriptor_dimension:
        raise SystemExit(
            f"error: --dimension {args.dimension}: the network has {net.descriptor_dimension}; give at most that"
        )
    paths = sorted(path for path in args.cache.glob("*.npz") if path.stat().st_size > 0)
    random.Random(args.seed).shuffle(paths)
    sampler = LocalSampler([Target.read(path) for path in paths[: args.count]], (320, 240), 350, 250, args.seed)
    projection = whitening(*matched_descriptors(net, sampler, args.batches), args.dimension, args.power)
    fitted = with_projection(net, projection)
    state |= {
        "average": fitted.state_dict(),
        "descriptor_dimension": args.dimension,
        "provenance": provenance
        | {"descriptor_head": f"{args.dimension} of {net.descriptor_dimension}, power {args.power}"},
    }
    for name in ("net", "optimizer"):  # of the longer descriptor; training cannot go on from here
        state.pop(name, None)
    checkpoint.save(args.output, state)
    print(f"done: {args.output}, descriptors of {args.dimension}")


if __name__ == "__main__":
    main()
