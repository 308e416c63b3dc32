"""The start from ImageNet (needs PyTorch)."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from hfnet.imagenet import begin_with_imagenet, grey_filters, most_used
from hfnet.mobilenet import MEAN, STD, MobileNetV2
from hfnet.model import HFNet, standardized


def trained(seed: int) -> MobileNetV2:
    """Random weights and statistics: that they are ImageNet's does not matter."""
    torch.manual_seed(seed)
    net = MobileNetV2()
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            for tensor in (module.weight.data, module.bias.data, module.running_mean, module.running_var):
                tensor.uniform_(0.5, 1.5)
    return net.eval()


@torch.no_grad()
def test_layers_of_equal_shape_compute_the_same() -> None:
    net, theirs = HFNet(16), trained(5)
    begin_with_imagenet(net, theirs)
    net.eval()
    x = torch.randn(2, 24, 12, 16)
    blocks = {block.block.index: block for block in net.local_blocks}
    assert torch.allclose(blocks[4](x), theirs.features[3](x), atol=1e-5)
    assert torch.equal(blocks[3].project.conv.weight, theirs.features[2].conv[6].weight)
    assert torch.equal(blocks[5].depthwise.conv.weight, theirs.features[4].conv[3].weight)


@torch.no_grad()
def test_layer_1_sees_in_grey_what_theirs_sees_in_three_equal_colours() -> None:
    net, theirs = HFNet(16), trained(6)
    begin_with_imagenet(net, theirs)
    net.eval()
    grey = torch.rand(1, 1, 17, 17) * 255  # odd: both pad by one
    mean, std = (torch.tensor(values)[None, :, None, None] for values in (MEAN, STD))
    expected = theirs.features[0]((grey / 255 - mean) / std)[:, most_used(theirs.features[1].conv)]
    inside = (slice(None), slice(None), slice(1, -1), slice(1, -1))  # zero stands for another grey beyond the border
    assert torch.allclose(net.stem(standardized(grey))[inside], expected[inside], atol=1e-4)
    filters, _ = grey_filters(theirs.features[0][0].weight)
    assert filters.shape == (32, 1, 3, 3)


def test_the_rest_keeps_its_random_weights() -> None:
    net = HFNet(16)
    before = {name: value.clone() for name, value in net.state_dict().items()}
    begin_with_imagenet(net, trained(7))
    changed = {
        ".".join(name.split(".")[:2])
        for name, value in net.state_dict().items()
        if not torch.equal(value, before[name])
    }
    assert changed == {"stem.conv", "stem.bn", "local_blocks.0", "local_blocks.1", "local_blocks.2", "local_blocks.3"}
    assert torch.equal(
        net.state_dict()["local_blocks.3.project.conv.weight"], before["local_blocks.3.project.conv.weight"]
    )
