"""The state of a training run, one step of it, and what it is worth on held-out photographs."""

from __future__ import annotations

import copy
import math
import time
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from hfnet.data import GlobalBatch, GlobalSampler, LocalBatch, LocalSampler
from hfnet.frozen import FrozenLayers, frozen_modules
from hfnet.imagenet import begin_with_imagenet
from hfnet.losses import SelfBalancing, detector_loss, local_losses
from hfnet.mobilenet import CHANNELS, MobileNetV2
from hfnet.model import GLOBAL_CHANNELS, HFNet
from hfnet.widen import take_over

GRADIENT_LIMIT = 5.0
AVERAGE_DECAY = 0.998
STATISTICS_BATCHES = 40
# The moving average of a run that starts from trained weights follows slower than an untrained one.
UPDATES_AT_START = 100


@dataclass(frozen=True)
class Settings:
    """What decides the result of a run, beside the photographs."""

    descriptor_dimension: int
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
    frozen_layers: int = 0


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
        self.net = HFNet(settings.descriptor_dimension).to(device)
        self.net = self.net.to(memory_format=torch.channels_last)
        self.balance = SelfBalancing().to(device)
        self.average = Average(self.net)
        self.adapter = torch.nn.Conv2d(GLOBAL_CHANNELS, CHANNELS, 1).to(device)
        parameters = [p for m in (self.net, self.balance, self.adapter) for p in m.parameters()]
        self.optimizer = torch.optim.AdamW(parameters, settings.learning_rate, weight_decay=1e-4, fused=True)
        self.generator = torch.Generator().manual_seed(settings.seed)
        self.frozen: FrozenLayers | None = None
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

    def trunk(self, net: HFNet, views: Tensor) -> Tensor:
        """Layer 7's output [B, 96, h, w]. Layers that are not trained are the same in `net` and its average."""
        views = views.to(self.device, memory_format=torch.channels_last)
        if not self.settings.frozen_layers:
            return net.trunk(views)
        self.frozen = self.frozen or FrozenLayers(self.net, self.settings.frozen_layers)
        return net.trunk_after(self.frozen.last, self.frozen(views))

    def local_terms(self, net: HFNet, batch: LocalBatch) -> tuple[dict[str, Tensor], dict[str, float]]:
        """Task losses and their parts, for a batch of view pairs."""
        with self.autocast():
            features = self.trunk(net, batch.views)
            hidden = net.detector.hidden(features), net.descriptor.hidden(features)
        logits, raw = net.detector.out(hidden[0].float()), net.descriptor.out(hidden[1].float())
        parts = local_losses(raw, batch, self.generator)
        losses = {"local": parts.total(), "detector": detector_loss(logits, batch)}
        return losses, {name: value.item() for name, value in vars(parts).items()}

    def global_terms(self, net: HFNet, batch: GlobalBatch) -> tuple[Tensor, dict[str, float]]:
        """The cosine distance of layer 14 to the teacher's (through a linear map that is not part of the network). The
        trunk is left to the local tasks."""
        trained = net.training
        with torch.no_grad(), self.autocast():
            net.eval()
            features = net.trunk(batch.views.to(self.device, memory_format=torch.channels_last))
            net.train(trained)
        with self.autocast():
            features = net.global_features(features)
        dense = 1 - F.cosine_similarity(self.adapter(features.float()), batch.maps.to(self.device), dim=1).mean()
        return 2 * dense, {"place_map": dense.item()}

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
        frozen = {m for part in frozen_modules(net, self.settings.frozen_layers) for m in part.modules()}
        for module in net.modules():
            if isinstance(module, torch.nn.BatchNorm2d) and module not in frozen:
                module.reset_running_stats()
                module.momentum = None
        net.train()
        for _ in range(STATISTICS_BATCHES):
            net.local(self.trunk(net, local.batch(self.settings.pairs).views))
        for _ in range(STATISTICS_BATCHES):
            batch = places.batch(self.settings.global_batch, self.settings.global_sides)
            net.eval()
            features = net.trunk(batch.views.to(self.device))
            net.global_blocks.train()
            net.global_features(features)
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
        of_both = (frozen_modules(net, self.settings.frozen_layers) for net in (self.net, self.average.net))
        for own, averaged in zip(*of_both):  # they are the same already, unless the run freezes them from here on
            own.load_state_dict(averaged.state_dict())

    def begin(self, trained: MobileNetV2) -> None:
        """Begins a new run with ImageNet's first layers."""
        begin_with_imagenet(self.net, trained)
        self.average.net.load_state_dict(self.net.state_dict())

    def start(self, state: dict) -> None:
        """Begins a new run from the averaged network of a checkpoint, which may have been narrower."""
        take_over(self.net, state["average"])
        self.average.net.load_state_dict(self.net.state_dict())
        self.balance.load_state_dict(state["balance"])
        self.adapter.load_state_dict(state["adapter"])
        self.average.updates = UPDATES_AT_START


def to_device(batch: LocalBatch, device: str) -> LocalBatch:
    if device == "cpu":
        return batch
    return LocalBatch(**{k: v.to(device) if isinstance(v, Tensor) else v for k, v in vars(batch).items()})
