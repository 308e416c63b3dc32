"""Layer-7 maps of photographs beside the teacher's layer-14 maps: what layers 8 to 14 are trained on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from hfnet.augment import photometric
from hfnet.images import reduce_grey
from hfnet.mobilenet import CHANNELS, MobileNetV2
from hfnet.model import HFNet
from hfnet.progress import Progress
from hfnet.targets import Target

CROP = (16, 20)  # rows and columns of cells of layer 14 at most, of which each is two by two of layer 7
CELLS = 8 * CROP[0] * CROP[1]  # of a batch
SHARE_OF_CELLS = 2  # one row and column in so many, for statistics


@dataclass
class Standard:
    """Mean and deviation [C, 1, 1] of the teacher's channels, and maps that have none."""

    mean: Tensor
    deviation: Tensor

    @staticmethod
    def of(targets: list[Target]) -> Standard:
        step = SHARE_OF_CELLS
        cells = torch.cat(
            [torch.from_numpy(t.global_features[:, ::step, ::step]).float().flatten(1) for t in targets], 1
        )
        return Standard(cells.mean(1)[:, None, None], cells.std(1)[:, None, None] + 1e-6)

    def __call__(self, features: Tensor) -> Tensor:
        return (features - self.mean) / self.deviation


@dataclass
class PlaceMap:
    """A photograph at one size: layer 7 [96, 2h, 2w], perhaps a row or column less, and the teacher's 14 [96, h, w]."""

    student: Tensor
    teacher: Tensor

    @property
    def crop_shape(self) -> tuple[int, ...]:
        """Rows and columns of its crops: of layer 14, then of layer 7."""
        own, finer = self.teacher.shape[1:], self.student.shape[1:]
        rows_columns = tuple(min(n, limit) for n, limit in zip(own, CROP))
        return rows_columns + tuple(m if n <= limit else 2 * limit for m, n, limit in zip(finer, own, CROP))

    def crop(self, generator: np.random.Generator) -> tuple[Tensor, Tensor]:
        rows, columns, finer_rows, finer_columns = self.crop_shape
        # A cell at the border may lie over one row or column of layer 7 only: no crop of a larger map ends with it.
        y = int(generator.integers(0, (self.student.shape[1] - finer_rows) // 2 + 1))
        x = int(generator.integers(0, (self.student.shape[2] - finer_columns) // 2 + 1))
        return (
            self.student[:, 2 * y : 2 * y + finer_rows, 2 * x : 2 * x + finer_columns],
            self.teacher[:, y : y + rows, x : x + columns],
        )


class PlaceMaps:
    """Maps of photographs, each at every one of the long sides, half of them relit for the student, and batches of
    random crops of both."""

    def __init__(
        self, net: HFNet, teacher: MobileNetV2, targets: list[Target], sides: list[int], standard: Standard, seed: int
    ) -> None:
        self.generator = np.random.default_rng(seed)
        self.sides: dict[int, list[PlaceMap]] = {side: [] for side in sides}
        progress = Progress("layer-7 maps", len(targets))
        for i, target in enumerate(targets):
            relit = photometric(target.image, self.generator) if self.generator.random() < 0.5 else target.image
            for side, maps in self.sides.items():
                maps.append(place_map(net, teacher, target, relit, side, standard))
            progress.update(i + 1)
        progress.close()
        self.groups = {side: grouped(maps) for side, maps in self.sides.items()}

    def batch(self, side: int | None = None) -> tuple[Tensor, Tensor]:
        """Crops [B, 96, 2h, 2w] and [B, 96, h, w] of one size, of any if `side` is None: of one photograph once."""
        g = self.generator
        groups = self.groups[side or list(self.groups)[g.integers(len(self.groups))]]
        shares = np.array([len(group) for group in groups], float)
        group = groups[g.choice(len(groups), p=shares / shares.sum())]
        rows, columns = group[0].crop_shape[:2]
        count = min(len(group), max(8, CELLS // (rows * columns)))
        pairs = [group[i].crop(g) for i in g.choice(len(group), count, replace=False)]
        return torch.stack([s for s, _ in pairs]).float(), torch.stack([t for _, t in pairs]).float()


@torch.no_grad()
def place_map(
    net: HFNet, teacher: MobileNetV2, target: Target, relit: np.ndarray, side: int, standard: Standard
) -> PlaceMap:
    """Of one photograph at one size; the teacher's view of the target's own size is known."""
    clean, shown = reduce_grey(target.image, side), reduce_grey(relit, side)
    if clean.shape == target.image.shape:
        features = torch.from_numpy(target.global_features).float()
    else:
        features = teacher(torch.from_numpy(clean).float()[None] / 255)[0]
    assert len(features) == CHANNELS
    return PlaceMap(net.trunk(torch.from_numpy(shown).float()[None, None])[0].half(), standard(features).half())


def grouped(maps: list[PlaceMap]) -> list[list[PlaceMap]]:
    """Those whose crops are alike; single ones are left out, for they have no batch."""
    groups: dict[tuple[int, ...], list[PlaceMap]] = {}
    for one in maps:
        groups.setdefault(one.crop_shape, []).append(one)
    return [group for group in groups.values() if len(group) > 1]


@torch.no_grad()
def explained(net: HFNet, fitted: list[PlaceMap], held: list[PlaceMap]) -> float:
    """R2 of the teacher's layer 14 on held-out photographs, from a linear map of the student's that others gave."""

    def cells(maps: list[PlaceMap]) -> tuple[Tensor, Tensor]:
        pairs = [
            (net.global_features(m.student[None].float())[0].flatten(1).t(), m.teacher.flatten(1).t()) for m in maps
        ]
        x = torch.cat([x for x, _ in pairs]).double()
        return torch.cat((x, torch.ones(len(x), 1).double()), 1), torch.cat([y for _, y in pairs]).double()

    x, y = cells(fitted)
    ridge = 1e-6 * x.square().sum() / x.shape[1] * torch.eye(x.shape[1], dtype=torch.float64)
    solved = torch.linalg.solve(x.t() @ x + ridge, x.t() @ y)
    x, y = cells(held)
    return float(1 - (y - x @ solved).square().sum() / (y - y.mean(0)).square().sum())
