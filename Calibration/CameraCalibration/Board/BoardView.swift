public import Geometry

/// The corners of a board that were found in one image.
public struct BoardView: Sendable, Equatable {
    /// A corner of the board as one image shows it.
    public struct Corner: Sendable, Equatable {
        /// Index into ``Board/points``.
        public var id: Int
        /// Where it is seen; the centre of the top-left pixel is (0, 0).
        public var pixel: Vector2

        /// A corner seen at `pixel`.
        public init(id: Int, pixel: Vector2) {
            self.id = id
            self.pixel = pixel
        }
    }

    /// The image's name.
    public var name: String
    /// Pixels across the image.
    public var width: Int
    /// Pixels down the image.
    public var height: Int
    /// In ascending order of id, each once.
    public var corners: [Corner]

    /// A view as it is given: the corners must be in ascending order of id already, each once.
    public init(name: String, width: Int, height: Int, corners: [Corner]) {
        self.name = name
        self.width = width
        self.height = height
        self.corners = corners
    }
}
