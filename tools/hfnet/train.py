"""Multi-task distillation of HF-Net from frozen teachers."""

from __future__ import annotations

import argparse
import copy
import json
import math
import time
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from hfnet import checkpoint
from hfnet.curves import draw_curves
from hfnet.data import GlobalBatch, GlobalSampler, LocalBatch, LocalSampler, resized_map
from hfnet.images import find_images, read_list
from hfnet.losses import SelfBalancing, detector_loss, local_losses
from hfnet.mobilenet import CHANNELS
from hfnet.model import GLOBAL_CHANNELS, HFNet
from hfnet.place_teacher import PlaceTeacher
from hfnet.progress import Progress
from hfnet.targets import Target, cache_path, compute_targets

HELD_OUT = 24
GRADIENT_LIMIT = 5.0
AVERAGE_DECAY = 0.998
STATISTICS_BATCHES = 40


@dataclass(frozen=True)
class Settings:
    """What decides the result of a run, beside the photographs."""

    descriptor_dimension: int
    global_dimension: int
    steps: int
    minutes: float
    pairs: int
    crop: tuple[int, int]
    keypoints: int
    grid: int
    global_every: int
    global_batch: int
    global_sides: tuple[int, int]
    learning_rate: float
    seed: int
    low_precision: bool


def learning_rate(fraction: float, peak: float) -> float:
    """One cycle: a linear rise over the first twentieth, then a cosine to nearly zero."""
    rise = 0.05
    if fraction < rise:
        return peak * (0.04 + 0.96 * fraction / rise)
    t = min(1.0, (fraction - rise) / (1 - rise))
    return peak * (1e-4 + (1 - 1e-4) * 0.5 * (1 + math.cos(math.pi * t)))


class Average:
    """Exponential moving average of a network's weights and statistics."""

    def __init__(self, net: HFNet) -> None:
        self.net = copy.deepcopy(net).eval().requires_grad_(False)
        self.updates = 0

    @torch.no_grad()
    def update(self, net: HFNet) -> None:
        self.updates += 1
        decay = min(AVERAGE_DECAY, (1 + self.updates) / (10 + self.updates))
        own, new = self.net.state_dict(), net.state_dict()
        for name, value in own.items():
            if value.is_floating_point():
                value.lerp_(new[name].float(), 1 - decay)
            else:
                value.copy_(new[name])


class Trainer:
    """State and one step of training."""

    def __init__(self, settings: Settings, device: str) -> None:
        torch.manual_seed(settings.seed)
        self.settings, self.device = settings, device
        self.net = HFNet(settings.descriptor_dimension, settings.global_dimension).to(device)
        self.net = self.net.to(memory_format=torch.channels_last)
        self.balance = SelfBalancing().to(device)
        self.average = Average(self.net)
        self.adapter = torch.nn.Conv2d(GLOBAL_CHANNELS, CHANNELS, 1).to(device)
        parameters = [p for m in (self.net, self.balance, self.adapter) for p in m.parameters()]
        self.optimizer = torch.optim.AdamW(parameters, settings.learning_rate, weight_decay=1e-4)
        self.generator = torch.Generator().manual_seed(settings.seed)
        self.step, self.elapsed = 0, 0.0
        self.history: list[dict[str, float]] = []

    @property
    def fraction(self) -> float:
        """How much of the run is done: of its minutes, or of its steps."""
        if self.settings.minutes > 0:
            return min(1.0, self.elapsed / (60 * self.settings.minutes))
        return min(1.0, self.step / self.settings.steps)

    def autocast(self) -> torch.autocast:
        return torch.autocast(self.device.split(":")[0], torch.bfloat16, enabled=self.settings.low_precision)

    def local_terms(self, net: HFNet, batch: LocalBatch) -> tuple[dict[str, Tensor], dict[str, float]]:
        """Task losses and their parts, for a batch of view pairs."""
        with self.autocast():
            features = net.trunk(batch.views.to(self.device, memory_format=torch.channels_last))
            hidden = net.detector.hidden(features), net.descriptor.hidden(features)
        logits, raw = net.detector.out(hidden[0].float()), net.descriptor.out(hidden[1].float())
        parts = local_losses(raw, batch, self.generator)
        losses = {"local": parts.total(), "detector": detector_loss(logits, batch)}
        return losses, {name: value.item() for name, value in vars(parts).items()}

    def global_terms(self, net: HFNet, batch: GlobalBatch) -> tuple[Tensor, dict[str, float]]:
        """Half the squared distance of global descriptors, and the cosine distance of feature maps (through a linear map
        that is not part of the network). The trunk is left to the local tasks."""
        trained = net.training
        with torch.no_grad(), self.autocast():
            net.eval()
            features = net.trunk(batch.views.to(self.device, memory_format=torch.channels_last))
            net.train(trained)
        with self.autocast():
            features = net.global_features(features)
        vectors = net.vlad(features.float())
        place = 0.5 * (vectors - batch.places.to(self.device)).square().sum(1).mean()
        dense = 1 - F.cosine_similarity(self.adapter(features.float()), batch.maps.to(self.device), dim=1).mean()
        return place + 2 * dense, {"place": place.item(), "place_map": dense.item()}

    def train_step(self, local: LocalSampler, places: GlobalSampler) -> None:
        settings = self.settings
        began = time.monotonic()
        rate = learning_rate(self.fraction, settings.learning_rate)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.net.train()
        losses, parts = self.local_terms(self.net, to_device(local.batch(settings.pairs), self.device))
        if self.step > 100 and self.step % settings.global_every == 0:  # the trunk has statistics by then
            batch = places.batch(settings.global_batch, settings.global_sides)
            losses["global"], more = self.global_terms(self.net, batch)
            parts |= more
        self.optimizer.zero_grad(set_to_none=True)
        self.balance(losses).backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), GRADIENT_LIMIT)
        self.optimizer.step()
        self.average.update(self.net)
        self.step += 1
        self.elapsed += time.monotonic() - began
        row = {name: loss.item() for name, loss in losses.items()} | parts | {"step": self.step, "rate": rate}
        self.history.append(row | {f"w_{k}": v.item() for k, v in self.balance.log_variances.items()})

    @torch.no_grad()
    def settle_statistics(self, local: LocalSampler, places: GlobalSampler) -> None:
        """Recomputes the averaged network's batch statistics as plain means over fresh batches."""
        net = self.average.net
        for module in net.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.reset_running_stats()
                module.momentum = None
        net.train()
        for _ in range(STATISTICS_BATCHES):
            net.local(net.trunk(local.batch(self.settings.pairs).views.to(self.device)))
        for _ in range(STATISTICS_BATCHES):
            batch = places.batch(self.settings.global_batch, self.settings.global_sides)
            net.eval()
            features = net.trunk(batch.views.to(self.device))
            net.global_blocks.train(), net.vlad.train()
            net.global_descriptor(features)
        net.eval()

    @torch.no_grad()
    def validate(self, batches: list[LocalBatch], places: list[GlobalBatch]) -> dict[str, float]:
        """The averaged network's losses on held-out photographs."""
        net = self.average.net
        sums: dict[str, float] = {}
        for batch in batches:
            losses, parts = self.local_terms(net, to_device(batch, self.device))
            for name, value in ({k: v.item() for k, v in losses.items()} | parts).items():
                sums[name] = sums.get(name, 0.0) + value / len(batches)
        for whole in places:
            loss, parts = self.global_terms(net, whole)
            for name, value in ({"global": loss.item()} | parts).items():
                sums[name] = sums.get(name, 0.0) + value / len(places)
        return {f"held_out_{name}": value for name, value in sums.items()}

    def state(self, provenance: dict[str, object]) -> dict[str, object]:
        return {
            "net": self.net.state_dict(),
            "average": self.average.net.state_dict(),
            "updates": self.average.updates,
            "balance": self.balance.state_dict(),
            "adapter": self.adapter.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "elapsed": self.elapsed,
            "history": self.history,
            "descriptor_dimension": self.settings.descriptor_dimension,
            "global_dimension": self.settings.global_dimension,
            "provenance": provenance | {"steps": self.step, "minutes": round(self.elapsed / 60, 1)},
        }

    def resume(self, state: dict) -> None:
        """Takes up a checkpoint."""
        self.net.load_state_dict(state["net"])
        self.average.net.load_state_dict(state["average"])
        self.balance.load_state_dict(state["balance"])
        self.adapter.load_state_dict(state["adapter"])
        self.average.updates = state["updates"]
        self.history = list(state["history"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.elapsed = state["step"], state["elapsed"]
        self.generator.manual_seed(self.settings.seed + self.step)


def to_device(batch: LocalBatch, device: str) -> LocalBatch:
    if device == "cpu":
        return batch
    return LocalBatch(**{k: v.to(device) if isinstance(v, Tensor) else v for k, v in vars(batch).items()})


def read_targets(images: list[tuple[str, Path]], cache: Path) -> list[Target]:
    """The cached targets of the images; photographs that gave none are skipped."""
    paths = [cache_path(cache, name) for name, _ in images]
    return [Target.read(path) for path in paths if path.exists() and path.stat().st_size > 0]


def train(trainer: Trainer, targets: list[Target], output: Path, provenance: dict[str, object], save_minutes: float) -> None:
    settings = trainer.settings
    maps = [t.global_features for t in targets]
    fitted = output / "place_teacher.pt"
    if not fitted.exists():
        PlaceTeacher.fit(maps, settings.global_dimension, settings.seed).save(fitted)
    places = PlaceTeacher.load(fitted).targets(maps)
    held, kept = slice(0, HELD_OUT), slice(HELD_OUT, None)
    images = [t.image for t in targets]
    seed = settings.seed + 1000 * (trainer.step + 1)
    shape = (settings.crop, settings.keypoints, settings.grid)
    local = LocalSampler(targets[kept], *shape, seed)
    whole = GlobalSampler(images[kept], places[kept], maps[kept], seed + 1)
    check = LocalSampler(targets[held], *shape, 5)
    check_local = [check.batch(4) for _ in range(4)]
    check_whole = [
        GlobalBatch(
            torch.from_numpy(image)[None, None].float(),
            torch.from_numpy(place)[None],
            resized_map(features, image.shape[1], image.shape[0]),
        )
        for image, place, features in zip(images[held], places[held], maps[held])
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
        prog="tools/train",
        description="Trains HF-Net on a folder of photographs by distillation. Targets of the teachers are computed once and "
        "cached; an interrupted run resumes from its output folder.",
    )
    p.add_argument("--images", type=Path, action="append", required=True, help="folder of photographs (may be repeated)")
    p.add_argument("--teachers", type=Path, required=True, help="folder with aliked/ and mobilenetv2_imagenet/ weights")
    p.add_argument("--output", type=Path, default=Path("output/train"), help="checkpoints, curves (default output/train)")
    p.add_argument("--cache", type=Path, help="folder for targets (default OUTPUT/targets)")
    p.add_argument("--permissive-list", type=Path, metavar="FILE", help="train only on the names in FILE (one a line)")
    p.add_argument("--without", action="append", default=[], help="leave out photographs whose name contains this")
    p.add_argument("--without-list", type=Path, metavar="FILE", help="leave out the names in FILE")
    p.add_argument("--descriptor-dimension", type=int, default=128)
    p.add_argument("--global-dimension", type=int, default=512)
    p.add_argument("--steps", type=int, default=6000)
    p.add_argument("--minutes", type=float, default=0, help="train for this long instead of --steps")
    p.add_argument("--pairs", type=int, default=4, help="view pairs a step (default 4)")
    p.add_argument("--crop", type=size, default=(320, 240), metavar="WxH", help="size of a view (default 320x240)")
    p.add_argument("--keypoints", type=int, default=350, help="keypoints a view that descriptors are learned at")
    p.add_argument("--grid", type=int, default=250, help="grid points a view that descriptors are learned at")
    p.add_argument("--global-every", type=int, default=4, help="steps between batches of the global task (default 4)")
    p.add_argument("--global-batch", type=int, default=8)
    p.add_argument("--global-sides", type=int, nargs=2, default=(400, 600), help="range of long sides of the global task")
    p.add_argument("--learning-rate", type=float, default=3e-3)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=2, help="CPU threads (default 2)")
    p.add_argument("--workers", type=int, default=2, help="processes that compute targets (default 2)")
    p.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    p.add_argument("--full-precision", action="store_true", help="float32 throughout, instead of bfloat16 convolutions")
    p.add_argument("--save-minutes", type=float, default=5, help="minutes between checkpoints (default 5)")
    p.add_argument("--cached-only", action="store_true", help="train on the photographs whose targets are cached already")
    p.add_argument("--targets-only", action="store_true", help="compute the cached targets and stop")
    return p.parse_args()


def main() -> None:
    args = parse()
    only = set(read_list(args.permissive_list)) if args.permissive_list else None
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
        global_dimension=args.global_dimension,
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
    )
    provenance = {
        "teachers": ["ALIKED-n16 (BSD-3)", "MobileNetV2 1.0 ImageNet, 320 channels, VLAD 32 (MIT)"],
        "images": len(targets),
        "training_date": date.today().isoformat(),
        "settings": asdict(settings),
    }
    trainer = Trainer(settings, args.device)
    existing = args.output / "checkpoint.pt"
    if existing.exists():
        trainer.resume(checkpoint.load(existing))
        print(f"resuming {existing} at step {trainer.step}")
    train(trainer, targets, args.output, provenance, args.save_minutes)
    print(f"done: {args.output / 'checkpoint.pt'} after {trainer.step} steps, {trainer.elapsed / 60:.1f} minutes")


if __name__ == "__main__":
    main()
