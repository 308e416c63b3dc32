"""Fits the VLAD head in closed form to the network's own features: clusters by k-means, projection by PCA.

The features of layers 8 to 18 are distilled; what the head does with them need not be learned by gradient descent,
which takes far more photographs than the 3.9 million weights of the projection can be given in a short run.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from hfnet import checkpoint
from hfnet.images import find_images, read_grey
from hfnet.model import CLUSTERS, HFNet, vlad_vector
from hfnet.progress import Progress

SAMPLES = 60_000
ROUNDS = 20
SHARPNESS = 8.0
# Full whitening amplifies noise (mAP .91 to .32), none lets a few directions rule (.907); a quarter gave .912.
WHITENING = 0.25


def kmeans(x: Tensor, clusters: int, seed: int) -> Tensor:
    """Centres [clusters, C] of rows [N, C]."""
    generator = torch.Generator().manual_seed(seed)
    centres = x[torch.randperm(len(x), generator=generator)[:clusters]].clone()
    for _ in range(ROUNDS):
        nearest = torch.cdist(x, centres).argmin(1)
        sums = torch.zeros_like(centres).index_add_(0, nearest, x)
        counts = torch.bincount(nearest, minlength=clusters)[:, None]
        centres = torch.where(counts > 0, sums / counts.clamp(min=1), centres)
    return centres


@torch.no_grad()
def principal_components(x: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """Mean [C] and basis [C, count] of rows [N, C], a component divided by its deviation to the power WHITENING;
    columns beyond N - 1 are zero."""
    mean = x.mean(0)
    centred = (x - mean).double()
    values, vectors = torch.linalg.eigh(centred @ centred.t())
    found = min(count, len(x) - 1)
    top = vectors[:, -found:].flip(1) / values[-found:].flip(0).clamp(min=1e-9).sqrt()
    deviation = values[-found:].flip(0).clamp(min=1e-9).div(len(x)).sqrt()
    return mean, F.pad((centred.t() @ top * deviation.div(deviation[0]) ** -WHITENING).float(), (0, count - found))


@torch.no_grad()
def fit_place_head(net: HFNet, images: list[np.ndarray], seed: int = 1) -> None:
    """Replaces the VLAD head of a network in evaluation mode."""
    progress = Progress("place head", len(images))
    features = []
    for i, image in enumerate(images):
        features.append(net.global_features(net.trunk(torch.from_numpy(image).float()[None, None]))[0])
        progress.update(i + 1)
    progress.close()
    rows = torch.cat([f.flatten(1).t() for f in features])
    generator = torch.Generator().manual_seed(seed)
    rows = rows[torch.randperm(len(rows), generator=generator)[:SAMPLES]]
    centres = kmeans(rows, CLUSTERS, seed)
    # softmax(-a |x - c|^2) has logits linear in x, since |x|^2 is the same for all clusters.
    sharpness = SHARPNESS / torch.cdist(rows, centres).min(1).values.square().mean()
    head = net.vlad
    head.centres.copy_(centres)
    head.memberships.weight.copy_((2 * sharpness * centres)[:, :, None, None])
    head.bn.weight.fill_(1)
    head.bn.bias.copy_(-sharpness * (centres.square().sum(1) - centres.square().sum(1).mean()))
    head.bn.running_mean.zero_()
    head.bn.running_var.fill_(1 - head.bn.eps)
    vectors = []
    for f in features:
        logits = head.bn(head.memberships(f[None]))
        vectors.append(vlad_vector(logits, f[None], head.centres)[0])
    mean, basis = principal_components(torch.stack(vectors), net.global_dimension)
    head.projection.weight.copy_(basis.t())
    head.projection.bias.copy_(-mean @ basis)


def main() -> None:
    p = argparse.ArgumentParser(prog="tools/training/fit-place-head", description=__doc__)
    p.add_argument("--checkpoint", type=Path, required=True, help="checkpoint of tools/training/train")
    p.add_argument(
        "--images", type=Path, action="append", required=True, help="folder of photographs (may be repeated)"
    )
    p.add_argument("--without", action="append", default=[], help="leave out photographs whose name contains this")
    p.add_argument("--count", type=int, default=1500, help="at most so many photographs (default 1500)")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--output", type=Path, required=True, help="the checkpoint to write")
    p.add_argument("--threads", type=int, default=2)
    args = p.parse_args()
    torch.set_num_threads(args.threads)
    names = find_images(args.images, None, args.without)
    random.Random(args.seed).shuffle(names)
    images = [
        image for _, path in names[: args.count] if (image := read_grey(path)) is not None and min(image.shape) >= 160
    ]
    net, provenance = checkpoint.load_network(args.checkpoint)
    fit_place_head(net, images, args.seed)
    provenance["place_head"] = f"k-means and PCA over {len(images)} photographs"
    state = {
        "average": net.state_dict(),
        "descriptor_dimension": net.descriptor_dimension,
        "global_dimension": net.global_dimension,
        "provenance": provenance,
    }
    checkpoint.save(args.output, state)


if __name__ == "__main__":
    main()
