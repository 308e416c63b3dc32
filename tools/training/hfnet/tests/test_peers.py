"""The shapes of the peers' networks, untrained."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from hfnet.homography import inside
from hfnet.modelfile import golden_image
from hfnet.peers import xfeat
from hfnet.peers.alike import Alike
from hfnet.peers.disk import Disk
from hfnet.peers.superpoint import SuperPoint
from hfnet.peers.xfeat import XFeat


@pytest.mark.parametrize(("make", "dimension"), [(SuperPoint, 256), (XFeat, 64), (Alike, 128), (Disk, 128)])
def test_a_peer_gives_unit_descriptors_at_points_of_the_image(
    make: type, dimension: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xfeat, "THRESHOLD", 0.0)  # an untrained detector is sure of nothing
    torch.manual_seed(2)
    image = golden_image()
    found = make().eval().extract(image, 40)
    assert 0 < len(found.points) <= 40
    assert found.descriptors.shape == (len(found.points), dimension)
    assert np.allclose(np.linalg.norm(found.descriptors, axis=1), 1, atol=1e-4)
    assert inside(found.points, image).all()


def test_published_superpoint_weights_have_a_place_for_each_tensor() -> None:
    """The tensors of superpoint_v1.pth: names and shapes, as the paper's layers have them."""
    names = {name: tuple(value.shape) for name, value in SuperPoint().state_dict().items()}
    assert len(names) == 24
    assert names["conv1a.weight"] == (64, 1, 3, 3)
    assert names["conv4b.weight"] == (128, 128, 3, 3)
    assert names["convPb.weight"] == (65, 256, 1, 1)
    assert names["convDb.bias"] == (256,)
