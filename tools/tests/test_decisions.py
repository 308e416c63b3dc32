"""The list of decisions names each of them, and no other."""

from __future__ import annotations

import re
from pathlib import Path

CATALOGUE = Path(__file__).resolve().parents[2] / "Sources/hfloc/hfloc.docc"


def test_each_decision_is_in_the_table_and_under_a_topic() -> None:
    names = [path.stem for path in sorted((CATALOGUE / "Decisions").glob("*.md"))]
    listing = (CATALOGUE / "Decisions.md").read_text()
    rows = re.findall(r"^\| (\d+) \|", listing, re.MULTILINE)
    topics = re.findall(r"^- <doc:(\d{4}-[\w-]+)>", listing, re.MULTILINE)
    assert names
    assert [int(row) for row in rows] == [int(name[:4]) for name in names]
    assert sorted(topics) == names
