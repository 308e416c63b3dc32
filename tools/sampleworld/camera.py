"""The camera: COLMAP's OPENCV model, with the centre of the top-left pixel at (0, 0)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

Vector = tuple[float, float, float]


@dataclass(frozen=True)
class Camera:
    """Focal lengths and principal point in pixels, radial (k) and tangential (p) distortion (Brown)."""

    width: int = 640
    height: int = 480
    fx: float = 402.3
    fy: float = 401.7
    cx: float = 318.6
    cy: float = 241.3
    k1: float = -0.062
    k2: float = 0.011
    p1: float = 0.0004
    p2: float = -0.0003

    def resized(self, width: int, height: int) -> Camera:
        """The same lens on another grid of pixels."""
        sx, sy = width / self.width, height / self.height
        return Camera(
            width,
            height,
            self.fx * sx,
            self.fy * sy,
            (self.cx + 0.5) * sx - 0.5,
            (self.cy + 0.5) * sy - 0.5,
            self.k1,
            self.k2,
            self.p1,
            self.p2,
        )

    def project(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pixels of the rays (x, y, 1)."""
        xd, yd = self._distort(x, y)
        return self.fx * xd + self.cx, self.fy * yd + self.cy

    def _distort(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        r2 = x * x + y * y
        radial = 1 + r2 * (self.k1 + r2 * self.k2)
        xd = x * radial + 2 * self.p1 * x * y + self.p2 * (r2 + 2 * x * x)
        yd = y * radial + self.p1 * (r2 + 2 * y * y) + 2 * self.p2 * x * y
        return xd, yd

    def rays(self, oversampling: int) -> tuple[np.ndarray, np.ndarray]:
        """x and y of the rays (x, y, 1) through a grid with `oversampling` squared samples a pixel, float32."""
        offset = 0.5 / oversampling - 0.5
        u = np.arange(self.width * oversampling) / oversampling + offset
        v = np.arange(self.height * oversampling) / oversampling + offset
        xd = np.broadcast_to((u - self.cx) / self.fx, (len(v), len(u)))
        yd = np.broadcast_to(((v - self.cy) / self.fy)[:, None], (len(v), len(u)))
        x, y = xd.copy(), yd.copy()
        # The distortion is mild, so the fixed point iteration gains a digit or more a round.
        for _ in range(25):
            ex, ey = self._distort(x, y)
            x += xd - ex
            y += yd - ey
        return x.astype(np.float32), y.astype(np.float32)

    def line(self, identifier: int = 1) -> str:
        """The line of cameras.txt."""
        numbers = (self.fx, self.fy, self.cx, self.cy, self.k1, self.k2, self.p1, self.p2)
        return f"{identifier} OPENCV {self.width} {self.height} " + " ".join(f"{n:.9g}" for n in numbers)


@dataclass(frozen=True)
class Pose:
    """cameraFromWorld: the rows of the rotation are the camera's x, y and z axes in the world."""

    x_axis: Vector
    y_axis: Vector
    z_axis: Vector
    centre: Vector

    @staticmethod
    def looking(centre: Vector, heading: float, pitch: float = 0.0, roll: float = 0.0) -> Pose:
        """At `centre`, heading clockwise from north (+y), pitch up and roll clockwise, in radians."""
        sh, ch = math.sin(heading), math.cos(heading)
        sp, cp = math.sin(pitch), math.cos(pitch)
        sr, cr = math.sin(roll), math.cos(roll)
        forward = (sh * cp, ch * cp, sp)
        right = (ch, -sh, 0.0)
        down = (sh * sp, ch * sp, -cp)
        x_axis = tuple(cr * r + sr * d for r, d in zip(right, down))
        y_axis = tuple(cr * d - sr * r for r, d in zip(right, down))
        return Pose(x_axis, y_axis, forward, centre)  # type: ignore[arg-type]

    def apply(self, points: np.ndarray) -> np.ndarray:
        """Points of the world (..., 3) in the camera's frame."""
        d = [points[..., i] - self.centre[i] for i in range(3)]
        axes = (self.x_axis, self.y_axis, self.z_axis)
        return np.stack([a[0] * d[0] + a[1] * d[1] + a[2] * d[2] for a in axes], -1)

    def rotate(self, vectors: np.ndarray) -> np.ndarray:
        """Directions of the world (..., 3) in the camera's frame."""
        d = [vectors[..., i] for i in range(3)]
        axes = (self.x_axis, self.y_axis, self.z_axis)
        return np.stack([a[0] * d[0] + a[1] * d[1] + a[2] * d[2] for a in axes], -1)

    def quaternion(self) -> tuple[float, float, float, float]:
        """Hamilton quaternion (w, x, y, z) of cameraFromWorld, w >= 0."""
        m = (self.x_axis, self.y_axis, self.z_axis)
        # The largest of the four squares is used, so that nothing is divided by a small number.
        squares = (
            1 + m[0][0] + m[1][1] + m[2][2],
            1 + m[0][0] - m[1][1] - m[2][2],
            1 - m[0][0] + m[1][1] - m[2][2],
            1 - m[0][0] - m[1][1] + m[2][2],
        )
        i = max(range(4), key=lambda k: squares[k])
        s = 2 * math.sqrt(squares[i])
        a, b, c = m[2][1] - m[1][2], m[0][2] - m[2][0], m[1][0] - m[0][1]
        d, e, f = m[0][1] + m[1][0], m[0][2] + m[2][0], m[1][2] + m[2][1]
        rows = ((s * s / 4, a, b, c), (a, s * s / 4, d, e), (b, d, s * s / 4, f), (c, e, f, s * s / 4))
        q = tuple(n / s for n in rows[i])
        sign = -1.0 if q[0] < 0 else 1.0
        return tuple(sign * n for n in q)  # type: ignore[return-value]

    def translation(self) -> Vector:
        """The translation of cameraFromWorld in metres."""
        axes = (self.x_axis, self.y_axis, self.z_axis)
        return tuple(-sum(a * c for a, c in zip(axis, self.centre)) for axis in axes)  # type: ignore[return-value]
