internal import CommandSupport
internal import Errors
internal import Reporting

extension Batch {
    /// One of hfloc's.
    init() { self.init(program: "hfloc") }
}

extension UnusedInput {
    /// Says on standard error what is not used.
    static func warn(_ unused: [UnusedInput]) {
        for item in unused { StandardError.write("hfloc: warning: \(item.text)\n") }
    }
}
