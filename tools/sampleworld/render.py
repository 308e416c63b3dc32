"""Renders a scene by casting a ray through every sample of a pixel: exact perspective, exact lens distortion.

A parallelogram p + u a + v b meets the ray z (x, y, 1) where (1/z, u/z, v/z) = [p a b]^-1 (x, y, 1): three linear
forms, so depth test and texture coordinates cost a few multiplications a sample. Pixels are shaded once, at the end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .camera import Camera, Pose
from .scene import Quads

NEAR = 0.05
BAND = 48
Array = np.ndarray


@dataclass(frozen=True)
class Light:
    """Direction towards the sun (unit length), its strength and that of the sky, and a square picture of the sky."""

    sun: tuple[float, float, float]
    direct: float
    ambient: float
    sky: np.ndarray | None = None


def cross(a: Array, b: Array) -> Array:
    """Cross products of rows, written out so that no fused operation of a CPU can change them."""
    return np.stack(
        [
            a[:, 1] * b[:, 2] - a[:, 2] * b[:, 1],
            a[:, 2] * b[:, 0] - a[:, 0] * b[:, 2],
            a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0],
        ],
        -1,
    )


def dot(a: Array, b: Array) -> Array:
    """Inner products of rows."""
    return a[:, 0] * b[:, 0] + a[:, 1] * b[:, 1] + a[:, 2] * b[:, 2]


def cheap_log2(values: Array) -> Array:
    """Piecewise linear log2, off by at most 0.09: enough to choose a mipmap, and exact arithmetic everywhere."""
    mantissa, exponent = np.frexp(values)
    return exponent.astype(np.float32) + (2 * mantissa - 2)


class Geometry:
    """The arrays of a list of parallelograms."""

    def __init__(self, quads: Quads) -> None:
        self.quads = quads
        self.p, self.a, self.b = quads.arrays()
        self.texture = np.array(quads.texture, np.int32)
        self.size = np.array(quads.size, np.float64).reshape(-1, 2)
        self.two_sided = np.array(quads.two_sided, bool)
        inward = cross(self.a, self.b)
        self.normal = -inward / np.sqrt(dot(inward, inward))[:, None]


class ShadowMap:
    """Which point the sun sees first, on a grid across the sun's direction."""

    def __init__(self, geometry: Geometry, light: Light, extent: float, cells: int) -> None:
        sx, sy, sz = light.sun
        across = np.array([sy, -sx, 0.0]) / np.sqrt(sx * sx + sy * sy)
        sun = np.array(light.sun)
        up = cross(sun[None], across[None])[0]
        self.axes = (across, up, sun)
        self.scale, self.half, self.cells = cells / (2 * extent), extent, cells
        self.depth = np.full((cells, cells), -1e9, np.float32)
        self._draw(geometry)

    def _place(self, points: Array) -> tuple[Array, Array, Array]:
        x, y, z = (points[:, 0] * a[0] + points[:, 1] * a[1] + points[:, 2] * a[2] for a in self.axes)
        return (x + self.half) * self.scale, (y + self.half) * self.scale, z

    def _draw(self, g: Geometry) -> None:
        px, py, pz = self._place(g.p)
        ax, ay, az = self._place(g.a)
        bx, by, bz = self._place(g.b)
        shift = self.half * self.scale
        ax, ay, bx, by = ax - shift, ay - shift, bx - shift, by - shift
        for i in range(len(px)):
            det = ax[i] * by[i] - ay[i] * bx[i]
            if abs(det) < 0.5:
                continue
            xs = [px[i], px[i] + ax[i], px[i] + bx[i], px[i] + ax[i] + bx[i]]
            ys = [py[i], py[i] + ay[i], py[i] + by[i], py[i] + ay[i] + by[i]]
            x0, x1 = max(int(min(xs)), 0), min(int(max(xs)) + 2, self.cells)
            y0, y1 = max(int(min(ys)), 0), min(int(max(ys)) + 2, self.cells)
            if x0 >= x1 or y0 >= y1:
                continue
            x = (np.arange(x0, x1) + 0.5 - px[i]).astype(np.float32)[None, :]
            y = (np.arange(y0, y1) + 0.5 - py[i]).astype(np.float32)[:, None]
            u = (x * by[i] - y * bx[i]) / det
            v = (y * ax[i] - x * ay[i]) / det
            inside = (u >= 0) & (u <= 1) & (v >= 0) & (v <= 1)
            mask = g.quads.masks.get(i)
            if mask is not None:
                rows = np.clip((v * mask.shape[0]).astype(np.int32), 0, mask.shape[0] - 1)
                columns = np.clip((u * mask.shape[1]).astype(np.int32), 0, mask.shape[1] - 1)
                inside &= mask[rows, columns]
            z = (pz[i] + u * az[i] + v * bz[i]).astype(np.float32)
            area = self.depth[y0:y1, x0:x1]
            np.copyto(area, z, where=inside & (z > area))

    def lit(self, x: Array, y: Array, z: Array) -> Array:
        """The share of the sun that reaches points of the world (four bilinear taps)."""
        a, b, s = self.axes
        gx = (x * np.float32(a[0]) + y * np.float32(a[1]) + np.float32(self.half)) * np.float32(self.scale) - 0.5
        gy = x * np.float32(b[0]) + y * np.float32(b[1]) + z * np.float32(b[2])
        gy = (gy + np.float32(self.half)) * np.float32(self.scale) - 0.5
        depth = x * np.float32(s[0]) + y * np.float32(s[1]) + z * np.float32(s[2]) + np.float32(0.06)
        gx = np.clip(gx, 0, self.cells - 1.001)
        gy = np.clip(gy, 0, self.cells - 1.001)
        xi, yi = gx.astype(np.int32), gy.astype(np.int32)
        fx, fy = gx - xi, gy - yi
        flat, base = self.depth.ravel(), yi * self.cells + xi
        taps = [(flat[base + o] <= depth).astype(np.float32) for o in (0, 1, self.cells, self.cells + 1)]
        top = taps[0] + (taps[1] - taps[0]) * fx
        return top + (taps[2] + (taps[3] - taps[2]) * fx - top) * fy


class Renderer:
    """Renders with one camera; keeps the rays and the depth buffer."""

    def __init__(self, camera: Camera, oversampling: int = 2) -> None:
        self.camera, self.over = camera, oversampling
        self.x, self.y = camera.rays(oversampling)
        self.bounds = tuple(float(v) for v in (self.x.min(), self.x.max(), self.y.min(), self.y.max()))
        self.inverse_depth = np.zeros_like(self.x)
        self.index = np.zeros(self.x.shape, np.int32)

    def _boxes(self, p: Array, a: Array, b: Array) -> Array:
        """Sample ranges (x0, x1, y0, y1) that contain each parallelogram; empty if none of it is seen."""
        corners = np.stack([p, p + a, p + a + b, p + b], 1)
        limits = np.full((len(p), 4), np.nan)
        safe = corners[:, :, 2].min(1) > NEAR
        with np.errstate(all="ignore"):
            x, y = corners[:, :, 0] / corners[:, :, 2], corners[:, :, 1] / corners[:, :, 2]
        limits[safe] = np.stack([x.min(1), x.max(1), y.min(1), y.max(1)], 1)[safe]
        for i in np.flatnonzero(~safe & (corners[:, :, 2].max(1) > NEAR)):
            points = []
            for j in range(4):
                first, second = corners[i, j], corners[i, (j + 1) % 4]
                if first[2] > NEAR:
                    points.append(first[:2] / first[2])
                if (first[2] > NEAR) != (second[2] > NEAR):
                    share = (NEAR - first[2]) / (second[2] - first[2])
                    points.append((first[:2] + share * (second[:2] - first[:2])) / NEAR)
            found = np.array(points)
            limits[i] = found[:, 0].min(), found[:, 0].max(), found[:, 1].min(), found[:, 1].max()
        seen = ~np.isnan(limits[:, 0])
        x0, x1, y0, y1 = self.bounds
        with np.errstate(invalid="ignore"):
            seen &= (limits[:, 0] < x1) & (limits[:, 1] > x0) & (limits[:, 2] < y1) & (limits[:, 3] > y0)
        limits[:, :2] = np.clip(limits[:, :2], x0, x1)
        limits[:, 2:] = np.clip(limits[:, 2:], y0, y1)
        steps = np.linspace(0, 1, 5)
        gx = limits[:, 0, None, None] + (limits[:, 1] - limits[:, 0])[:, None, None] * steps[None, None, :]
        gy = limits[:, 2, None, None] + (limits[:, 3] - limits[:, 2])[:, None, None] * steps[None, :, None]
        u, v = self.camera.project(*np.broadcast_arrays(gx, gy))
        pad = 2.0
        with np.errstate(invalid="ignore"):
            boxes = np.stack([u.min((1, 2)) - pad, u.max((1, 2)) + pad, v.min((1, 2)) - pad, v.max((1, 2)) + pad], 1)
            boxes = np.nan_to_num(boxes * self.over)
        height, width = self.x.shape
        boxes[:, :2] = np.clip(boxes[:, :2], 0, width)
        boxes[:, 2:] = np.clip(boxes[:, 2:], 0, height)
        boxes[~seen] = 0
        return boxes.astype(np.int64)

    def trace(self, g: Geometry, pose: Pose) -> Array:
        """Fill the depth and index buffers; give the nine coefficients of each parallelogram (float32)."""
        p, a, b = pose.apply(g.p), pose.rotate(g.a), pose.rotate(g.b)
        volume = dot(p, cross(a, b))
        visible = (volume > 1e-9) | (g.two_sided & (volume < -1e-9))
        scale = np.where(visible, 1.0 / np.where(visible, volume, 1.0), 0.0)[:, None]
        w = cross(a, b) * scale
        u = cross(b, p) * scale * g.size[:, :1]
        v = cross(p, a) * scale * g.size[:, 1:]
        forms = np.concatenate([w, u, v], 1).astype(np.float32)
        boxes = self._boxes(p, a, b)
        self.inverse_depth.fill(0)
        self.index.fill(-1)
        order = np.flatnonzero(visible & (boxes[:, 1] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 2]))
        for i in order:
            x0, x1, y0, y1 = (int(n) for n in boxes[i])
            band = BAND if x1 - x0 > 256 else 4 * BAND
            for top in range(y0, y1, band):
                self._fill(g, int(i), forms[i], slice(top, min(top + band, y1)), slice(x0, x1))
        return forms

    def _fill(self, g: Geometry, i: int, form: Array, rows: slice, columns: slice) -> None:
        x, y = self.x[rows, columns], self.y[rows, columns]
        depth = self.inverse_depth[rows, columns]
        w = x * form[0] + y * form[1] + form[2]
        nearer = w > depth
        if not nearer.any():
            return
        width, height = np.float32(g.size[i, 0]), np.float32(g.size[i, 1])
        u = x * form[3] + y * form[4] + form[5]
        nearer &= (u >= 0) & (u <= w * width)
        v = x * form[6] + y * form[7] + form[8]
        nearer &= (v >= 0) & (v <= w * height)
        mask = g.quads.masks.get(i)
        if mask is not None and nearer.any():
            r, c = np.nonzero(nearer)
            near = w[r, c]
            mr = np.clip((v[r, c] / near).astype(np.int32), 0, mask.shape[0] - 1)
            mc = np.clip((u[r, c] / near).astype(np.int32), 0, mask.shape[1] - 1)
            nearer[r, c] = mask[mr, mc]
        np.copyto(depth, w, where=nearer)
        np.copyto(self.index[rows, columns], np.int32(i), where=nearer)

    def depth(self, g: Geometry, pose: Pose) -> Array:
        """The z coordinate of each sample in metres, infinite where there is nothing."""
        self.trace(g, pose)
        with np.errstate(divide="ignore"):
            return 1 / self.inverse_depth

    def render(self, g: Geometry, pose: Pose, light: Light, shadows: ShadowMap | None) -> Array:
        """Radiance of each pixel (float32, height by width), the mean over its samples."""
        forms = self.trace(g, pose)
        facing = g.normal[:, 0] * light.sun[0] + g.normal[:, 1] * light.sun[1] + g.normal[:, 2] * light.sun[2]
        facing = np.where(g.two_sided, np.abs(facing) * 0.5 + 0.25, np.maximum(facing, 0)).astype(np.float32)
        sky = (0.75 + 0.25 * g.normal[:, 2]).astype(np.float32) * np.float32(light.ambient)
        out = np.empty((self.camera.height, self.camera.width), np.float32)
        step = BAND // self.over * self.over
        for top in range(0, self.x.shape[0], step):
            rows = slice(top, min(top + step, self.x.shape[0]))
            shaded = self._shade(g, pose, forms, facing, sky, light, shadows, rows)
            n = self.over
            total = np.zeros((shaded.shape[0] // n, shaded.shape[1] // n), np.float32)
            for i in range(n):
                for j in range(n):
                    total += shaded[i::n, j::n]
            out[rows.start // n : rows.stop // n] = total * np.float32(1 / (n * n))
        return out

    def _shade(self, g, pose, forms, facing, sky, light, shadows, rows) -> Array:
        index = self.index[rows].ravel()
        hit = index >= 0
        index = np.maximum(index, 0)
        x, y = self.x[rows].ravel(), self.y[rows].ravel()
        f = [forms[:, k][index] for k in range(9)]
        z = 1 / np.where(hit, self.inverse_depth[rows].ravel(), np.float32(1))
        u = (x * f[3] + y * f[4] + f[5]) * z
        v = (x * f[6] + y * f[7] + f[8]) * z
        # The derivatives of the texel coordinates by one sample give the mipmap level.
        px = np.float32(1 / (self.camera.fx * self.over))
        py = np.float32(1 / (self.camera.fy * self.over))
        ux, uy = (f[3] - u * f[0]) * z * px, (f[4] - u * f[1]) * z * py
        vx, vy = (f[6] - v * f[0]) * z * px, (f[7] - v * f[1]) * z * py
        longest = np.maximum(ux * ux + vx * vx, uy * uy + vy * vy)
        area = np.abs(ux * vy - uy * vx)
        # Between the longer side of a sample's footprint (blurs grazing roads) and its mean side (they shimmer).
        level = 0.25 * (cheap_log2(longest + 1e-6) + cheap_log2(area + 1e-6))
        albedo = self._texture(g.quads.atlas, g.texture[index], u, v, level)
        light_here = sky[index]
        direct = facing[index] * np.float32(light.direct)
        if shadows is not None:
            axes, c = (pose.x_axis, pose.y_axis, pose.z_axis), pose.centre
            wx, wy, wz = (
                (x * np.float32(axes[0][k]) + y * np.float32(axes[1][k]) + np.float32(axes[2][k])) * z
                + np.float32(c[k])
                for k in range(3)
            )
            direct = direct * shadows.lit(wx, wy, wz)
        radiance = albedo * (light_here + direct)
        missed = np.flatnonzero(~hit)
        if len(missed):
            radiance[missed] = self._sky(pose, light, x[missed], y[missed])
        return radiance.reshape(-1, self.x.shape[1])

    @staticmethod
    def _sky(pose: Pose, light: Light, x: Array, y: Array) -> Array:
        """The sky is a plane of clouds so far away that only the direction of a ray counts."""
        if light.sky is None:
            return np.full(x.shape, 0.9, np.float32)
        axes, sky = (pose.x_axis, pose.y_axis, pose.z_axis), light.sky
        dx, dy, dz = (
            x * np.float32(axes[0][k]) + y * np.float32(axes[1][k]) + np.float32(axes[2][k]) for k in range(3)
        )
        up = np.maximum(dz, 0) + np.float32(0.12)
        size = sky.shape[0]
        gx = np.clip((dx / up) * (size / 20) + size / 2, 0, size - 1.001)
        gy = np.clip((dy / up) * (size / 20) + size / 2, 0, size - 1.001)
        xi, yi = gx.astype(np.int32), gy.astype(np.int32)
        fx, fy = gx - xi, gy - yi
        top = sky[yi, xi] + (sky[yi, xi + 1] - sky[yi, xi]) * fx
        bottom = sky[yi + 1, xi] + (sky[yi + 1, xi + 1] - sky[yi + 1, xi]) * fx
        return top + (bottom - top) * fy

    @staticmethod
    def _texture(atlas, texture: Array, u: Array, v: Array, level: Array) -> Array:
        level = np.clip(level, 0, atlas.top[texture].astype(np.float32))
        low = level.astype(np.int32)
        high = np.minimum(low + 1, atlas.top[texture])
        blend = level - low
        first = Renderer._bilinear(atlas, texture, u, v, low)
        return first + (Renderer._bilinear(atlas, texture, u, v, high) - first) * blend

    @staticmethod
    def _bilinear(atlas, texture: Array, u: Array, v: Array, level: Array) -> Array:
        key = texture * atlas.offsets.shape[1] + level
        width, height = atlas.widths.ravel()[key], atlas.heights.ravel()[key]
        offset = atlas.offsets.ravel()[key]
        shrink = SHRINK[level]
        x = np.clip(u * shrink - 0.5, 0, width - 1).astype(np.float32)
        y = np.clip(v * shrink - 0.5, 0, height - 1).astype(np.float32)
        xi, yi = x.astype(np.int32), y.astype(np.int32)
        fx, fy = x - xi, y - yi
        right = np.minimum(xi + 1, width - 1) - xi
        base = offset + yi * width + xi
        below = np.where(yi + 1 < height, width, 0)
        t = atlas.texels
        top = t[base] + (t[base + right].astype(np.float32) - t[base]) * fx
        base = base + below
        bottom = t[base] + (t[base + right].astype(np.float32) - t[base]) * fx
        return (top + (bottom - top) * fy) * np.float32(1 / 255)


SHRINK = np.array([0.5**k for k in range(16)], np.float32)
