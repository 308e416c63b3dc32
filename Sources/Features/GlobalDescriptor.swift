/// The global descriptor of an image: a unit vector as int8 with its own scale.
public struct GlobalDescriptor: Sendable {
    /// Component `i` is `Float(values[i]) * scale`.
    public var values: [Int8]
    public var scale: Float

    public init(dimension: Int) {
        values = [Int8](repeating: 0, count: dimension)
        scale = 1
    }
}
