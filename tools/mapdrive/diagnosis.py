"""Why images give no map: blurred, standing, turning on the spot, or too little in common with those around them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from .frames import Drive, Refusal
from .matches import Features, mutual

#: Pixels at 640 across by which an image must differ from the last one that was kept.
STANDING = 1.0
#: Pixels at 640 across that a mere turn may leave of three quarters of the matches: what is within it has no depth.
TURNING = 1.5
#: Matches that fit a relative pose, which images on both sides of every cut need.
LEAST = 20
#: Of all matches of two images, the share that must fit their relative pose: of two places with the same windows up to
#: a third fits, of images that see one place half and more.
SURE = 0.4
#: Of the images, the share that may be left out for a map to be one of the drive.
MISSING = 0.2


def span(names: list[str]) -> str:
    """Names in a message: the first and the last."""
    return names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"


def runs(chosen: Iterable[int]) -> list[list[int]]:
    """Numbers that follow each other, together."""
    found: list[list[int]] = []
    for number in sorted(chosen):
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return found


def first_five(parts: list[str]) -> str:
    """Of a list in a message, the first five and how many more there are."""
    return ", ".join(parts[:5]) + (f" and {len(parts) - 5} more" if len(parts) > 5 else "")


def listed(drive: Drive, chosen: Iterable[int]) -> str:
    """Images by the runs that they form."""
    return first_five([span([drive.names[i] for i in run]) for run in runs(chosen)])


def require_sharp(drive: Drive, features: Features) -> None:
    """Refuses a drive most of whose images are too blurred, as `hfloc map build` does with a recording's."""
    bad = [i for i, blur in enumerate(features.blur) if blur > features.too_blurred]
    if 2 * len(bad) > len(drive.names):
        raise blurred(drive, bad, "too blurred")


def blurred(drive: Drive, bad: list[int], how: str = "blurred") -> Refusal:
    return Refusal(
        f"{len(bad)} of {len(drive.names)} images are {how} ({listed(drive, bad)}); focus the camera, clean its lens, "
        "shorten the exposure, or drive slower"
    )


def moving(features: Features, scale: float) -> list[int]:
    """The images that differ from the one kept before them: where the camera stands, all look alike.

    scale: pixels for one of an image 640 across.
    """
    kept = [0] if features.keypoints else []
    for i in range(1, len(features.keypoints)):
        last = kept[-1]
        found = mutual(features.descriptors[last], features.descriptors[i])
        shift = features.keypoints[last][found[:, 0]] - features.keypoints[i][found[:, 1]]
        # Without matches it is another view.
        if len(found) < LEAST or np.median(np.linalg.norm(shift, axis=1)) >= STANDING * scale:
            kept.append(i)
    return kept


def leave_out_standing(drive: Drive, features: Features, tell: Callable[[str], None]) -> None:
    """Goes on with the images in which the camera had moved; refuses a drive that has none."""
    kept = moving(features, drive.camera.scale())
    if len(kept) < 3:
        raise Refusal(
            f"the camera stood still: of {len(drive.names)} images {len(drive.names) - len(kept)} show nothing else "
            "than the one before; drive"
        )
    gone = sorted(set(range(len(drive.names))) - set(kept))
    if gone:
        tell(f"{len(gone)} images are left out, in which the camera stood: {listed(drive, gone)}")
        drive.keep(kept)
        features.keep(kept)


def residual_of_turn(x: np.ndarray, y: np.ndarray) -> float:
    """The angle, radians, that three quarters of the directions of two cameras are within of each other after the
    rotation that fits best (Kabsch 1976). Of a camera that drives, half of what it sees may be far away."""
    x, y = (v / np.linalg.norm(v, axis=1, keepdims=True) for v in (x, y))
    # Of a point that the camera's formula puts nowhere there is no direction.
    known = np.isfinite(x).all(axis=1) & np.isfinite(y).all(axis=1)
    x, y = x[known], y[known]
    if len(x) < 3:
        return float("inf")
    used = np.ones(len(x), bool)
    angles = np.zeros(len(x))
    for _ in range(3):
        u, _, vt = np.linalg.svd(y[used].T @ x[used])
        r = u @ np.diag([1, 1, np.linalg.det(u @ vt)]) @ vt
        angles = np.linalg.norm(y - x @ r.T, axis=1)
        used = angles <= np.quantile(angles, 0.75)
    return float(np.quantile(angles, 0.75))


def turning(drive: Drive, turns: dict[tuple[int, int], float]) -> list[int]:
    """Images whose widest pairs are explained by a turn: nothing that they see has a depth.

    turns: of pairs that have enough matches, the pixels at 640 across that a mere turn leaves of them.
    """
    widest: dict[int, tuple[int, float]] = {}
    for (a, b), left in turns.items():
        for image, width in ((a, b - a), (b, b - a)):
            if width > widest.get(image, (0, 0.0))[0]:
                widest[image] = (width, left)
    return [i for i in range(len(drive.names)) if i in widest and widest[i][1] < TURNING]


def turned(drive: Drive, bad: list[int]) -> Refusal:
    return Refusal(
        f"in {len(bad)} of {len(drive.names)} images the camera turned and did not move ({listed(drive, bad)}): what "
        "is seen from one place has no depth; drive"
    )


def require_motion(drive: Drive, turns: dict[tuple[int, int], float]) -> None:
    """Refuses a drive most of which is turns on the spot."""
    bad = turning(drive, turns)
    if 2 * len(bad) > len(drive.names):
        raise turned(drive, bad)


def is_sure(fitting: int, of: int) -> bool:
    """Whether two images are surely of one place: matches that fit a relative pose, of so many that were tried."""
    return fitting >= LEAST and fitting >= SURE * of


def gaps(drive: Drive, links: dict[tuple[int, int], int]) -> list[tuple[int, int]]:
    """Where no two images on both sides of a cut are surely of one place: the last image before the cut, and the
    matches of the best pair across.

    links: of pairs that are, the matches that fit their relative pose.
    """
    strongest = [0] * len(drive.names)
    for (a, b), count in links.items():
        for cut in range(a, b):
            strongest[cut] = max(strongest[cut], count)
    return [(i, strongest[i]) for i in range(len(drive.names) - 1) if strongest[i] < LEAST]


def refusal(
    drive: Drive,
    features: Features,
    placed: set[int],
    links: dict[tuple[int, int], int],
    turns: dict[tuple[int, int], float],
) -> Refusal | None:
    """Why too much of the drive could not be placed; None where enough was."""
    missing = [i for i in range(len(drive.names)) if i not in placed]
    if len(missing) <= MISSING * len(drive.names) and len(placed) >= 3:
        return None
    soft = [i for i in missing if features.blur[i] > features.blurred]
    if 2 * len(soft) > len(missing):
        return blurred(drive, soft)
    still = sorted(set(turning(drive, turns)) & set(missing))
    if 2 * len(still) > len(missing):
        return turned(drive, still)
    cuts = gaps(drive, links)
    cut = [f"{drive.names[i]} and {drive.names[i + 1]} ({count} sure matches)" for i, count in cuts]
    where = f"; the drive falls apart between {first_five(cut)}" if cuts else ""
    return Refusal(
        f"only {len(placed)} of {len(drive.names)} images could be placed{where}; drive there again with more overlap, "
        "slower, or in better light, or give the parts one by one",
        gaps=cuts,
    )
