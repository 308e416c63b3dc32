/// A keyframe that looks like the query.
public struct Prior: Sendable, Equatable {
    public var keyframe: Int
    /// Cosine of the angle between the two global descriptors, -1...1.
    public var similarity: Float

    public init(keyframe: Int, similarity: Float) {
        self.keyframe = keyframe
        self.similarity = similarity
    }
}
