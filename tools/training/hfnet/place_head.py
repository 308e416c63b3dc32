"""Fits the head of the global descriptor in closed form to what the quantized network sees in photographs: clusters of
its layer-14 cells and of its local descriptors by k-means, one projection of both VLADs by PCA.

No weight of the network changes. A third of the photographs each is seen at 640, 320 and 160 pixels, as by large and
small cameras.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from hfnet.images import find_images, read_grey, read_list, reduce_grey
from hfnet.integer import (
    CELLS,
    CLUSTERS,
    GLOBAL_FEATURES,
    KEYPOINTS,
    PLACE_KEYPOINTS,
    IntegerModel,
    PlaceHead,
)
from hfnet.modelfile import read_model, write_golden, write_model
from hfnet.photographs import PhotographList, list_beside
from hfnet.progress import Progress
from hfnet.quantize import FloatLayer, integer_convolution, logits_scale, quantize_weights, symmetric_scale
from hfnet.quick import QuickNetwork
from hfnet.simulate import memberships, vlad_sum

LONG_SIDES = (640, 320, 160)
SAMPLES = 60_000
ROUNDS = 20
SHARPNESS = 16.0
# Full whitening amplifies noise, none lets a few directions rule.
WHITENING = 0.5


@dataclass
class Seen:
    """What the network sees in an image: local descriptors [n, D] int8, and cells [m, C] of layer 14, q - z."""

    descriptors: np.ndarray
    cells: np.ndarray


def look(network: QuickNetwork, images: list[np.ndarray], threshold: float, cache: Path | None) -> Iterator[Seen]:
    """What the network sees in each image, one after another at each of the sizes; of an image that is in the cache,
    what it saw before."""
    progress = Progress("looking", len(images))
    for i, image in enumerate(images):
        reduced = reduce_grey(image, LONG_SIDES[i % len(LONG_SIDES)])
        digest = hashlib.blake2b(reduced.tobytes(), digest_size=12).hexdigest()
        path = cache / f"{digest}.npz" if cache else None
        if path is not None and path.exists():
            with np.load(path) as kept:
                yield Seen(kept["descriptors"], kept["cells"])
        else:
            _, descriptors, cells = network.describe(reduced, PLACE_KEYPOINTS, threshold, GLOBAL_FEATURES)
            if path is not None:
                temporary = path.with_suffix(".tmp.npz")
                np.savez(temporary, descriptors=descriptors, cells=cells)
                temporary.rename(path)
            yield Seen(descriptors, cells)
        progress.update(i + 1)
    progress.close()


def kmeans(x: Tensor, clusters: int, generator: torch.Generator) -> Tensor:
    """Centres [clusters, C] of rows [N, C]."""
    centres = x[torch.randperm(len(x), generator=generator)[:clusters]].clone()
    for _ in range(ROUNDS):
        nearest = torch.cdist(x, centres).argmin(1)
        sums = torch.zeros_like(centres).index_add_(0, nearest, x)
        counts = torch.bincount(nearest, minlength=clusters)[:, None]
        centres = torch.where(counts > 0, sums / counts.clamp(min=1), centres)
    return centres


@dataclass
class Clusters:
    """Centres [32, C], and the linear layer whose softmax are the memberships: softmax(-s |x - c|^2), s such that a row
    at the usual distance of the nearest centre has the exponent -16.

    Its logits are 2 s (c - m) x - s (|c|^2 - mean |c|^2): what all clusters have in common is left out.
    """

    centres: np.ndarray
    weight: np.ndarray
    bias: np.ndarray

    @staticmethod
    def fit(rows: list[np.ndarray], scale: float, seed: int) -> Clusters:
        """Of integers [n, C] of the scale."""
        generator = torch.Generator().manual_seed(seed)
        step = max(1, sum(len(r) for r in rows) // SAMPLES)
        x = torch.from_numpy(np.concatenate([r[::step] for r in rows]).astype(np.float32) * np.float32(scale))
        centres = kmeans(x, CLUSTERS, generator)
        least = torch.cdist(x, centres).min(1).values.square().mean()
        sharpness = SHARPNESS / least.clamp(min=1e-9)
        squares = centres.square().sum(1)
        weight = 2 * sharpness * (centres - centres.mean(0))
        return Clusters(centres.numpy(), weight.numpy(), (-sharpness * (squares - squares.mean())).numpy())

    def logits(self, q: np.ndarray, scale: float) -> np.ndarray:
        return q.astype(np.float32) * np.float32(scale) @ self.weight.T + self.bias


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


def fit_place_head(model: IntegerModel, seen: list[Seen], dimension: int, seed: int = 1) -> None:
    """Gives the model a head of `dimension` numbers, in place of the one it may have."""
    model.layers = [layer for layer in model.layers if layer.name not in (CELLS, KEYPOINTS)]
    sources = {
        CELLS: (GLOBAL_FEATURES, [s.cells for s in seen]),
        KEYPOINTS: ("keypoints", [s.descriptors for s in seen]),
    }
    centres, halves = {}, []
    for name, (source, rows) in sources.items():
        scale, zero = model.scales[source]
        clusters = Clusters.fit(rows, scale, seed)
        logits = [clusters.logits(q, scale) for q in rows]
        largest = max(float(np.abs(values).max()) for values in logits if values.size)
        layer, out_scale = integer_convolution(
            FloatLayer(
                name, "pointwise", [source], 1, clusters.weight.shape[1], CLUSTERS, "int16", False,
                torch.from_numpy(clusters.weight), torch.from_numpy(clusters.bias),
            ),
            (scale, zero),
            (logits_scale(largest), 0),
        )  # fmt: skip
        model.layers.append(layer)
        model.scales[name] = (out_scale, 0)
        centres[name] = clusters.centres
        halves.append(np.stack([vlad_sum(memberships(v), q, scale, clusters.centres) for v, q in zip(logits, rows)]))
    x = torch.from_numpy(np.concatenate(halves, axis=1))
    mean, basis = principal_components(x, dimension)
    weight, weight_scale = quantize_weights(basis.t(), 1e-12)
    model.head = PlaceHead(
        centres,
        weight,
        weight_scale.astype(np.float32),
        (-mean @ basis).numpy(),
        float(np.float32(symmetric_scale(x[:: max(1, len(x) // 1000)].flatten()))),
    )


def extended_list(path: Path, model: Path, metadata: dict[str, str]) -> PhotographList:
    """A list for a model whose network has been trained before: it has to have what that was trained on."""
    photographs = PhotographList.read(path)
    former = metadata.get("photographs_hash")
    if former is None:
        raise SystemExit(f"error: {model}: names no photographs that its network was trained on (--list chooses some)")
    if missing := set(list_beside(model, former).photographs) - set(photographs.photographs):
        raise SystemExit(f"error: {path}: lacks {len(missing)} photographs that {model} was trained on")
    return photographs


def chosen_names(path: Path | None, photographs: PhotographList | None) -> set[str] | None:
    """The names that both lists have; None for all."""
    chosen = set(read_list(path)) if path else None
    if photographs is None:
        return chosen
    return photographs.names if chosen is None else chosen & photographs.names


def main() -> None:
    p = argparse.ArgumentParser(prog="tools/training/fit-place-head", description=__doc__)
    p.add_argument(
        "--model", type=Path, default=Path("Sources/Inference/Model/hfnet.safetensors"), help="the model file"
    )
    p.add_argument(
        "--images", type=Path, action="append", required=True, help="folder of photographs (may be repeated)"
    )
    p.add_argument(
        "--list", type=Path, metavar="FILE", help="only the photographs whose names are in FILE (one a line)"
    )
    p.add_argument(
        "--photographs",
        type=Path,
        help="as --list, a list of tools/training/list-photographs: the model file names it by its hash, and it is "
        "written beside it; it must have all that the model's own list has",
    )
    p.add_argument("--count", type=int, default=2000, help="at most so many photographs (default 2000)")
    p.add_argument("--dimension", type=int, default=512, help="of the global descriptor (default 512)")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--cache", type=Path, help="keep here what the network sees, so that a run can be resumed")
    p.add_argument("--output", type=Path, help="the model file to write (default: the one that was read)")
    p.add_argument("--golden", type=Path, default=Path("Tests/InferenceTests/Golden/golden.safetensors"))
    p.add_argument("--threads", type=int, default=2)
    args = p.parse_args()
    torch.set_num_threads(args.threads)
    cv2.setNumThreads(1)
    model, metadata = read_model(args.model)
    photographs = extended_list(args.photographs, args.model, metadata) if args.photographs else None
    names = find_images(args.images, chosen_names(args.list, photographs))
    random.Random(args.seed).shuffle(names)
    images = [image for _, path in names[: args.count] if (image := read_grey(path)) is not None]
    images = [image for image in images if min(image.shape) >= 160]
    if args.cache:
        args.cache.mkdir(parents=True, exist_ok=True)
    threshold = float(metadata["detection_threshold"])
    seen = list(look(QuickNetwork(model), images, threshold, args.cache))
    fit_place_head(model, seen, args.dimension, args.seed)
    provenance = json.loads(metadata["provenance"]) | {
        "place_head": f"fitted to {len(images)} photographs"
    }
    output = args.output or args.model
    long_side = int(metadata["input_long_side"])
    model_id = write_model(output, model, metadata["name"], threshold, long_side, provenance, photographs)
    write_golden(args.golden, model, model_id, threshold)
    print(f"{output}: {output.stat().st_size / 1e6:.2f} MB, model_id {model_id}, {len(images)} photographs")
    if photographs is None and "photographs_hash" in metadata:
        print(f"{output}: no longer names the photographs that it was trained on (--photographs)")


if __name__ == "__main__":
    main()
