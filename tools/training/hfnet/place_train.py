"""Trains the global branch of a trained network: layers 8 to 14 by distillation of feature maps.

The trunk stays as it is, so its layer-7 maps are computed once and training runs on crops of them: a tenth of the cost
of training on photographs. What the local heads give does not change by a bit.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from hfnet import checkpoint
from hfnet.augment import photometric
from hfnet.mobilenet import CHANNELS, STRIDE
from hfnet.model import GLOBAL_CHANNELS, HFNet
from hfnet.place_align import take_global_branch
from hfnet.progress import Progress
from hfnet.targets import Target

CROP = (16, 20)  # rows and columns of cells of layer 14, of which each is two by two of layer 7
STATISTICS_PHOTOGRAPHS = 60
ALIGNED = 50


class Crops:
    """Layer-7 maps and standardized teacher maps of photographs, and random crops of both."""

    def __init__(self, net: HFNet, targets: list[Target], seed: int) -> None:
        self.generator = np.random.default_rng(seed)
        usable = [t for t in targets if t.image.shape[0] // STRIDE >= CROP[0] and t.image.shape[1] // STRIDE >= CROP[1]]
        if not usable:
            raise SystemExit(f"error: no photograph of at least {STRIDE * CROP[1]}x{STRIDE * CROP[0]} pixels")
        cells = torch.cat([torch.from_numpy(t.global_features[:, ::2, ::2]).float().flatten(1) for t in usable], dim=1)
        mean, deviation = cells.mean(1)[:, None, None], cells.std(1)[:, None, None] + 1e-6
        self.students: list[Tensor] = []
        self.teachers: list[Tensor] = []
        progress = Progress("layer-7 maps", len(usable))
        for i, target in enumerate(usable):
            image = photometric(target.image, self.generator) if self.generator.random() < 0.5 else target.image
            with torch.no_grad():
                self.students.append(net.trunk(torch.from_numpy(image).float()[None, None])[0].half())
            self.teachers.append(((torch.from_numpy(target.global_features).float() - mean) / deviation).half())
            progress.update(i + 1)
        progress.close()

    def batch(self, count: int) -> tuple[Tensor, Tensor]:
        """Crops [B, 96, 2h, 2w] and [B, 96, h, w]."""
        students, teachers = [], []
        rows, columns = CROP
        for i in self.generator.choice(len(self.students), min(count, len(self.students)), replace=False):
            student, teacher = self.students[i], self.teachers[i]
            y = int(self.generator.integers(0, student.shape[1] // 2 - rows + 1))
            x = int(self.generator.integers(0, student.shape[2] // 2 - columns + 1))
            students.append(student[:, 2 * y : 2 * (y + rows), 2 * x : 2 * (x + columns)])
            teachers.append(teacher[:, y : y + rows, x : x + columns])
        return torch.stack(students).float(), torch.stack(teachers).float()


def distil(
    net: HFNet, adapter: nn.Module, crops: Crops, held: Crops, steps: int, minutes: float, rate: float, batch: int
) -> int:
    """Trains layers 8 to 14 and the adapter; returns the number of steps taken."""
    parameters = list(net.global_blocks.parameters()) + list(adapter.parameters())
    optimizer = torch.optim.AdamW(parameters, rate, weight_decay=1e-4)
    began, step, fraction = time.monotonic(), 0, 0.0
    progress = Progress("global branch", 1000)
    check = [held.batch(8) for _ in range(4)]

    def loss_of(x: Tensor, y: Tensor) -> Tensor:
        with torch.autocast("cpu", torch.bfloat16):
            features = net.global_features(x.contiguous(memory_format=torch.channels_last))
        return 1 - F.cosine_similarity(adapter(features.float()), y, dim=1).mean()

    while fraction < 1:
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1.0, fraction / 0.05 + 0.04) * (0.5 + 0.5 * math.cos(math.pi * fraction)) + 1e-7
        net.global_blocks.train()
        loss = loss_of(*crops.batch(batch))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        step += 1
        fraction = (time.monotonic() - began) / (60 * minutes) if minutes > 0 else step / steps
        progress.update(int(1000 * fraction), f"step {step} loss {loss.item():.3f}")
        if step % 200 == 0 or fraction >= 1:
            net.global_blocks.eval()
            with torch.no_grad():
                held_out = float(np.mean([loss_of(*pair).item() for pair in check]))
            print(f"step {step}: loss {loss.item():.4f}, held out {held_out:.4f}", flush=True)
    progress.close()
    return step


@torch.no_grad()
def settle(net: HFNet, crops: Crops) -> None:
    """Batch statistics of layers 8 to 14 as plain means over whole photographs."""
    norms = [m for m in net.global_blocks.modules() if isinstance(m, nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
    net.global_blocks.train()
    for student in crops.students[:STATISTICS_PHOTOGRAPHS]:
        net.global_features(student[None].float())
    net.eval()


def main() -> None:
    p = argparse.ArgumentParser(prog="tools/training/train-place", description=__doc__)
    p.add_argument(
        "--checkpoint",
        type=Path,
        required=True,
        help="checkpoint of tools/training/train: the trunk and the local heads",
    )
    p.add_argument(
        "--cache", type=Path, required=True, help="folder of cached targets (OUTPUT/targets of tools/training/train)"
    )
    p.add_argument(
        "--start", type=Path, help="fit layers 8 to 14 of this earlier result onto the trunk, and go on from them"
    )
    p.add_argument("--count", type=int, default=2000, help="at most so many photographs (default 2000)")
    p.add_argument("--steps", type=int, default=4000)
    p.add_argument("--minutes", type=float, default=0, help="train for this long instead of --steps")
    p.add_argument("--batch", type=int, default=8)
    p.add_argument("--learning-rate", type=float, default=3e-3)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--output", type=Path, required=True, help="the checkpoint to write")
    args = p.parse_args()
    torch.set_num_threads(args.threads)
    cv2.setNumThreads(1)
    torch.manual_seed(args.seed)
    net, provenance = checkpoint.load_network(args.checkpoint)
    adapter = nn.Conv2d(GLOBAL_CHANNELS, CHANNELS, 1)
    paths = sorted(path for path in args.cache.glob("*.npz") if path.stat().st_size > 0)
    random.Random(args.seed).shuffle(paths)
    targets = [Target.read(path) for path in paths[: args.count]]
    earlier_steps = provenance.get("global_branch_steps", 0)
    if args.start:
        earlier, earlier_provenance = checkpoint.load_network(args.start)
        explained = take_global_branch(net, earlier, [t.image for t in targets[:ALIGNED]])
        print(
            f"the earlier layer 7 is a linear map of this one but for {1 - explained:.1%} of its variance", flush=True
        )
        adapter.load_state_dict(checkpoint.load(args.start)["adapter"])
        earlier_steps = earlier_provenance.get("global_branch_steps", 0)
    held = Crops(net, targets[:24], args.seed)
    crops = Crops(net, targets[24:], args.seed + 1)
    net.global_blocks.to(memory_format=torch.channels_last)
    steps = distil(net, adapter, crops, held, args.steps, args.minutes, args.learning_rate, args.batch)
    settle(net, crops)
    provenance |= {"global_branch_steps": earlier_steps + steps}
    state = {
        "average": net.state_dict(),
        "adapter": adapter.state_dict(),
        "descriptor_dimension": net.descriptor_dimension,
        "provenance": provenance,
    }
    checkpoint.save(args.output, state)
    print(f"done: {args.output} after {steps} steps")


if __name__ == "__main__":
    main()
