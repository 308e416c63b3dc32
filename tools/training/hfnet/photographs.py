"""The list of photographs that a model was trained on, photographs.tsv beside the model file: of each its name, its
licence, whom the licence asks to name, and where it comes from.

All of them allow commercial use: neither making nor reading such a list goes past one that does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from hfnet.container import digest
from hfnet.licences import ALLOWED, Licence, NotAllowed, read_statement

COLUMNS = ("file", "licence", "author", "origin")
HEADER = "# " + "\t".join(COLUMNS)
LIST_NAME = "photographs.tsv"
PAGE_NAME = "photographs.md"


@dataclass(frozen=True, order=True)
class Photograph:
    """A row of the list; `author` may be empty where the licence asks for nobody's name."""

    file: str
    licence: str
    author: str
    origin: str

    @property
    def terms(self) -> Licence:
        return ALLOWED[self.licence]


def read_index(path: Path, only: set[str] | None = None) -> tuple[list[Photograph], dict[str, str]]:
    """The photographs of an index that allow commercial use, sorted, and the names of the others, with why not.

    An index has a first line of column names, `file`, `licence` and `origin` among them, separated by tabs. `only`: of
    these names alone, all of which must be there.
    """
    lines = [line.rstrip("\n") for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    columns = lines[0].lstrip("# ").split("\t") if lines else []
    if not {"file", "licence", "origin"} <= set(columns):
        raise SystemExit(f"error: {path}: its first line must name the columns file, licence and origin")
    found: list[Photograph] = []
    refused: dict[str, str] = {}
    seen: set[str] = set()
    for number, line in enumerate(lines[1:], 2):
        fields = [field.strip() for field in line.split("\t")]
        if len(fields) != len(columns):
            raise SystemExit(f"error: {path}: line {number} has {len(fields)} fields instead of {len(columns)}")
        row = dict(zip(columns, fields, strict=True))
        name, origin = row["file"], row["origin"]
        if only is not None and name not in only:
            continue
        if name in seen:
            raise SystemExit(f"error: {path}: line {number}: {name} is there twice")
        seen.add(name)
        try:
            if not origin:
                raise NotAllowed("no origin is given")
            licence, author = read_statement(row["licence"], origin)
            found.append(Photograph(name, licence.name, author, origin))
        except NotAllowed as error:
            refused[name] = str(error)
    if only is not None and (missing := sorted(only - seen)):
        raise SystemExit(f"error: {path}: says nothing of {len(missing)} photographs, {missing[0]} among them")
    return sorted(found), refused


def list_text(photographs: Iterable[Photograph]) -> str:
    rows = ("\t".join((p.file, p.licence, p.author, p.origin)) for p in sorted(photographs))
    return "".join(f"{line}\n" for line in (HEADER, *rows))


@dataclass(frozen=True)
class PhotographList:
    """A list as it was read, every row of it checked."""

    text: str
    photographs: list[Photograph]

    @property
    def hash(self) -> str:
        """Hexadecimal BLAKE2b-256 of the file, which a model file names: `b2sum -l 256`."""
        return digest(self.text.encode())

    @property
    def names(self) -> set[str]:
        return {photograph.file for photograph in self.photographs}

    @staticmethod
    def read(path: Path) -> PhotographList:
        """Raises SystemExit for a photograph that does not allow commercial use, and for a list that is not whole."""
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SystemExit(f"error: {path}: {error} (tools/training/list-photographs makes a list)") from None
        header, *lines = text.split("\n")
        if header != HEADER or not lines or lines.pop():
            raise SystemExit(f"error: {path}: no list of tools/training/list-photographs, or not a whole one")
        photographs = [_row(path, number, line) for number, line in enumerate(lines, 2)]
        if not photographs:
            raise SystemExit(f"error: {path}: no photographs")
        if [p.file for p in photographs] != sorted({p.file for p in photographs}):
            raise SystemExit(f"error: {path}: a photograph is there twice, or they are not sorted")
        return PhotographList(text, photographs)


def list_beside(model: Path, hash: str) -> PhotographList:
    """The list beside a model file that names one by this hash. Raises SystemExit if it is another."""
    path = model.with_name(LIST_NAME)
    photographs = PhotographList.read(path)
    if photographs.hash != hash:
        raise SystemExit(f"error: {path}: is not the list that {model} was trained on, for its hash is another")
    return photographs


def _row(path: Path, number: int, line: str) -> Photograph:
    fields = line.split("\t")
    if len(fields) != len(COLUMNS):
        raise SystemExit(f"error: {path}: line {number} has {len(fields)} fields instead of {len(COLUMNS)}")
    photograph = Photograph(*fields)
    if photograph.licence not in ALLOWED:
        raise SystemExit(f"error: {path}: line {number}: {photograph.file}: '{photograph.licence}' is not allowed")
    if not (photograph.file and photograph.origin and (photograph.author or not photograph.terms.names_author)):
        raise SystemExit(f"error: {path}: line {number}: a name, an author or an origin is missing")
    return photograph
