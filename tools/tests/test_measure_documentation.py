"""The scanner of tools/measure-documentation, on a page of Swift."""

from __future__ import annotations

import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

PATH = Path(__file__).resolve().parents[1] / "measure-documentation"
LOADER = SourceFileLoader("measure_documentation", str(PATH))
measure = module_from_spec(spec_from_loader(LOADER.name, LOADER))
sys.modules[LOADER.name] = measure
LOADER.exec_module(measure)

SWIFT = '''
/// A box of text: "public var a" in it is none of ours.
public struct Box: CustomStringConvertible {
    /// The width.
    public let width: Int
    public let height: Int  // A comment, but no documentation: public var no.
    let hidden: Int
    /// Cubic metres.
    @inlinable
    public var volume: Int { var inner = 1; return inner }
    /// Where it stands.
    public enum Place {
        case floor, shelf(height: Int, of: [Int])
        /// On a hook.
        case wall
    }
    public init(
        width: Int, body: (Int) -> Void = { _ in }
    ) {
        let text = """
            public var notThis: Int {
            """
    }
    public var description: String { "" }
}

package protocol Judge {
    func judge(_ box: Box) -> Bool
}

extension Box {
    /// Sum of volumes.
    public static func + (a: Box, b: Box) -> Int { 0 }
    package func open() {}
}
'''


def names(tmp_path: Path) -> dict[str, measure.Declaration]:
    file = tmp_path / "Box.swift"
    file.write_text(SWIFT)
    return {f"{d.owner}.{d.name}": d for d in measure.declarations(file)}


def test_finds_what_other_modules_see(tmp_path: Path) -> None:
    expected = (
        ".Box Box.width Box.height Box.volume Box.Place Place.floor Place.shelf Place.wall Box.init Box.description "
        ".Judge Judge.judge Box.+ Box.open"
    )
    assert list(names(tmp_path)) == expected.split()


def test_tells_documentation_from_none_and_from_repetition(tmp_path: Path) -> None:
    found = names(tmp_path)
    undocumented = {name for name, d in found.items() if not d.comment.strip()}
    assert undocumented == {
        "Box.height", "Place.floor", "Place.shelf", "Box.init", "Box.description", ".Judge", "Judge.judge", "Box.open",
    }  # fmt: skip
    assert {name for name, d in found.items() if d.comment.strip() and measure.is_trivial(d)} == {"Box.width"}
