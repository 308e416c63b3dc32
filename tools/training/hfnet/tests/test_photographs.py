"""The list of photographs of a model for products: what an index may say, and that nothing else gets past it."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("cv2")

from hfnet import list_photographs
from hfnet.attribution import attribution_page, write_list
from hfnet.licences import NotAllowed, read_statement
from hfnet.photographs import HEADER, LIST_NAME, PAGE_NAME, PhotographList, list_text, read_index

ORIGIN = "github.com/someone/pictures: a/b.jpg"


@pytest.mark.parametrize(
    ("statement", "name", "author"),
    [
        ("CC0-1.0", "CC0-1.0", ""),
        ("CC0-1.0 (Poly Haven)", "CC0-1.0", "Poly Haven"),
        ("Anjana Menon [CC0], via Wikimedia Commons", "CC0-1.0", "Anjana Menon, via Wikimedia Commons"),
        ("Gorgo [Public domain], via Wikimedia Commons", "public-domain", "Gorgo, via Wikimedia Commons"),
        ("CC-BY-4.0 (Peter Abeles)", "CC-BY-4.0", "Peter Abeles"),
        ("CC BY 3.0 (Emil Persson, humus.name)", "CC-BY-3.0", "Emil Persson, humus.name"),
        ("By Pierre Huard [CC BY 4.0 ], from Commons", "CC-BY-4.0", "Pierre Huard, from Commons"),
        ("Ralf Roletschek [GFDL or CC BY 3.0]", "CC-BY-3.0", "Ralf Roletschek"),
        ("etalab-2.0 (Licence Ouverte 2.0; coban, 2025-06-23)", "etalab-2.0", "coban, 2025-06-23"),
        ("MIT (repository)", "MIT", "someone, owner of the repository"),
        ("BSD-3-Clause (OpenCV team)", "BSD-3-Clause", "OpenCV team"),
    ],
)
def test_a_free_licence_gives_its_name_and_whom_to_name(statement: str, name: str, author: str) -> None:
    licence, found = read_statement(statement, ORIGIN)
    assert (licence.name, found) == (name, author)


@pytest.mark.parametrize(
    "statement",
    [
        "",
        "research only",
        "CC-BY-SA-4.0 (Peter Abeles)",
        "CC-BY-SA-3.0/4.0 per file (Wikimedia Commons)",
        "Nattfodd [GFDL, CC-BY-SA-3.0 or CC BY-SA 2.5]",
        "Dmitry [CC BY-SA 3.0 or GFDL], from Wikimedia Commons",
        "CC-BY-NC-4.0 (Somebody)",
        "CC-BY-ND-4.0 (Somebody)",
        "CC-BY-NC-SA-4.0 (Somebody)",
        "CC-BY-4.0, CC-BY-SA-4.0 (Somebody)",
        "CC-BY-4.0 and research only (Somebody)",
        "CC-BY-4.0 (Somebody; non-commercial use)",
        "CC0-1.0 (for research)",
        "CC-BY (Somebody)",
        "GPL-3.0 (Somebody)",
        "all rights reserved",
        "CC-BY-4.0",
        "MIT",
        "etalab-2.0 (Licence Ouverte 2.0)",
        "CC-BY-4.0 (Somebody) [research]",
    ],
)
def test_every_other_licence_is_refused(statement: str) -> None:
    with pytest.raises(NotAllowed):
        read_statement(statement, ORIGIN)


def index(folder: Path, *rows: tuple[str, str, str]) -> Path:
    path = folder / "index.tsv"
    lines = ["file\tsize\tlicence\torigin\tkind"] + [
        f"{name}\t4x3\t{by}\t{origin}\tstreet" for name, by, origin in rows
    ]
    path.write_text("\n".join(lines) + "\n")
    return path


FREE = [("b.jpg", "CC-BY-4.0 (Ann | Bob)", ORIGIN), ("a.jpg", "CC0-1.0", "PyPI pictures-1.0: a.jpg")]


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> None:
    monkeypatch.setattr("sys.argv", ["list-photographs", *map(str, arguments)])
    list_photographs.main()


def test_the_list_is_read_back_and_named_by_its_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = tmp_path / "new" / LIST_NAME
    run(monkeypatch, "--index", index(tmp_path, *FREE), "--output", output)
    assert output.read_text().splitlines() == [
        "# file\tlicence\tauthor\torigin",
        "a.jpg\tCC0-1.0\t\tPyPI pictures-1.0: a.jpg",
        f"b.jpg\tCC-BY-4.0\tAnn | Bob\t{ORIGIN}",
    ]
    photographs = PhotographList.read(output)
    assert photographs.names == {"a.jpg", "b.jpg"}
    page = output.with_name(PAGE_NAME).read_text()
    assert page == attribution_page(photographs) and photographs.hash in page


def test_an_index_with_one_photograph_that_is_not_free_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = index(tmp_path, *FREE, ("c.jpg", "CC-BY-SA-4.0 (Ann)", ORIGIN), ("d.jpg", "research", ORIGIN))
    output = tmp_path / LIST_NAME
    with pytest.raises(SystemExit, match=r"2 photographs(.|\n)*CC-BY-SA-4.0(.|\n)*c.jpg(.|\n)*research"):
        run(monkeypatch, "--index", path, "--output", output)
    assert not output.exists()
    run(monkeypatch, "--index", path, "--output", output, "--allowed-only")
    assert PhotographList.read(output).names == {"a.jpg", "b.jpg"}


def test_only_the_names_asked_for_and_all_of_them(tmp_path: Path) -> None:
    path = index(tmp_path, *FREE, ("c.jpg", "research", ORIGIN))
    found, refused = read_index(path, {"a.jpg"})
    assert [p.file for p in found] == ["a.jpg"] and not refused
    with pytest.raises(SystemExit, match=r"1 photographs, z.jpg"):
        read_index(path, {"a.jpg", "z.jpg"})
    with pytest.raises(SystemExit, match="there twice"):
        read_index(index(tmp_path, FREE[0], FREE[0]))
    assert read_index(index(tmp_path, ("a.jpg", "CC0-1.0", "")))[1] == {"a.jpg": "no origin is given"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not a whole one"),
        (f"{HEADER}\n", "no photographs"),
        ("file\tlicence\tauthor\torigin\na.jpg\tMIT\tAnn\tthere\n", "no list"),
        (f"{HEADER}\na.jpg\tMIT\tAnn\tthere", "not a whole one"),
        (f"{HEADER}\na.jpg\tMIT\tAnn\n", "3 fields"),
        (f"{HEADER}\na.jpg\tCC-BY-SA-4.0\tAnn\tthere\n", "CC-BY-SA-4.0"),
        (f"{HEADER}\na.jpg\tresearch only\tAnn\tthere\n", "research only"),
        (f"{HEADER}\na.jpg\tMIT\t\tthere\n", "an author"),
        (f"{HEADER}\na.jpg\tMIT\tAnn\t\n", "an origin"),
        (f"{HEADER}\nb.jpg\tMIT\tAnn\tthere\na.jpg\tMIT\tAnn\tthere\n", "not sorted"),
        (f"{HEADER}\na.jpg\tMIT\tAnn\tthere\na.jpg\tMIT\tAnn\tthere\n", "twice"),
    ],
)
def test_a_list_that_was_changed_by_hand_is_refused(text: str, why: str, tmp_path: Path) -> None:
    (tmp_path / LIST_NAME).write_text(text)
    with pytest.raises(SystemExit, match=why):
        PhotographList.read(tmp_path / LIST_NAME)


def test_the_page_names_each_photograph_that_asks_for_it(tmp_path: Path) -> None:
    found, _ = read_index(
        index(
            tmp_path,
            *FREE,
            ("c.jpg", "etalab-2.0 (Licence Ouverte 2.0; coban, 2025-06-23)", "github.com/x/y (a crop): c/d.jpg"),
        )
    )
    write_list(PhotographList(list_text(found), found), tmp_path / LIST_NAME)
    page = (tmp_path / PAGE_NAME).read_text()
    assert "### Ann | Bob" in page and "https://creativecommons.org/licenses/by/4.0/" in page
    assert (
        "| b.jpg | a/b.jpg |" in page
        and "in [github.com/someone/pictures](https://github.com/someone/pictures)" in page
    )
    assert "### coban, 2025-06-23" in page and "| c.jpg | c/d.jpg |" in page
    assert "[github.com/x/y](https://github.com/x/y) (a crop)" in page
    assert "| PyPI pictures-1.0 |  | Creative Commons Zero 1.0 | 1 |" in page
    assert "| a.jpg |" not in page
    assert "What was changed" in page and "turned grey" in page
