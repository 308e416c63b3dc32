import Reporting
import Testing

@Suite("Progress on a terminal and elsewhere")
struct ProgressBarTests {
    /// What a bar writes.
    private final class Output {
        var lines: [String] = []
    }

    private func bar(isTerminal: Bool) -> (ProgressBar, Output) {
        let output = Output()
        return (ProgressBar(isTerminal: isTerminal) { output.lines.append($0) }, output)
    }

    @Test("elsewhere, a line for each step that is done, and nothing at the end")
    func lines() {
        let (bar, output) = bar(isTerminal: false)
        for done in 0...3 { bar.show("extract", done, 3) }
        bar.show("match", 0, 0)
        bar.show("match", 1, 1)
        bar.finish()
        #expect(output.lines == ["extract: 3 done\n", "match: 1 done\n"])
    }

    @Test("on a terminal, a bar that is drawn again only when it looks different, and whole at the end")
    func drawn() {
        let (bar, output) = bar(isTerminal: true)
        for done in 0...200 { bar.show("extract", done, 200) }
        #expect(output.lines.count == 41)
        #expect(output.lines.first == "\rextract     [........................................] 0/200")
        #expect(output.lines.last == "\rextract     [########################################] 200/200")
        #expect(output.lines[1].hasSuffix("[#.......................................] 5/200"))
    }

    @Test("a new step begins a new line, and finishing twice ends one line")
    func steps() {
        let (bar, output) = bar(isTerminal: true)
        bar.finish()
        #expect(output.lines.isEmpty)
        bar.show("a", 1, 1)
        bar.show("b", 1, 2)
        bar.finish()
        bar.finish()
        #expect(output.lines.filter { $0 == "\n" }.count == 2 && output.lines[1] == "\n")
    }
}
