internal import Configuration
internal import Files
internal import Publishing
internal import ReferenceMap

/// Whether the file of the map in use still is what was opened. Only of a map that is mapped, and not a copy.
struct MapWatch {
    /// The map was withdrawn: nothing may be read of it.
    private(set) var isWithdrawn = false
    /// What the file was at the last look since then, and when it was opened in vain.
    private var seen: FileState?
    private var refused: FileState?
    private var nextLook: UInt64 = 0

    /// Nanoseconds.
    private static let pause: UInt64 = 1_000_000_000

    /// True once a second.
    mutating func isDue(at now: UInt64) -> Bool {
        guard now >= nextLook else { return false }
        nextLook = now + Self.pause
        return true
    }

    mutating func withdraw() { isWithdrawn = true }

    /// Whether to try the file: it has stood still since the last look, and is not what was tried in vain.
    mutating func mayOpen(_ state: FileState?) -> Bool {
        guard let state, state == seen else {
            seen = state
            return false
        }
        defer { refused = state }
        return state != refused
    }
}

extension LocalizationDaemon {
    /// Takes a map out of use once another program has written over its file in place, and takes it up again as soon as
    /// the file is a good map. Call often.
    func watchMap(at now: UInt64) {
        guard mapWatch.isDue(at: now), replacement == nil else { return }
        if !mapWatch.isWithdrawn {
            guard resources.map.hasChanged else { return }
            withdrawMap()
        }
        if mapWatch.mayOpen(FileState(of: configuration.map)) { replace(with: configuration, for: .map) { _ in } }
    }

    private func withdrawMap() {
        let text =
            "\(resources.map.path): another program has written over the map in use, and it is used no more; replace "
            + "maps by renaming, as `hfloc map install` does"
        mapWatch.withdraw()
        report.mapProblem = text
        host.journal.write(text)
        telemetry.tell(self, .mapRefused, text)
        exchange.send { $0.withdrawal = text }
    }
}
