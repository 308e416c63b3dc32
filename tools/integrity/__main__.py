"""The command `tools/measure-integrity`."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from . import diagram, tables
from .answers import judged, of_localize, of_message
from .kinds import Kind, Subject, chosen
from .programs import ROOT, Programs, Refused
from .sets import PosedSet
from .worlds import SCENES, own_sets

DESCRIPTION = """
Tries to have hfloc publish poses that are wrong: wrong cameras, broken buffers, poor pictures, other places, wrong
maps, drives that go wrong. Prints, per kind: frames; how many were localized, degraded, withheld; how many poses were
wrong (over .5 m or 5 degrees off; a degraded one whose own protection level covers its error is counted as covered);
the worst errors. Then recall and the consistency of covariances, a Stanford diagram and JSON.

Without SETS, the sample, three scenes of it that mislead (identical houses, identical windows, moved lorries), and
corridors, car parks and rows of houses whose parts repeat, each with a twin that is made of the same parts. A set is a
folder in hfloc's text layout; FOLDER:N takes every N-th image of it as the map. Everything is deterministic and
cached by its content: what was interrupted goes on.

    tools/measure-integrity --kinds clean,focal,mirrored SETS/kitti_seq1
    tools/measure-integrity --kinds clean,drive-frozen --frames 30 --scenes none
"""


def parsed(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="tools/measure-integrity", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="*", metavar="SETS", help="folders; FOLDER:N for a sparse map")
    parser.add_argument("--kinds", help="only kinds whose names begin so, separated by commas")
    parser.add_argument(
        "--frames", type=int, help="at most so many frames of a set, evenly spread; of a drive the first"
    )
    parser.add_argument("--worlds", type=int, default=0, help="so many more rendered worlds, from other seeds")
    parser.add_argument(
        "--scenes", default=",".join(SCENES), help="scenes beside the sample's street, or 'none' (default: %(default)s)"
    )
    parser.add_argument("--build", type=Path, default=ROOT / ".build/release", help="folder of the programs")
    parser.add_argument("--cache", type=Path, default=ROOT / ".build/integrity", help="worlds, maps, results")
    parser.add_argument("--output", type=Path, help="for stanford.png and results.json (default: the cache)")
    parser.add_argument("--map", type=Path, help="the map of the one set, built already")
    parser.add_argument("--list", action="store_true", help="print the kinds, and end")
    return parser.parse_args(arguments)


def opened(text: str) -> PosedSet:
    """A set as the command line names it."""
    folder, _, step = text.rpartition(":")
    return PosedSet(Path(folder), int(step)) if folder and step.isdigit() else PosedSet(Path(text))


def measure(programs: Programs, kind: Kind, subject: Subject, limit: int | None) -> dict:
    """The rows of one kind on one set, or why there are none."""

    def compute() -> dict:
        map_file = map_for(programs, kind, subject.own)
        if isinstance(map_file, Refused):
            return {"refused": map_file.reason}
        shots = []

        def noted():
            for shot in kind.shots(subject):
                # The pictures are not kept.
                shots.append(type(shot)(shot.name, shot.pixels[:0], shot.camera, shot.truth))
                yield shot

        if kind.is_drive:
            answers = [of_message(m) for m in programs.drive(map_file, noted())]
        else:
            answers = [of_localize(r) for r in programs.localize(map_file, noted())]
        return {"rows": [judged(a, s) for a, s in zip(answers, shots)]}

    others = [o.digest for o in subject.others] if kind.name == "foreign" else []
    given = programs.given_map and str(programs.given_map)
    return programs.cached(kind.name, given, subject.own.digest, limit, others, compute=compute)


def map_for(programs: Programs, kind: Kind, own: PosedSet) -> Path | Refused:
    """The map that a kind is localized in."""
    if kind.rewrite is None:
        return programs.map_of(own)
    with tempfile.TemporaryDirectory(prefix="hfloc-integrity-") as scratch:
        kind.rewrite(own, Path(scratch))
        return programs.build_map(Path(scratch), f"{own.digest} {kind.text}")


def measure_set(programs: Programs, kinds: list[Kind], subject: Subject, limit: int | None) -> dict[str, dict]:
    """All kinds on one set, with a line for each as it comes."""
    results = {}
    for kind in kinds:
        if not kind.applies(subject.own):
            continue
        start = time.monotonic()
        results[kind.name] = measure(programs, kind, subject, limit)
        what = "refused" if "refused" in results[kind.name] else f"{len(results[kind.name]['rows'])} frames"
        print(f"{subject.own.name} {kind.name}: {what}, {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    return results


def report(kinds: list[Kind], results: dict[str, dict]) -> dict:
    """Prints the tables of one set, or of all together; gives them as JSON."""
    lines, summary = [], {}
    for kind in kinds:
        result = results.get(kind.name)
        if result is None or not (result.get("rows") or "refused" in result):
            continue
        if "rows" in result:
            found = tables.figures(result["rows"])
            summary[kind.name] = found | {"recall": tables.recall(result["rows"])}
            lines.append(tables.row(kind.name, found))
        if result.get("refused"):
            summary.setdefault(kind.name, {})["refused"] = result["refused"]
            lines.append([kind.name, *["-"] * 6, "refused"])
    print(tables.text(tables.HEADER, lines))
    for kind in kinds:
        result = results.get(kind.name, {})
        if result.get("refused"):
            print(f"{kind.name}: {result['refused'].splitlines()[0]}")
        elif result.get("rows") and (kind.name in ("clean", "drive") or kind.is_damage):
            print(tables.recall_text(kind.name, result["rows"]))
    clean = results.get("clean", {}).get("rows")
    if clean:
        print(tables.consistency_text("clean", clean))
        summary["consistency"] = tables.consistency(clean)
    return summary


def together(all_results: dict[str, dict[str, dict]]) -> dict[str, dict]:
    """The rows of all sets, by kind."""
    merged: dict[str, dict] = {}
    for results in all_results.values():
        for name, result in results.items():
            if "rows" in result:
                merged.setdefault(name, {"rows": []}).setdefault("rows", []).extend(result["rows"])
    return merged


def main() -> int:
    """Measure, print, write."""
    arguments = parsed()
    kinds = chosen(arguments.kinds)
    if arguments.list:
        for kind in kinds:
            print(f"{kind.name:<18}{kind.text}")
        return 0
    programs = Programs(arguments.build.resolve(), arguments.cache.resolve(), arguments.map and arguments.map.resolve())
    scenes = [] if arguments.scenes == "none" or arguments.map else arguments.scenes.split(",")
    sets = [opened(s) for s in arguments.sets] or own_sets(programs.cache, arguments.worlds, scenes)
    all_results, summaries = {}, {}
    for own in sets:
        others = [s for s in sets if s.folder != own.folder]
        all_results[own.name] = measure_set(programs, kinds, Subject(own, others, arguments.frames), arguments.frames)
        print(f"\n{own.name}: {len(own.map_frames)} images in the map, {len(own.queries)} queries\n", flush=True)
        summaries[own.name] = report(kinds, all_results[own.name])
    merged = together(all_results)
    if len(sets) > 1:
        print(f"\nall {len(sets)} sets\n")
        summaries["all"] = report(kinds, merged)
    output = (arguments.output or programs.cache).resolve()
    counts = diagram.draw(output / "stanford.png", {n: r["rows"] for n, r in merged.items()})
    (output / "results.json").write_text(
        json.dumps({"sets": summaries, "stanford": counts, "frames": all_results}, indent=1)
    )
    frames = sum(len(r["rows"]) for r in merged.values())
    wrong = sum(tables.figures(r["rows"])["wrong"] for r in merged.values())
    print(f"\n{frames} frames, {wrong} wrong poses; {output}/results.json, {output}/stanford.png")
    return 0


sys.exit(main())
