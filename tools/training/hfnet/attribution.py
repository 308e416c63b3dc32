"""The page that names the photographs of a list as their licences ask: author, licence, source, what was changed."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from pathlib import Path

from hfnet.licences import ALLOWED
from hfnet.photographs import LIST_NAME, PAGE_NAME, Photograph, PhotographList

INTRODUCTION = """\
# Photographs that the model was trained on

Written by `tools/training/list-photographs` of {list}, which lies beside the model file and has a line for
each. The model file names that list by its BLAKE2b-256 (`b2sum -l 256 {list}`),
{hash}.

All of these photographs allow commercial use, as those who publish them say. The model file holds none of them, nor
parts of them: it holds the weights of a network that has seen them. Their authors have not endorsed it.

**What was changed**, of all of them: they were reduced to at most 640 pixels a side, encoded again, and turned grey;
the network saw cut-outs of them, warped, brightened, darkened and blurred. A source that names a view, the face of a
cube, a frame or a crop is a larger picture or a film, of which this part was taken.
"""


def attribution_page(photographs: PhotographList) -> str:
    """Markdown: the licences, those who have to be named with their photographs, and the sources of the others."""
    named = [p for p in photographs.photographs if p.terms.names_author]
    unnamed = [p for p in photographs.photographs if not p.terms.names_author]
    parts = [INTRODUCTION.format(list=LIST_NAME, hash=photographs.hash), _licences(photographs.photographs)]
    if named:
        parts.append("## Photographs whose licences ask for a name\n")
        parts += [_credits(list(group)) for _, group in groupby(sorted(named, key=_credit), _credit)]
    if unnamed:
        parts.append(_sources(unnamed))
    return "\n".join(parts)


def write_list(photographs: PhotographList, path: Path) -> None:
    """Writes the list, and the page beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(photographs.text, encoding="utf-8")
    path.with_name(PAGE_NAME).write_text(attribution_page(photographs), encoding="utf-8")


def _licences(photographs: list[Photograph]) -> str:
    counts = Counter(p.licence for p in photographs)
    rows = [
        f"| [{licence.title}]({licence.url}) | {counts[name]} | {'yes' if licence.names_author else 'no'} |"
        for name, licence in ALLOWED.items()
        if counts[name]
    ]
    total = f"| in all | {len(photographs)} | |"
    return "\n".join(["| licence | photographs | asks to name the author |", "|---|---|---|", *rows, total, ""])


def _repository(photograph: Photograph) -> tuple[str, str]:
    """What an origin begins with, as a rule a repository, and the rest of it."""
    place, colon, rest = photograph.origin.partition(": ")
    return (place, rest) if colon else (photograph.origin, "")


def _credit(photograph: Photograph) -> tuple[str, str, str]:
    return photograph.author, photograph.licence, _repository(photograph)[0]


def _link(place: str) -> str:
    address, space, note = place.partition(" ")
    return f"[{address}](https://{address}){space}{note}" if address.startswith("github.com/") else place


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _credits(photographs: list[Photograph]) -> str:
    """Those of one author, licence and repository."""
    author, name, place = _credit(photographs[0])
    licence = ALLOWED[name]
    rows = [f"| {_cell(p.file)} | {_cell(_repository(p)[1])} |" for p in photographs]
    source = f"| photograph | in {_cell(_link(place))} |"
    return "\n".join([f"### {author}\n", f"[{licence.title}]({licence.url})\n", source, "|---|---|", *rows, ""])


def _sources(photographs: list[Photograph]) -> str:
    counts = Counter((_repository(p)[0], p.author, p.licence) for p in photographs)
    rows = [
        f"| {_cell(_link(place))} | {_cell(author)} | {ALLOWED[name].title} | {count} |"
        for (place, author, name), count in sorted(counts.items())
    ]
    head = "## Photographs that may be used without a name\n\n| source | author | licence | photographs |"
    return "\n".join([head, "|---|---|---|---|", *rows, ""])
