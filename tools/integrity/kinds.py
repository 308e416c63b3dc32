"""What is done to a set: each kind of adversary, by its name.

A kind is a function of a set that gives a trial: pictures, and the map that they are localized in. Those of one family
share a name's beginning, so that `--kinds focal` takes all of it.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from . import pictures
from .maps import MAPS, Rewrite, in_turn
from .programs import Shot
from .sets import Camera, Pose, PosedSet

Change = Callable[["Subject", int, np.random.Generator], np.ndarray]


class Subject:
    """A set as the kinds see it: some of its queries in their order, and other sets' images beside them."""

    def __init__(self, own: PosedSet, others: list[PosedSet], limit: int | None) -> None:
        self.own, self.others = own, others
        self.queries = thinned(own.queries, limit)
        self.drive = own.drive[: 2 * limit] if limit else own.drive

    def image(self, index: int) -> np.ndarray:
        """Of a query; an index beyond the ends is the next one inside."""
        return self.own.image(self.queries[index])

    def neighbour(self, index: int) -> np.ndarray:
        """A query half a second before this one, or after it; of a set without times the next."""
        everything, distance = self.own.queries, 5 if self.own.stamps else 1
        place = everything.index(self.queries[index])
        other = place - distance if place >= distance else min(place + distance, len(everything) - 1)
        return self.own.image(everything[other])


def thinned(items: list, limit: int | None) -> list:
    """So many of them, evenly spread."""
    if limit is None or len(items) <= limit:
        return items
    return [items[i * len(items) // limit] for i in range(limit)]


@dataclass(frozen=True)
class Kind:
    """One adversary."""

    name: str
    text: str
    shots: Callable[[Subject], Iterable[Shot]]
    is_drive: bool = False
    rewrite: Rewrite | None = None
    applies: Callable[[PosedSet], bool] = lambda own: True
    is_damage: bool = False  # the picture is poor and right: its recall counts


def seed(*labels: object) -> np.random.Generator:
    """The same for the same labels, everywhere."""
    return np.random.default_rng(zlib.crc32(" ".join(map(str, labels)).encode()))


def single(
    name: str,
    text: str,
    change: Change | None = None,
    camera: Callable[[Camera, int], Camera] = lambda camera, index: camera,
    truth: Callable[[Pose, int], Pose] = lambda pose, index: pose,
    **options: object,
) -> Kind:
    """Each query on its own, with another picture, another camera or in another place."""

    def shots(subject: Subject) -> Iterator[Shot]:
        for index, frame in enumerate(subject.queries):
            pixels = subject.image(index) if change is None else change(subject, index, seed(name, frame.name))
            yield Shot(frame.name, pixels, camera(frame.camera, index), truth(frame.pose, index))

    return Kind(name, text, shots, **options)


def of_picture(function: Callable, *arguments: object) -> Change:
    """A change that needs the query's picture only."""
    return lambda subject, index, random: function(subject.image(index), *arguments)


def of_noise(function: Callable, *arguments: object) -> Change:
    """The same with random numbers."""
    return lambda subject, index, random: function(subject.image(index), *arguments, random)


def of_two(function: Callable) -> Change:
    """A change that needs another frame of the drive too."""
    return lambda subject, index, random: function(subject.image(index), subject.neighbour(index))


def foreign(subject: Subject) -> Iterator[Shot]:
    """Images of other places: whatever pose is published is wrong."""
    for frame in subject.own.elsewhere:
        yield Shot(frame.name, subject.own.image(frame), frame.camera, None)
    for other in subject.others:
        for frame in thinned(other.queries, 40):
            yield Shot(f"{other.name}/{frame.name}", other.image(frame), frame.camera, None)


def shifted_centre(share: float) -> Callable[[Camera, int], Camera]:
    """The principal point off by a share of the width, in one of four directions in turn."""

    def change(camera: Camera, index: int) -> Camera:
        x, y = ((1, 0), (0, 1), (-1, 0), (0, -1))[index % 4]
        return camera.with_centre(share * camera.width * x, share * camera.width * y)

    return change


def cameras() -> list[Kind]:
    """Wrong camera files."""
    kinds = [
        single(f"focal{p:+}", f"focal length {p:+} %", camera=lambda c, i, p=p: c.with_focal(1 + p / 100))
        for p in (-20, -10, -5, -2, 2, 5, 10, 20)
    ]
    kinds += [
        single(f"centre-{p}", f"principal point {p} % of the width off", camera=shifted_centre(p / 100))
        for p in (2, 5, 10)
    ]
    kinds.append(
        single(
            "distortion",
            "distortion of the wrong sign",
            camera=lambda c, i: c.with_wrong_sign(),
            applies=lambda own: any(c.is_distorted for c in own.cameras.values()),
        )
    )
    return kinds


def buffers() -> list[Kind]:
    """Broken cameras and buffers, single images."""
    return [
        single("mirrored", "mirrored (hflip)", of_picture(pictures.mirrored)),
        single("flipped", "flipped (vflip)", of_picture(pictures.flipped)),
        single("upside-down", "both", of_picture(pictures.upside_down)),
        single("rolled-10", "rolled sideways by 10 %", of_picture(pictures.rolled, 0.10)),
        single("rolled-25", "rolled sideways by 25 %", of_picture(pictures.rolled, 0.25)),
        single("rolled-down", "rolled down by 20 %", of_picture(pictures.rolled_down, 0.20)),
        single("halves", "halves swapped", of_picture(pictures.halves_swapped)),
        single("torn", "upper part of one frame, lower part of another", of_two(pictures.torn)),
        single("blended", "two frames in one", of_two(pictures.blended)),
        single("moved-object", "a large part of the picture stands elsewhere", of_noise(pictures.moved)),
        Kind("foreign", "images of other places", foreign),
    ]


def damage() -> list[Kind]:
    """Poor pictures of the right place."""
    kinds = {
        "blur-3": ("blur of 3 px", of_picture(pictures.blurred, 3)),
        "blur-6": ("blur of 6 px", of_picture(pictures.blurred, 6)),
        "dark-10": ("darkened to .1", of_noise(pictures.darkened, 0.1)),
        "dark-4": ("darkened to .04", of_noise(pictures.darkened, 0.04)),
        "noise-40": ("noise of 40", of_noise(pictures.noisy, 40)),
        "noise-80": ("noise of 80", of_noise(pictures.noisy, 80)),
        "jpeg-5": ("JPEG quality 5", of_picture(pictures.compressed, 5)),
        "gamma": ("gamma 2.5", of_picture(pictures.brightened, 2.5)),
        "motion-31": ("motion blur of 31 px", of_picture(pictures.motion_blurred, 31)),
        "covered-left": ("left half covered", of_picture(pictures.covered, 0, 0.5)),
        "covered-right": ("right half covered", of_picture(pictures.covered, 0.5, 1)),
        "covered-60": ("right 60 % covered", of_picture(pictures.covered, 0.4, 1)),
    }
    return [single(name, text, change, is_damage=True) for name, (text, change) in kinds.items()]


def on_maps() -> list[Kind]:
    """The queries as they are, in a map that is wrong. Of a place that is there twice, they are in one copy and the
    other in turn."""
    changes = {"twice": in_turn}
    return [
        single(f"map-{name}", text, rewrite=rewrite, truth=changes.get(name, lambda pose, index: pose))
        for name, (text, rewrite) in MAPS.items()
    ]


def drive(
    name: str,
    text: str,
    change: Callable[[Subject, int], tuple[np.ndarray | None, str]] | None = None,
    camera: Callable[[Camera, int], Camera] = lambda camera, index: camera,
    rewrite: Rewrite | None = None,
) -> Kind:
    """The drive through the daemon's own loop; `change` gives a frame's picture (None: left out) and what happens
    before it."""

    def shots(subject: Subject) -> Iterator[Shot]:
        for index, (frame, time) in enumerate(subject.drive):
            pixels, before = (at(subject, index), "") if change is None else change(subject, index)
            if pixels is not None:
                yield Shot(frame.name, pixels, camera(frame.camera, 0), frame.pose, time, before)

    return Kind(f"drive-{name}" if name else "drive", text, shots, is_drive=True, rewrite=rewrite)


def at(subject: Subject, index: int) -> np.ndarray:
    """A frame of the drive; before its beginning, the first."""
    return subject.own.image(subject.drive[max(0, index)][0])


def cycle(subject: Subject, frames: int) -> int:
    """How often something happens: every so many frames, and twice at least in a short drive."""
    return min(frames, max(2, len(subject.drive) // 2))


def frozen(subject: Subject, index: int) -> tuple[np.ndarray, str]:
    """Two seconds in every five the last picture comes again and again."""
    period = cycle(subject, 50)
    return at(subject, index - max(0, index % period - period * 3 // 5 + 1)), ""


def stale(subject: Subject, index: int) -> tuple[np.ndarray, str]:
    """Every seventh frame is the one of six frames ago."""
    return at(subject, index - 6 if index % 7 == 6 else index), ""


def every_seventh(function: Callable[[np.ndarray, np.ndarray, int], np.ndarray]) -> Callable:
    """Every seventh frame is spoilt, with the frame five before it at hand."""

    def change(subject: Subject, index: int) -> tuple[np.ndarray, str]:
        image = at(subject, index)
        return (image if index % 7 != 6 else function(image, at(subject, index - 5), index)), ""

    return change


def poor(image: np.ndarray, other: np.ndarray, index: int) -> np.ndarray:
    """One kind of damage after another."""
    random = seed("poor", index)
    return (
        lambda: pictures.motion_blurred(image, 31),
        lambda: pictures.darkened(image, 0.04, random),
        lambda: pictures.noisy(image, 80, random),
        lambda: pictures.covered(image, 0.4, 1),
        lambda: pictures.blurred(image, 6),
    )[index // 7 % 5]()


def covered(subject: Subject, index: int) -> tuple[np.ndarray, str]:
    """Two seconds in every four the right 60 % are hidden."""
    image, period = at(subject, index), cycle(subject, 40)
    return (pictures.covered(image, 0.4, 1) if index % period >= period // 2 else image), ""


def away(event: str) -> Callable:
    """Every twenty frames the daemon is gone for a while, and the camera is elsewhere when it comes back: eight frames
    on."""

    def change(subject: Subject, index: int) -> tuple[np.ndarray | None, str]:
        period = cycle(subject, 28)
        phase, gone = index % period, period * 2 // 7
        if index >= period and phase < gone:
            return None, ""
        return at(subject, index), event if index >= period and phase == gone else ""

    return change


def whole(function: Callable[..., np.ndarray], *arguments: object) -> Callable:
    """Every frame is changed."""
    return lambda subject, index: (function(at(subject, index), *arguments), "")


def drives() -> list[Kind]:
    """Sequences through the daemon's own loop."""
    kinds = [
        drive("", "the drive as it is"),
        drive("frozen", "the same picture with new stamps, the vehicle drives on", frozen),
        drive("stale", "an old picture now and then", stale),
        drive("torn", "a torn frame now and then", every_seventh(lambda a, b, i: pictures.torn(a, b))),
        drive("blended", "two frames in one now and then", every_seventh(lambda a, b, i: pictures.blended(a, b))),
        drive("bad-frame", "one poor frame among good ones", every_seventh(poor)),
        drive("covered", "the right 60 % covered for two seconds", covered),
        drive("mirrored", "mirrored", whole(pictures.mirrored)),
        drive("rolled", "rolled sideways by 25 %", whole(pictures.rolled, 0.25)),
        drive("restart", "restarts, the camera elsewhere", away("restart")),
        drive("kill", "kill -9, the camera elsewhere", away("kill")),
        drive("reload", "reloads, the camera elsewhere", away("reload")),
        drive("past-end", "past the map's end", rewrite=MAPS["half"][1]),
    ]
    for p in (-5, -2, 2, 5):
        kinds.append(drive(f"focal{p:+}", f"focal length {p:+} %", camera=lambda c, i, p=p: c.with_focal(1 + p / 100)))
    kinds.append(drive("centre-5", "principal point 5 % off", camera=shifted_centre(0.05)))
    return kinds


def all_kinds() -> list[Kind]:
    """In the order of the table."""
    return [
        single("clean", "as it is"), *cameras(), *buffers(), *damage(), *on_maps(), *drives()
    ]  # fmt: skip


def chosen(words: str | None) -> list[Kind]:
    """Those whose names begin with one of the words, separated by commas; all without."""
    kinds = all_kinds()
    if not words:
        return kinds
    picked = []
    for word in words.split(","):
        found = [k for k in kinds if k.name == word] or [k for k in kinds if k.name.startswith(word)]
        if not found:
            names = ", ".join(k.name for k in kinds)
            raise SystemExit(f"measure-integrity: --kinds: no kind begins with '{word}'; there are {names}")
        picked += [k for k in found if k not in picked]
    return picked
