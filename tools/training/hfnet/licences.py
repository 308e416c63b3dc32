"""The licences under which a photograph may teach a model that is shipped, and how an index's words are read."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Licence:
    """`name` is SPDX's where SPDX has one; `names_author`: who uses the work has to say whose it is."""

    name: str
    title: str
    url: str
    names_author: bool = True


def _creative_commons(version: str) -> Licence:
    return Licence(
        f"CC-BY-{version}",
        f"Creative Commons Attribution {version}",
        f"https://creativecommons.org/licenses/by/{version}/",
    )


def _spdx(name: str, title: str) -> Licence:
    return Licence(name, title, f"https://spdx.org/licenses/{name}.html")


ALLOWED = {
    licence.name: licence
    for licence in (
        Licence(
            "CC0-1.0",
            "Creative Commons Zero 1.0",
            "https://creativecommons.org/publicdomain/zero/1.0/",
            names_author=False,
        ),
        Licence(
            "public-domain",
            "Public domain",
            "https://creativecommons.org/publicdomain/mark/1.0/",
            names_author=False,
        ),
        *(_creative_commons(version) for version in ("2.0", "2.5", "3.0", "4.0")),
        _spdx("etalab-2.0", "Licence Ouverte 2.0"),
        _spdx("MIT", "MIT License"),
        _spdx("Apache-2.0", "Apache License 2.0"),
        _spdx("BSD-2-Clause", "BSD 2-Clause License"),
        _spdx("BSD-3-Clause", "BSD 3-Clause License"),
    )
}
_KNOWN = {name.casefold(): licence for name, licence in ALLOWED.items()} | {"cc0": ALLOWED["CC0-1.0"]}
# `AUTHOR [LICENCE], via WHERE`, as Wikimedia Commons has it, or `LICENCE (AUTHOR)`.
_BRACKETS = re.compile(r"(?:By )?(?P<author>.*?)\s*\[(?P<licence>[^\[\]]*)\](?P<where>[^\[\]]*)")
_PARENTHESES = re.compile(r"(?P<licence>[^()\[\]]*?)\s*(?:\((?P<author>.*)\))?")
_RESTRICTION = re.compile(
    r"non.?commercial|\bNC\b|research|academic|stud(?:y|ies) only|education|share.?alike|\bSA\b|no.?deriv|\bND\b"
    r"|personal|editorial|permission",
    re.IGNORECASE,
)
_OWNER = re.compile(r"github\.com/([^/\s:]+)/")


class NotAllowed(Exception):
    """A photograph that must not teach a model that is shipped; the text says why."""


def _alternatives(text: str) -> list[str]:
    """What one may choose from. Without an `or` there is no choice: a list may mean that all of them hold."""
    return re.split(r"\s+or\s+|,\s*", text) if re.search(r"\sor\s", text) else [text]


def _author(text: str, licence: Licence, origin: str) -> str:
    """Of the words beside a licence those that are not its other name; `repository` means the owner of the origin's."""
    parts = [part.strip() for part in text.split(";")]
    named = [part for part in parts if part and part.casefold() not in (licence.title.casefold(), licence.name)]
    author = "; ".join(named)
    if author != "repository":
        return author
    owner = _OWNER.match(origin)
    return f"{owner[1]}, owner of the repository" if owner else ""


def read_statement(statement: str, origin: str) -> tuple[Licence, str]:
    """The licence that an index's words allow, of several the first, and whom it asks to name.

    Raises NotAllowed for every other licence, for words that restrict it, and where nobody is there to name.
    """
    match = _BRACKETS.fullmatch(statement.strip()) or _PARENTHESES.fullmatch(statement.strip())
    if match is None:
        raise NotAllowed(f"licence '{statement}' is not understood")
    words = [re.sub(r"\s+", "-", text.strip()).casefold() for text in _alternatives(match["licence"])]
    licence = next((_KNOWN[word] for word in words if word in _KNOWN), None)
    if licence is None:
        raise NotAllowed(f"licence '{statement}' is not allowed")
    beside = (match["author"] or "") + match.groupdict().get("where", "")
    if _RESTRICTION.search(beside):
        raise NotAllowed(f"licence '{statement}' may be restricted")
    author = _author(beside, licence, origin)
    if licence.names_author and not author:
        raise NotAllowed(f"licence '{statement}' asks to name an author, and none is given")
    return licence, author
