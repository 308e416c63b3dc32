package import Errors

/// An image's size on the command line.
package enum ImageSize {
    /// `WIDTHxHEIGHT`, pixels, each 1...65535.
    ///
    /// - Throws: ``Failure``: it is none.
    package static func parse(_ text: String) throws(Failure) -> (width: Int, height: Int) {
        let numbers = text.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let width = numbers[0], let height = numbers[1],
            (1...65535).contains(width), (1...65535).contains(height)
        else { throw Failure(.usage, "--size '\(text)' is not WIDTHxHEIGHT in pixels; write it as 640x480") }
        return (width, height)
    }
}
