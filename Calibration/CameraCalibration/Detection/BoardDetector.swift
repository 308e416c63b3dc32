public import Features

/// Finds a board and its corners in grey images.
public struct BoardDetector: Sendable {
    public let board: Board

    public init(board: Board) { self.board = board }

    /// The corners of the board that the image shows; nil without a board. ``examine(_:name:)`` says why.
    public func detect(in image: GreyImage, name: String) -> BoardView? {
        guard case .found(let view) = examine(image, name: name) else { return nil }
        return view
    }

    /// The corners of the board that the image shows, or why there are none.
    public func examine(_ image: GreyImage, name: String) -> BoardDetection {
        .absent(.noPattern)
    }
}
