/// Why an image file cannot be read: the file, the cause and the cure.
public struct ImageError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: Sendable {
        case missing
        case unreadable
        /// Not JPEG, PNG or PGM.
        case unknownFormat
        /// Ends early, or holds values that cannot be.
        case damaged
        /// More than ``ImageFile/largestPixelCount`` pixels.
        case tooLarge
    }

    public let kind: Kind
    public let file: String
    public let problem: String
    public let cure: String

    /// One line: `FILE: image: PROBLEM; CURE`.
    public var description: String { "\(file): image: \(problem); \(cure)" }

    init(_ kind: Kind, _ file: String, _ problem: String, cure: String) {
        self.kind = kind
        self.file = file
        self.problem = problem
        self.cure = cure
    }

    static func damaged(_ file: String, _ problem: String) -> ImageError {
        ImageError(.damaged, file, problem, cure: "copy or record the image again")
    }
}
