"""What limits the features: mixtures with the teacher (needs PyTorch)."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from hfnet.aliked import Aliked
from hfnet.limits import described_from_grid, described_from_tiles
from hfnet.modelfile import golden_image


@pytest.fixture(scope="module")
def teacher() -> Aliked:
    torch.manual_seed(5)
    net = Aliked().eval()
    torch.nn.init.normal_(net.desc_head.agg_weights)
    return net


def test_a_grid_describes_its_own_points_as_the_teacher_does(teacher: Aliked) -> None:
    dense = teacher.dense(torch.from_numpy(golden_image(3)[:64, :96].copy()).float() / 255)
    points = np.array([(27.5, 19.5), (59.5, 43.5)], np.float32)
    expected = teacher.describe(dense.features, torch.from_numpy(points)).numpy()
    assert np.allclose(described_from_grid(teacher, dense, points), expected, atol=1e-4)
    between = described_from_grid(teacher, dense, points + 4)
    assert not np.allclose(between, teacher.describe(dense.features, torch.from_numpy(points + 4)).numpy(), atol=1e-4)


def test_a_tile_hides_what_is_outside(teacher: Aliked) -> None:
    image = golden_image(4)[:96, :128].copy()
    point = np.array([(60.0, 50.0)], np.float32)
    changed = image.copy()
    changed[:, 100:] = 0  # 40 pixels from the point
    same = [described_from_tiles(teacher, i, point, 64) for i in (image, changed)]
    assert np.array_equal(*same)
    wider = [described_from_tiles(teacher, i, point, 96) for i in (image, changed)]
    assert not np.array_equal(*wider)
