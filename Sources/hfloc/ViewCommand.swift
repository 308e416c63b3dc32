internal import ArgumentParser
internal import Errors
internal import Glibc

/// `hfloc view`: becomes hfloc-view, a program of its own with a web server, where that is installed.
struct ViewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "view",
        abstract: "Show what hflocd sees, live or recorded, in a browser: starts hfloc-view.",
        discussion: "All arguments are hfloc-view's own: see 'hfloc-view --help'.")

    @Argument(parsing: .captureForPassthrough, help: "Passed on to hfloc-view.")
    var arguments: [String] = []

    private static let program = "hfloc-view"

    func run() throws {
        try Failure.reporting {
            // Beside this program, where both are installed or built; else wherever the shell would find it.
            for path in [Self.sibling, Self.program].compactMap(\.self) { execute(path) }
            throw Failure(
                .unavailable,
                """
                \(Self.program) is not installed: install the package \(Self.program), or build it with \
                'swift build --package-path Sources/Bridges --scratch-path .build-bridges -c release \
                --product \(Self.program)' and put it on the PATH
                """)
        }
    }

    private static var sibling: String? {
        guard let own = unsafe realpath("/proc/self/exe", nil) else { return nil }
        defer { unsafe free(own) }
        let path = unsafe String(cString: own)
        return path.lastIndex(of: "/").map { path[...$0] + program }
    }

    /// Returns only if there is no such program.
    private func execute(_ path: String) {
        var words: [UnsafeMutablePointer<CChar>?] = unsafe ([Self.program] + arguments).map { unsafe strdup($0) }
        unsafe words.append(nil)
        unsafe execvp(path, &words)
        for index in 0...arguments.count { unsafe free(words[index]) }
    }
}
