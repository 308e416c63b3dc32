"""The sets that the project makes itself: the sample, its scenes that mislead, and more of its worlds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sampleworld.lookalikes import KINDS
from sampleworld.lookalikeset import write_set

from .programs import ROOT
from .sets import PosedSet

# Scenes of the sample's street, and places that look alike: two stretches of each, made of the same parts.
SCENES = ("houses", "windows", "moved", *KINDS)
FIRST_SEED = 1001


def rendered(cache: Path, scene: str, seed: int) -> PosedSet:
    """A world, rendered once."""
    folder = cache / "worlds" / f"{scene}-{seed}"
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        print(f"measure-integrity: rendering {folder.name}", file=sys.stderr, flush=True)
        temporary = folder.with_suffix(".part")
        subprocess.run(["rm", "-rf", str(temporary)], check=True)
        if scene in KINDS:
            write_set(temporary, scene, seed)
        else:
            command = [ROOT / "tools/sample", "--output", temporary, "--scene", scene, "--seed", str(seed)]
            subprocess.run([str(c) for c in command], check=True, stdout=subprocess.DEVNULL)
        temporary.rename(folder)
    return PosedSet(folder)


def own_sets(cache: Path, worlds: int, scenes: list[str]) -> list[PosedSet]:
    """The committed sample, its misleading scenes, and so many more worlds with theirs."""
    sets = [PosedSet(ROOT / "Tests/Sample", name="sample")]
    sets += [rendered(cache, scene, 7) for scene in scenes]
    for seed in range(FIRST_SEED, FIRST_SEED + worlds):
        sets += [rendered(cache, scene, seed) for scene in ("street", *scenes)]
    return sets
