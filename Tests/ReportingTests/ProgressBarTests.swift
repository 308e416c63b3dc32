import Reporting
import Testing

@Suite("Progress on a terminal and elsewhere")
struct ProgressBarTests {
    /// What a bar writes, at times that the test sets.
    private final class Output {
        var lines: [String] = []
        var time = 100.0
    }

    private func bar(isTerminal: Bool) -> (ProgressBar, Output) {
        let output = Output()
        return (ProgressBar(isTerminal: isTerminal, now: { output.time }) { output.lines.append($0) }, output)
    }

    @Test("elsewhere, a line for each step that is done, and nothing at the end")
    func lines() {
        let (bar, output) = bar(isTerminal: false)
        for done in 0...3 {
            bar.show("extract", done, 3)
            output.time += 1
        }
        bar.show("extract", 3, 3)
        bar.show("match", 0, 0)
        bar.show("match", 1, 1)
        bar.finish()
        #expect(output.lines == ["extract: 3 done in 3.0 s\n", "match: 1 done in 0.0 s\n"])
    }

    @Test("elsewhere, a step that takes long says every half minute how fast it is, and how long it will take")
    func longStep() {
        let (bar, output) = bar(isTerminal: false)
        for done in 0...400 {
            bar.show("match", done, 400)
            output.time += 0.25
        }
        #expect(
            output.lines == [
                "match: 120 of 400, 4.0/s, 70 s left\n", "match: 240 of 400, 4.0/s, 40 s left\n",
                "match: 360 of 400, 4.0/s, 10 s left\n", "match: 400 done in 2 min\n",
            ])
    }

    @Test("on a terminal, a bar that is drawn again only when it looks different, and whole at the end")
    func drawn() {
        let (bar, output) = bar(isTerminal: true)
        for done in 0...150 {
            bar.show("extract", done, 150)
            output.time += 0.01
        }
        #expect(output.lines.count == 31)
        #expect(output.lines.first?.hasPrefix("\rextract     [..............................] 0/150 ") == true)
        #expect(output.lines.last?.hasPrefix("\rextract     [##############################] 150/150, 100/s ") == true)
        #expect(output.lines[1].hasPrefix("\rextract     [#.............................] 5/150, 100/s, 1."))
        // Each line covers the one before.
        #expect(Set(output.lines.map(\.count)).count == 1)
    }

    @Test("on a terminal, a slow step is drawn again every second")
    func slow() {
        let (bar, output) = bar(isTerminal: true)
        for done in 0...10 {
            bar.show("extract", done, 10_000)
            output.time += 0.5
        }
        #expect(output.lines.count == 6)
        #expect(output.lines[5].contains("] 10/10000, 2.0/s, 83 min left"))
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
