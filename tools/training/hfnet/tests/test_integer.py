"""The integer arithmetic against slow scalar Python, the committed model against its golden tensors (no PyTorch)."""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from hfnet import container
from hfnet.integer import IntegerLayer, affine, requantization, same_padding
from hfnet.modelfile import model_tensors, read_model
from hfnet.simulate import accumulate, add, requantize, run, windows

ROOT = Path(__file__).resolve().parents[4]
MODEL = ROOT / "Sources/Inference/Model/hfnet.safetensors"
GOLDEN = ROOT / "Tests/InferenceTests/Golden/golden.safetensors"


def clamp(v: int, low: int, high: int) -> int:
    return max(low, min(high, v))


def scalar_requantize(acc: int, shift: int, multiplier: int, zero: int, output_type: str) -> int:
    """The page's three lines, with Python's unbounded integers."""
    t = clamp((acc + ((1 << (shift - 1)) if shift > 0 else 0)) >> shift, -32768, 32767)
    r = (t * multiplier + 0x4000) >> 15
    return r if output_type == "int16" else clamp(clamp(r + zero, -32768, 32767), -128, 127)


def scalar_layer(x: np.ndarray, layer: IntegerLayer, zero: int) -> np.ndarray:
    """A layer by explicit loops; SAME padding is stated by its first row and column alone."""
    height, width, _ = x.shape
    stride = layer.stride
    first_y, first_x = (0 if stride == 2 and side % 2 == 0 else -1 for side in (height, width))
    out = np.zeros((-(-height // stride), -(-width // stride), layer.channels_out), np.int64)
    for oy, ox, n in np.ndindex(out.shape):
        acc = int(layer.bias[n])
        for tap in range(1 if layer.operation == "pointwise" else 9):
            y = oy * stride + (first_y + tap // 3 if layer.operation != "pointwise" else 0)
            u = ox * stride + (first_x + tap % 3 if layer.operation != "pointwise" else 0)
            inside = 0 <= y < height and 0 <= u < width
            for k in [n] if layer.operation == "depthwise" else range(layer.channels_in):
                q = int(x[y, u, k]) if inside else zero
                w = (
                    layer.weight[tap, n]
                    if layer.operation == "depthwise"
                    else layer.weight.reshape(layer.channels_out, -1, layer.channels_in)[n, tap, k]
                )
                acc += q * int(w)
        out[oy, ox, n] = scalar_requantize(
            acc, int(layer.shift[n]), int(layer.multiplier[n]), layer.zero_point, layer.output_type
        )
    return out


def random_layer(operation: str, stride: int, output_type: str, seed: int) -> IntegerLayer:
    g = np.random.default_rng(seed)
    channels_in, channels_out = (1, 5) if operation == "stem" else (6, 6) if operation == "depthwise" else (6, 5)
    shape = {
        "stem": (channels_out, 9),
        "pointwise": (channels_out, channels_in),
        "depthwise": (9, channels_in),
        "convolution": (channels_out, 9, channels_in),
    }[operation]
    shift, multiplier = requantization(np.exp(g.uniform(-11, -3, channels_out)), output_type)
    zero = 0 if output_type == "int16" else int(g.integers(-128, 128))
    return IntegerLayer(
        "layer", operation, ["image"], stride, channels_in, channels_out, output_type, 0.1, zero, multiplier,
        g.integers(-127, 128, shape).astype(np.int8), g.integers(-9000, 9000, channels_out).astype(np.int32), shift,
    )  # fmt: skip


@pytest.mark.parametrize("operation", ["stem", "pointwise", "depthwise", "convolution"])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("size", [(4, 6), (5, 7), (4, 5), (1, 1)])
@pytest.mark.parametrize("output_type", ["int8", "int16"])
def test_layer_equals_scalar_loops(operation: str, stride: int, size: tuple[int, int], output_type: str) -> None:
    if operation == "pointwise" and stride == 2:
        pytest.skip("the network has no such layer")
    layer = random_layer(operation, stride, output_type, seed=crc32(f"{operation}{stride}{size}".encode()))
    x = np.random.default_rng(2).integers(-128, 128, (*size, layer.channels_in)).astype(np.int8)
    for fill in (None, -128, 127):
        y = x if fill is None else np.full_like(x, fill)
        assert np.array_equal(requantize(accumulate(y, layer, -77), layer), scalar_layer(y, layer, -77))


@pytest.mark.parametrize("acc", [0, 1, -1, 7, 8, -8, -9, 2**24, -(2**24), 2**30, -(2**30)])
@pytest.mark.parametrize("shift", [0, 1, 4, 16, 20])
@pytest.mark.parametrize("multiplier", [2**11, 4095, 2**14, 32767])
@pytest.mark.parametrize("zero", [-128, 0, 127])
def test_requantize_extremes(acc: int, shift: int, multiplier: int, zero: int) -> None:
    for output_type in ("int8", "int16"):
        layer = IntegerLayer(
            "l", "pointwise", ["image"], 1, 1, 1, output_type, 1.0, zero,
            np.array([multiplier], np.int16), shift=np.array([shift], np.uint8),
        )  # fmt: skip
        expected = scalar_requantize(acc, shift, multiplier, zero, output_type)
        assert requantize(np.array([[[acc]]]), layer).item() == expected


def test_addition_equals_scalar() -> None:
    g = np.random.default_rng(3)
    a, b = (g.integers(-128, 128, (9, 8, 4)).astype(np.int8) for _ in range(2))
    for multipliers in ((8192, 8192), (32767, 1), (5000, 32767)):
        layer = IntegerLayer("a", "add", ["x", "y"], 1, 4, 4, "int8", 0.1, -5, np.array(multipliers, np.int16))
        got = add(a, b, -128, 127, layer)
        for index in np.ndindex(a.shape):
            r_a = (((int(a[index]) + 128) << 7) * multipliers[0] + 0x4000) >> 15
            r_b = (((int(b[index]) - 127) << 7) * multipliers[1] + 0x4000) >> 15
            total = clamp(r_a + r_b, -32768, 32767)
            assert got[index] == clamp(((total + 16) >> 5) - 5, -128, 127)


@pytest.mark.parametrize("output_type,least", [("int8", 2**11), ("int16", 2**14)])
def test_requantization_is_close_and_in_range(output_type: str, least: int) -> None:
    m = np.exp(np.random.default_rng(4).uniform(np.log(2.0**-20), np.log(0.999), 5000))
    shift, multiplier = requantization(m, output_type)
    assert np.all(multiplier >= np.where(shift > 0, least, 1))
    assert np.all(multiplier[shift > 0] <= 2 * least)
    approximated = multiplier.astype(float) / 2.0 ** (15 + shift.astype(float))
    small = (shift > 0) | (multiplier >= least)
    assert np.all(np.abs(approximated[small] / m[small] - 1) <= 0.5 / least + 1e-9)
    with pytest.raises(ValueError):
        requantization(np.array([1.0]), output_type)


def test_affine_represents_zero() -> None:
    for low, high in ((0.0, 6.0), (-3.0, 1.0), (-0.01, 5.0), (-2.0, 2.0)):
        scale, zero = affine(low, high)
        assert -128 <= zero <= 127
        assert (-128 - zero) * scale <= low + scale and (127 - zero) * scale >= high - scale


@pytest.mark.parametrize("side", range(1, 9))
@pytest.mark.parametrize("stride", [1, 2])
def test_same_padding_has_the_right_output(side: int, stride: int) -> None:
    before, after = same_padding(side, stride)
    assert (side + before + after - 3) // stride + 1 == -(-side // stride)
    assert windows(np.zeros((side, side, 1), np.int8), stride, 3).shape == (
        9,
        -(-side // stride),
        -(-side // stride),
        1,
    )


def test_committed_model_reproduces_its_golden_tensors() -> None:
    model, metadata = read_model(MODEL)
    golden, golden_metadata = container.read(GOLDEN)
    identified = {key: value for key, value in metadata.items() if key != "model_id"}
    model_id = container.identity(identified, model_tensors(model))
    assert golden_metadata["model_id"] == metadata["model_id"] == model_id
    limit, threshold = int(golden_metadata["keypoint_limit"]), float(golden_metadata["detection_threshold"])
    out = run(model, golden["image"], limit, threshold)
    for name, value in out.layers.items():
        if name != "image":
            assert np.array_equal(value, golden[name]), name
    for name, value in (("vlad", out.vlad), ("global", out.descriptor), ("scores", out.scores)):
        assert np.abs(value - golden[name]).max() < 1e-5, name
    assert np.abs(out.keypoints - golden["keypoints"]).max() < 1e-3
    assert np.abs(out.descriptors - golden["descriptors"]).max() < 1e-4


def test_committed_model_fits_its_limits() -> None:
    model, _ = read_model(MODEL)
    assert MODEL.stat().st_size <= 8_000_000
    for layer in model.layers:
        if layer.operation == "add":
            continue
        least = 2**14 if layer.output_type == "int16" else 2**11
        assert np.all((layer.shift == 0) | (layer.multiplier >= least)), layer.name
        assert np.all(layer.weight != -128), layer.name
        assert np.abs(layer.bias.astype(np.int64)).max() <= 2**30, layer.name


def test_container_round_trip_and_alignment(tmp_path: Path) -> None:
    g = np.random.default_rng(5)
    tensors = {
        "odd": g.integers(0, 255, 65).astype(np.uint8),
        "bias": g.integers(-9, 9, 65).astype(np.int32),
        "half": g.integers(-9, 9, 65).astype(np.int16),
        "wide": g.normal(size=(32, 72)).astype(np.float32),
        "empty": np.zeros((0, 3), np.float32),
    }
    path = tmp_path / "x.safetensors"
    container.write(path, tensors, {"kind": "test"})
    back, metadata = container.read(path)
    assert metadata == {"kind": "test"}
    for name, value in tensors.items():
        assert back[name].dtype == value.dtype and np.array_equal(back[name], value)
    numpy = pytest.importorskip("safetensors.numpy")
    official = numpy.load_file(path)
    assert all(np.array_equal(official[name], value) for name, value in tensors.items())
