"""The float network, its folding and its quantization (needs PyTorch)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from hfnet.export import calibrate, random_network
from hfnet.model import BLOCKS, COARSE, CONTEXT, Block, ConvBN, HFNet, pad_same, repeated
from hfnet.modelfile import golden_image, read_model
from hfnet.quantize import FloatLayer, float_layers, quantize, run_float
from hfnet.quick import QuickNetwork
from hfnet.simulate import dequantized, run_layers
from hfnet.widen import take_over

MODEL = Path(__file__).resolve().parents[4] / "Sources/Inference/Model/hfnet.safetensors"


@pytest.fixture(scope="module")
def net() -> HFNet:
    return random_network(128, seed=11)


PAPER = {5: (24, 144, 24), 6: (24, 144, 48), 7: (48, 288, 96)}
PAPERS_CONTEXT = tuple(Block(i, 48, 144, 48, 1) for i in range(1, 5))
NARROW = {5: (24, 96, 16), 6: (16, 96, 32), 7: (32, 192, 96)}


def network(
    layers: dict[int, tuple[int, int, int]],
    descriptor_dimension: int,
    context: tuple[Block, ...] = (),
    coarse: tuple[Block, ...] = (),
) -> HFNet:
    """With other channels in, expanded and out of some layers, and without context and coarse blocks as the paper's."""
    blocks = (
        Block(b.index, *layers.get(b.index, (b.channels_in, b.expanded, b.channels_out)), b.stride) for b in BLOCKS
    )
    return HFNet(descriptor_dimension, tuple(blocks), context, coarse)


def test_parameter_count_of_the_papers_width_is_the_papers() -> None:
    """Without its layers 15 to 18 and its NetVLAD head."""
    after = 88_800 + 2 * 182_400 + 269_040 + 7_744 + 7_680 + 31_461_376
    assert sum(p.numel() for p in network(PAPER, 256).parameters()) == 33_047_025 - after


def test_a_wider_network_takes_over_a_narrower_one_unchanged() -> None:
    torch.manual_seed(17)
    takes_over_unchanged(network({}, 32), network(NARROW, 32))


def test_a_network_with_context_and_coarse_blocks_takes_over_one_without_unchanged() -> None:
    torch.manual_seed(17)
    takes_over_unchanged(HFNet(32), network({}, 32))


def test_a_network_with_coarse_blocks_takes_over_one_without_unchanged() -> None:
    torch.manual_seed(17)
    takes_over_unchanged(HFNet(32), network({}, 32, CONTEXT))


def test_wider_context_blocks_take_over_narrower_ones_unchanged() -> None:
    torch.manual_seed(17)
    takes_over_unchanged(HFNet(32), network(PAPER, 32, PAPERS_CONTEXT))


def takes_over_unchanged(wide: HFNet, narrow: HFNet) -> None:
    wide.eval(), narrow.eval()
    for module in narrow.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.normal_(module.running_mean)
            torch.nn.init.uniform_(module.running_var, 0.5, 2)
    take_over(wide, narrow.state_dict())
    image = torch.from_numpy(golden_image(5)).float()[None, None]
    with torch.no_grad():
        for got, expected in zip(wide(image), narrow(image)):
            assert torch.allclose(got, expected, atol=1e-5 * float(expected.abs().max()))


def test_new_blocks_can_learn() -> None:
    torch.manual_seed(19)
    plain, deep = network({}, 32), HFNet(32)
    take_over(deep, plain.state_dict())
    blocks = (*deep.context_blocks, *deep.coarse_blocks)
    for _ in range(2):  # what is added back begins at zero: the coarse blocks before it move in the second step
        deep.zero_grad()
        logits, raw = deep.local(deep.trunk(torch.from_numpy(golden_image(5)).float()[None, None].repeat(2, 1, 1, 1)))
        (logits.square().mean() + raw.square().mean()).backward()
        with torch.no_grad():
            for p in (p for block in blocks for p in block.parameters()):
                p -= 0.1 * p.grad
    for block in blocks:
        assert block.project.bn.weight.grad.abs().min() > 0


@pytest.mark.parametrize("coarse", [(), COARSE])
def test_new_blocks_are_not_dropped(coarse: tuple[Block, ...]) -> None:
    with pytest.raises(ValueError, match="not the same network"):
        take_over(network({}, 32, (), coarse), HFNet(32).state_dict())


def test_each_coarse_cell_is_repeated_in_both_directions() -> None:
    coarse = torch.tensor([[1.0, 2.0], [3.0, 4.0]])[None, None]
    assert repeated(coarse, 3, 4)[0, 0].tolist() == [[1, 1, 2, 2], [1, 1, 2, 2], [3, 3, 4, 4]]


def test_every_new_channel_can_learn() -> None:
    torch.manual_seed(18)
    narrow, wide = network(NARROW, 32), network({}, 32)
    take_over(wide, narrow.state_dict())
    for _ in range(2):  # zero weights towards a new channel move in the first step, those behind it in the second
        wide.zero_grad()
        logits, raw = wide.local(wide.trunk(torch.from_numpy(golden_image(5)).float()[None, None].repeat(2, 1, 1, 1)))
        (logits.square().mean() + raw.square().mean()).backward()
        with torch.no_grad():
            for p in wide.local_blocks.parameters():
                p -= 0.1 * p.grad
    before = narrow.local_blocks[5 - 2].project.conv.weight.shape[0]
    gradient = wide.local_blocks[6 - 2].expand.conv.weight.grad[:, before:]
    assert gradient.abs().amax((0, 2, 3)).min() > 0


def test_a_narrower_network_does_not_take_over_a_wider_one() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        take_over(network(NARROW, 32), network({}, 32).state_dict())


def test_same_padding_equals_an_explicit_loop() -> None:
    g = torch.Generator().manual_seed(1)
    weight = torch.randn(1, 1, 3, 3, generator=g)
    for stride in (1, 2):
        for height, width in ((4, 6), (5, 7), (6, 5), (1, 2)):
            x = torch.randn(1, 1, height, width, generator=g)
            got = torch.nn.functional.conv2d(pad_same(x, stride), weight, stride=stride)[0, 0]
            first = [0 if stride == 2 and side % 2 == 0 else -1 for side in (height, width)]
            for oy, ox in np.ndindex(-(-height // stride), -(-width // stride)):
                total = 0.0
                for dy, dx in np.ndindex(3, 3):
                    y, u = oy * stride + first[0] + dy, ox * stride + first[1] + dx
                    if 0 <= y < height and 0 <= u < width:
                        total += float(x[0, 0, y, u] * weight[0, 0, dy, dx])
                assert abs(float(got[oy, ox]) - total) < 1e-5


def test_strided_by_choice_equals_a_strided_convolution() -> None:
    torch.manual_seed(19)
    for height, width in ((4, 6), (5, 7), (6, 5), (9, 12)):
        layer = ConvBN(8, 8, 3, 2, groups=8, linear=True).eval()
        x = torch.randn(2, 8, height, width)
        with torch.no_grad():
            expected = layer(x)
        assert torch.allclose(layer(x), expected, atol=1e-5)


def test_folded_layers_equal_the_network(net: HFNet) -> None:
    image = golden_image(3)
    out = run_float(float_layers(net), image)
    with torch.no_grad():
        logits, raw, _ = net(torch.from_numpy(image).float()[None, None])
    for got, expected in ((out["detector.logits"], logits), (out["descriptor.map"], raw)):
        assert torch.allclose(got, expected, atol=1e-3 * float(expected.abs().max()))


def test_layer_names_and_order(net: HFNet) -> None:
    layers = float_layers(net)
    known = {"image"}
    for layer in layers:
        assert all(source in known for source in layer.inputs)
        known.add(layer.name)
    blocks = BLOCKS + CONTEXT + COARSE
    assert len(layers) == 1 + 3 * len(blocks) - 1 + sum(b.is_residual for b in blocks) + 1 + 4
    assert {"detector.hidden", "detector.logits", "descriptor.hidden", "descriptor.map"} <= known


def test_integer_network_is_close_to_float(net: HFNet) -> None:
    layers = float_layers(net)
    model = quantize(net, layers, calibrate(layers, [golden_image(i) for i in range(4)]))
    image = golden_image(9)
    exact, integer = run_float(layers, image), run_layers(model, image)
    errors = {"image": 0.0}
    for layer in layers:
        expected = exact[layer.name][0].permute(1, 2, 0).numpy()
        got = dequantized(model, integer, layer.name)
        errors[layer.name] = float(np.sqrt(np.mean((got - expected) ** 2)) / expected.std())
        # One step of 255 is about 1 % of the spread; an untrained layer hands on its input's error, hardly amplified.
        before = max(errors[source] for source in layer.inputs)
        assert errors[layer.name] < 1.2 * before + 0.02, (layer.name, before, errors[layer.name])
    head = exact["descriptor.map"][0].permute(1, 2, 0).numpy()
    cosine = np.sum(head * dequantized(model, integer, "descriptor.map"), axis=2)
    cosine /= np.linalg.norm(head, axis=2) * np.linalg.norm(dequantized(model, integer, "descriptor.map"), axis=2)
    assert cosine.mean() > 0.95


def test_an_earlier_checkpoint_is_taken_over_without_what_came_after_layer_14() -> None:
    torch.manual_seed(17)
    earlier = HFNet(32)
    state = earlier.state_dict() | {"vlad.centres": torch.zeros(32, 240), "global_blocks.7.x": torch.zeros(1)}
    net = HFNet(32)
    take_over(net, state)
    assert all(torch.equal(value, earlier.state_dict()[name]) for name, value in net.state_dict().items())


def test_the_quick_network_is_close_to_the_exact_one() -> None:
    """The trained one: random layers hand small differences on, enlarged."""
    model, _ = read_model(MODEL)
    exact = run_layers(model, golden_image(9))
    names = {layer.name for layer in model.layers if layer.output_type == "int8"}
    for name, got in QuickNetwork(model).layers(golden_image(9), names).items():
        difference = np.abs(got + model.scales[name][1] - exact[name].astype(np.int32))
        assert difference.mean() < 2, name


def unpacked(layer: FloatLayer, stored: np.ndarray) -> torch.Tensor:
    """The file's weights in PyTorch's order."""
    n = layer.channels_out
    if layer.operation == "depthwise":
        return torch.from_numpy(stored.T.reshape(n, 1, 3, 3).astype(np.float64))
    taps = 1 if layer.operation == "pointwise" else 3
    return torch.from_numpy(stored.reshape(n, taps, taps, -1).transpose(0, 3, 1, 2).astype(np.float64))


def test_one_integer_layer_is_within_its_rounding(net: HFNet) -> None:
    """Each layer alone, fed with its own dequantized integer input, is within 1/2 + 1/16 + 1/16 steps (and its bias) of
    exact.
    """
    layers = float_layers(net)
    model = quantize(net, layers, calibrate(layers, [golden_image(i) for i in range(4)]))
    integer = run_layers(model, golden_image(2))
    for layer in layers:
        inputs = [
            torch.from_numpy(dequantized(model, integer, n)).permute(2, 0, 1)[None].double() for n in layer.inputs
        ]
        if layer.operation == "add":
            expected = inputs[0] + (repeated(inputs[1], *inputs[0].shape[-2:]) if layer.stride == 2 else inputs[1])
        else:
            scale = layer.weight.double().flatten(1).abs().max(1).values / 127
            weight = unpacked(layer, model.layer(layer.name).weight) * scale[:, None, None, None]
            x = pad_same(inputs[0], layer.stride) if weight.shape[2] == 3 else inputs[0]
            groups = layer.channels_in if layer.operation == "depthwise" else 1
            expected = torch.nn.functional.conv2d(x, weight, layer.bias.double(), layer.stride, groups=groups)
        scale, zero = model.scales[layer.name]
        got = integer[layer.name].astype(np.float64)
        ideal = expected[0].permute(1, 2, 0).numpy() / scale + zero
        free = (ideal > -127) & (ideal < 126) if layer.output_type == "int8" else np.abs(ideal) < 16000
        step = 0.64 if layer.output_type == "int8" else 2.0
        assert np.abs(got - ideal)[free].max() < step, layer.name
