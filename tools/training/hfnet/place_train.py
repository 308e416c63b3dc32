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
from hfnet.mobilenet import CHANNELS, WEIGHTS, MobileNetV2
from hfnet.model import GLOBAL_CHANNELS, HFNet
from hfnet.place_align import take_global_branch
from hfnet.place_head import LONG_SIDES
from hfnet.place_maps import PlaceMaps, Standard, explained
from hfnet.progress import Progress
from hfnet.targets import Target

SETTLED = 60  # photographs of each size
FITTED = 150  # photographs of each size for the linear map of R2
HELD_OUT = 48
ALIGNED = 50


def distil(
    net: HFNet, adapter: nn.Module, maps: PlaceMaps, held: PlaceMaps, steps: int, minutes: float, rate: float
) -> int:
    """Trains layers 8 to 14 and the adapter; returns the number of steps taken."""
    parameters = list(net.global_blocks.parameters()) + list(adapter.parameters())
    optimizer = torch.optim.AdamW(parameters, rate, weight_decay=1e-4)
    began, step, fraction = time.monotonic(), 0, 0.0
    progress = Progress("global branch", 1000)
    check = {side: [held.batch(side) for _ in range(4)] for side in held.groups}

    def loss_of(x: Tensor, y: Tensor) -> Tensor:
        with torch.autocast("cpu", torch.bfloat16):
            features = net.global_features(x.contiguous(memory_format=torch.channels_last))
        return 1 - F.cosine_similarity(adapter(features.float()), y, dim=1).mean()

    while fraction < 1:
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1.0, fraction / 0.05 + 0.04) * (0.5 + 0.5 * math.cos(math.pi * fraction)) + 1e-7
        net.global_blocks.train()
        loss = loss_of(*maps.batch())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        step += 1
        fraction = (time.monotonic() - began) / (60 * minutes) if minutes > 0 else step / steps
        progress.update(int(1000 * fraction), f"step {step} loss {loss.item():.3f}")
        if step % 200 == 0 or fraction >= 1:
            net.global_blocks.eval()
            with torch.no_grad():
                losses = {
                    side: float(np.mean([loss_of(*pair).item() for pair in pairs])) for side, pairs in check.items()
                }
            held_out = ", ".join(f"{loss:.4f} at {side}" for side, loss in losses.items())
            print(f"step {step}: loss {loss.item():.4f}, held out {held_out}", flush=True)
    progress.close()
    return step


@torch.no_grad()
def settle(net: HFNet, maps: PlaceMaps) -> None:
    """Batch statistics of layers 8 to 14 as plain means over whole photographs."""
    norms = [m for m in net.global_blocks.modules() if isinstance(m, nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
    net.global_blocks.train()
    for group in zip(*(members[:SETTLED] for members in maps.sides.values())):
        for one in group:
            net.global_features(one.student[None].float())
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
    p.add_argument("--teachers", type=Path, required=True, help="folder with mobilenetv2_imagenet/ weights")
    p.add_argument(
        "--sides",
        type=int,
        nargs="+",
        default=LONG_SIDES,
        metavar="PIXELS",
        help="long sides that every photograph is seen at, in equal shares (default: 640 320 160)",
    )
    p.add_argument(
        "--start", type=Path, help="fit layers 8 to 14 of this earlier result onto the trunk, and go on from them"
    )
    p.add_argument("--count", type=int, default=2000, help="at most so many photographs (default 2000)")
    p.add_argument("--steps", type=int, default=4000)
    p.add_argument("--minutes", type=float, default=0, help="train for this long instead of --steps")
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
        share = take_global_branch(net, earlier, [t.image for t in targets[:ALIGNED]])
        print(f"the earlier layer 7 is a linear map of this one but for {1 - share:.1%} of its variance", flush=True)
        adapter.load_state_dict(checkpoint.load(args.start)["adapter"])
        earlier_steps = earlier_provenance.get("global_branch_steps", 0)
    standard = Standard.of(targets[HELD_OUT:])
    teacher = MobileNetV2.load(args.teachers / WEIGHTS)
    held = PlaceMaps(net, teacher, targets[:HELD_OUT], args.sides, standard, args.seed)
    maps = PlaceMaps(net, teacher, targets[HELD_OUT:], args.sides, standard, args.seed + 1)
    net.global_blocks.to(memory_format=torch.channels_last)
    steps = distil(net, adapter, maps, held, args.steps, args.minutes, args.learning_rate)
    settle(net, maps)
    reached = {side: explained(net, members[:FITTED], held.sides[side]) for side, members in maps.sides.items()}
    for side, share in reached.items():
        print(f"R2 of the teacher's layer 14 on photographs held out, at {side} pixels: {share:.3f}")
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
