"""Multi-task distillation of HF-Net from frozen teachers."""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict
from datetime import date
from pathlib import Path

import cv2
import numpy as np
import torch

from hfnet import checkpoint
from hfnet.curves import draw_curves
from hfnet.data import GlobalBatch, GlobalSampler, LocalSampler, resized_map
from hfnet.imagenet import IMAGENET_LAYERS
from hfnet.images import find_images, read_list
from hfnet.mobilenet import WEIGHTS, MobileNetV2
from hfnet.progress import Progress
from hfnet.targets import Target, cache_path, compute_targets
from hfnet.trainer import Settings, Trainer

HELD_OUT = 24


def read_targets(images: list[tuple[str, Path]], cache: Path) -> list[Target]:
    """The cached targets of the images; photographs that gave none are skipped."""
    paths = [cache_path(cache, name) for name, _ in images]
    return [Target.read(path) for path in paths if path.exists() and path.stat().st_size > 0]


def train(
    trainer: Trainer, targets: list[Target], output: Path, provenance: dict[str, object], save_minutes: float
) -> None:
    settings = trainer.settings
    maps = [t.global_features for t in targets]
    held, kept = slice(0, HELD_OUT), slice(HELD_OUT, None)
    images = [t.image for t in targets]
    seed = settings.seed + 1000 * (trainer.step + 1)
    shape = (settings.crop, settings.keypoints, settings.grid)
    local = LocalSampler(targets[kept], *shape, seed)
    whole = GlobalSampler(images[kept], maps[kept], seed + 1)
    check = LocalSampler(targets[held], *shape, 5)
    check_local = [check.batch(4) for _ in range(4)]
    check_whole = [
        GlobalBatch(
            torch.from_numpy(image)[None, None].float(),
            resized_map(features, image.shape[1], image.shape[0]),
        )
        for image, features in zip(images[held], maps[held])
    ]
    progress = Progress("training", 1000)
    saved = time.monotonic()
    while trainer.fraction < 1:
        trainer.train_step(local, whole)
        done = trainer.fraction >= 1
        row = trainer.history[-1]
        note = " ".join(f"{k} {row[k]:.3f}" for k in ("local", "detector", "global") if k in row)
        progress.update(int(1000 * trainer.fraction), f"step {trainer.step} {note}")
        if done or trainer.step % 250 == 0:
            if done:
                trainer.settle_statistics(local, whole)
            row |= trainer.validate(check_local, check_whole)
            with (output / "history.jsonl").open("w") as f:
                f.writelines(json.dumps(r) + "\n" for r in trainer.history)
            print(json.dumps({k: round(v, 4) for k, v in row.items()}), flush=True)
        if done or time.monotonic() - saved > 60 * save_minutes:
            saved = time.monotonic()
            checkpoint.save(output / "checkpoint.pt", trainer.state(provenance))
            draw_curves(trainer.history, output / "curves.png")
    progress.close()


def size(text: str) -> tuple[int, int]:
    width, height = (int(part) for part in text.split("x"))
    if width % 8 or height % 8:
        raise argparse.ArgumentTypeError("sides must be multiples of 8")
    return width, height


def parse() -> argparse.Namespace:
    p = argparse.ArgumentParser(
        prog="tools/training/train",
        description="Trains HF-Net on a folder of photographs by distillation. Targets of the teachers are computed "
        "once and cached; an interrupted run resumes from its output folder.",
    )
    p.add_argument(
        "--images", type=Path, action="append", required=True, help="folder of photographs (may be repeated)"
    )
    p.add_argument("--teachers", type=Path, required=True, help="folder with aliked/ and mobilenetv2_imagenet/ weights")
    p.add_argument(
        "--output", type=Path, default=Path("output/train"), help="checkpoints, curves (default output/train)"
    )
    p.add_argument("--cache", type=Path, help="folder for targets (default OUTPUT/targets)")
    p.add_argument(
        "--list", "--permissive-list", type=Path, metavar="FILE", help="train only on the names in FILE (one a line)"
    )
    p.add_argument("--without", action="append", default=[], help="leave out photographs whose name contains this")
    p.add_argument("--without-list", type=Path, metavar="FILE", help="leave out the names in FILE")
    p.add_argument(
        "--start",
        type=Path,
        help="begin with the weights of this checkpoint (also of a narrower network), for a new cycle",
    )
    p.add_argument(
        "--random-start",
        action="store_true",
        help="without --start: begin with random weights throughout, not ImageNet's in layers 1 to 5",
    )
    p.add_argument("--descriptor-dimension", type=int, default=128)
    p.add_argument("--steps", type=int, default=6000)
    p.add_argument("--minutes", type=float, default=0, help="train for this long instead of --steps")
    p.add_argument("--pairs", type=int, default=4, help="view pairs a step (default 4)")
    p.add_argument("--crop", type=size, default=(320, 240), metavar="WxH", help="size of a view (default 320x240)")
    p.add_argument("--keypoints", type=int, default=350, help="keypoints a view that descriptors are learned at")
    p.add_argument("--grid", type=int, default=250, help="grid points a view that descriptors are learned at")
    p.add_argument("--global-every", type=int, default=4, help="steps between batches of the global task (default 4)")
    p.add_argument("--global-batch", type=int, default=8)
    p.add_argument(
        "--global-sides", type=int, nargs=2, default=(400, 600), help="range of long sides of the global task"
    )
    p.add_argument("--learning-rate", type=float, default=3e-3)
    p.add_argument(
        "--frozen-layers",
        type=int,
        default=0,
        choices=range(6),
        metavar="N",
        help="leave layers 1 to N as the run finds them, for quicker steps",
    )
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=2, help="CPU threads (default 2)")
    p.add_argument("--workers", type=int, default=2, help="processes that compute targets (default 2)")
    p.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    p.add_argument("--full-precision", action="store_true", help="float32 throughout, instead of bfloat16 convolutions")
    p.add_argument("--save-minutes", type=float, default=5, help="minutes between checkpoints (default 5)")
    p.add_argument(
        "--cached-only", action="store_true", help="train on the photographs whose targets are cached already"
    )
    p.add_argument("--targets-only", action="store_true", help="compute the cached targets and stop")
    return p.parse_args()


def resume_or_begin(trainer: Trainer, args: argparse.Namespace) -> object:
    """Takes up the run in the output folder, or begins one; returns what the run began with, None if with random
    weights alone.
    """
    existing = args.output / "checkpoint.pt"
    if existing.exists():
        state = checkpoint.load(existing)
        trainer.resume(state)
        print(f"resuming {existing} at step {trainer.step}")
        return state["provenance"].get("start")
    if args.start:
        earlier = checkpoint.load(args.start)
        trainer.start(earlier)
        print(f"starting from {args.start}")
        return earlier["provenance"]
    trained_layers = 0 if args.random_start else IMAGENET_LAYERS
    if args.frozen_layers > trained_layers:
        raise SystemExit(
            f"error: --frozen-layers {args.frozen_layers}: {trained_layers} layers are trained; "
            "--start CHECKPOINT gives all"
        )
    if args.random_start:
        return None
    trainer.begin(MobileNetV2.load(args.teachers / WEIGHTS))
    return "the ImageNet teacher's layers 1 to 5"


def main() -> None:
    args = parse()
    only = set(read_list(args.list)) if args.list else None
    images = find_images(args.images, only, args.without)
    if args.without_list:
        left_out = set(read_list(args.without_list))
        images = [image for image in images if image[0] not in left_out]
    cache = args.cache or args.output / "targets"
    args.output.mkdir(parents=True, exist_ok=True)
    if not args.cached_only:
        compute_targets(images, cache, args.teachers, 640, args.seed, args.workers, args.device)
    if args.targets_only:
        return
    torch.set_num_threads(args.threads)
    cv2.setNumThreads(1)
    np.random.default_rng(args.seed).shuffle(images)
    targets = read_targets(images, cache)
    if len(targets) < 2 * HELD_OUT:
        raise SystemExit(f"error: {len(targets)} usable photographs; training needs at least {2 * HELD_OUT}")
    settings = Settings(
        descriptor_dimension=args.descriptor_dimension,
        steps=args.steps,
        minutes=args.minutes,
        pairs=args.pairs,
        crop=args.crop,
        keypoints=args.keypoints,
        grid=args.grid,
        global_every=args.global_every,
        global_batch=args.global_batch,
        global_sides=tuple(args.global_sides),
        learning_rate=args.learning_rate,
        seed=args.seed,
        low_precision=not args.full_precision,
        frozen_layers=args.frozen_layers,
    )
    provenance = {
        "teachers": ["ALIKED-n16 (BSD-3)", "MobileNetV2 1.0 ImageNet, layer 14 (MIT)"],
        "images": len(targets),
        "training_date": date.today().isoformat(),
        "settings": asdict(settings),
    }
    trainer = Trainer(settings, args.device)
    start = resume_or_begin(trainer, args)
    if start is not None:
        provenance["start"] = start
    train(trainer, targets, args.output, provenance, args.save_minutes)
    print(f"done: {args.output / 'checkpoint.pt'} after {trainer.step} steps, {trainer.elapsed / 60:.1f} minutes")


if __name__ == "__main__":
    main()
