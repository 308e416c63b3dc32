// Measures what hfloc-calibrate says of its own errors, on synthetic cameras whose truth is known: views of a board, flat
// and bent, with corners whose errors are partly shared within a view.
//
//     measure-calibration [check|coverage|family] [SESSIONS]
//
// check: the camera of one half of a session against the other half, unchanged, changed, and with too few views.
// coverage: squared errors over the variances that are claimed. family: the lens model that is taken.
// Without arguments all three, with 500, 200 and 100 sessions. Ends with 1 if a figure is worse than is promised.

internal import Glibc

let names = ["check", "coverage", "family"]
let asked = CommandLine.arguments.dropFirst().first
let sessions = CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) }
guard asked.map(names.contains) ?? true else { fatalError("measure-calibration: \(names.joined(separator: ", "))?") }

var keeps = true
for name in names where asked == nil || asked == name {
    let isGood =
        switch name {
        case "check": try CheckSessions(count: sessions ?? 500).measure()
        case "coverage": try CoverageSessions(count: sessions ?? 200).measure()
        default: try FamilySessions(count: sessions ?? 100).measure()
        }
    keeps = keeps && isGood
}
if !keeps {
    print("a figure is worse than is promised")
    exit(1)
}
