"""What is rendered: parallelograms with textures, all textures with their mipmaps in one flat array."""

from __future__ import annotations

import numpy as np

from .canvas import Canvas

LEVELS = 7
Vector = tuple[float, float, float]


class Atlas:
    """Textures and their mipmaps. Texel i of a level covers [i, i + 1); a level is half the one before, exactly."""

    def __init__(self) -> None:
        self._parts: list[np.ndarray] = []
        self._offsets: list[list[int]] = []
        self._widths: list[list[int]] = []
        self._heights: list[list[int]] = []
        self._top: list[int] = []
        self._size = 0

    def add(self, image: np.ndarray) -> int:
        """Add a picture (uint8), give its number."""
        levels = max(1, min(LEVELS, int(min(image.shape)).bit_length() - 1))
        block = 1 << (levels - 1)
        rows, columns = (-(-n // block) * block for n in image.shape)
        level = np.pad(image, ((0, rows - image.shape[0]), (0, columns - image.shape[1])), mode="edge")
        offsets, widths, heights = [0] * LEVELS, [1] * LEVELS, [1] * LEVELS
        precise = level.astype(np.float32)
        for index in range(levels):
            offsets[index], widths[index], heights[index] = self._size, precise.shape[1], precise.shape[0]
            self._parts.append((precise + 0.5).astype(np.uint8).ravel())
            self._size += precise.size
            if index + 1 < levels:
                precise = 0.25 * (precise[0::2, 0::2] + precise[1::2, 0::2] + precise[0::2, 1::2] + precise[1::2, 1::2])
        self._offsets.append(offsets)
        self._widths.append(widths)
        self._heights.append(heights)
        self._top.append(levels - 1)
        return len(self._top) - 1

    def freeze(self) -> None:
        """Make the arrays that the renderer reads: texels, and by (texture, level) offset, width and height."""
        self.texels = np.concatenate(self._parts)
        self.offsets = np.array(self._offsets, np.int32)
        self.widths = np.array(self._widths, np.int32)
        self.heights = np.array(self._heights, np.int32)
        self.top = np.array(self._top, np.int32)


class Quads:
    """A growing list of parallelograms: corner, edge along u, edge along v (seen from the front: right and down)."""

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self.corner: list[Vector] = []
        self.u_edge: list[Vector] = []
        self.v_edge: list[Vector] = []
        self.texture: list[int] = []
        self.size: list[tuple[float, float]] = []
        self.two_sided: list[bool] = []
        self.masks: dict[int, np.ndarray] = {}

    def add(self, corner: Vector, u_edge: Vector, v_edge: Vector, canvas: Canvas) -> int:
        """Add a parallelogram that the canvas covers exactly. One with a mask is seen from both sides."""
        number = self.atlas.add(canvas.bytes())
        self.add_textured(corner, u_edge, v_edge, number, (canvas.columns, canvas.rows), canvas.mask)
        return number

    def add_textured(
        self,
        corner: Vector,
        u_edge: Vector,
        v_edge: Vector,
        texture: int,
        size: tuple[float, float],
        mask: np.ndarray | None = None,
    ) -> None:
        """Add a parallelogram with a texture that is already in the atlas, of `size` texels."""
        if mask is not None:
            self.masks[len(self.texture)] = mask
        self.corner.append(corner)
        self.u_edge.append(u_edge)
        self.v_edge.append(v_edge)
        self.texture.append(texture)
        self.size.append(size)
        self.two_sided.append(mask is not None)

    def extend(self, other: Quads, shift: Vector = (0.0, 0.0, 0.0), heading: tuple[float, float] = (1.0, 0.0)) -> None:
        """Append another list that shares the atlas, turned about z by (cosine, sine) and then shifted."""
        c, s = heading
        start = len(self.texture)
        self.corner += [(c * x - s * y + shift[0], s * x + c * y + shift[1], z + shift[2]) for x, y, z in other.corner]
        self.u_edge += [(c * x - s * y, s * x + c * y, z) for x, y, z in other.u_edge]
        self.v_edge += [(c * x - s * y, s * x + c * y, z) for x, y, z in other.v_edge]
        self.texture += other.texture
        self.size += other.size
        self.two_sided += other.two_sided
        self.masks.update({start + index: mask for index, mask in other.masks.items()})

    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Corners and edges as (n, 3) float64."""
        vectors = (self.corner, self.u_edge, self.v_edge)
        corner, u_edge, v_edge = (np.array(v, np.float64).reshape(-1, 3) for v in vectors)
        return corner, u_edge, v_edge


def box(
    quads: Quads,
    origin: Vector,
    right: Vector,
    normal: Vector,
    size: Vector,
    paint,
    faces: str = "front left right top",
) -> None:
    """Add the faces of a box with its front bottom left corner at `origin`.

    `size` is width along `right`, height along z and depth against `normal`; `paint(face, width, height)` gives the
    canvas of a face.
    """
    width, height, depth = size
    r, n = right, normal

    def at(along: float, up: float, back: float) -> Vector:
        x, y, z = (origin[i] + r[i] * along - n[i] * back + (up if i == 2 else 0.0) for i in range(3))
        return x, y, z

    def scaled(v: Vector, k: float) -> Vector:
        return (v[0] * k, v[1] * k, v[2] * k)

    down = (0.0, 0.0, -height)
    table = {
        "front": (at(0, height, 0), scaled(r, width), down, width, height),
        "back": (at(width, height, depth), scaled(r, -width), down, width, height),
        "left": (at(0, height, depth), scaled(n, depth), down, depth, height),
        "right": (at(width, height, 0), scaled(n, -depth), down, depth, height),
        "top": (at(0, height, depth), scaled(r, width), scaled(n, depth), width, depth),
        "bottom": (at(0, 0, 0), scaled(r, width), scaled(n, -depth), width, depth),
    }
    for face in faces.split():
        corner, u_edge, v_edge, across, tall = table[face]
        quads.add(corner, u_edge, v_edge, paint(face, across, tall))
