/// What makes a nearest neighbour a match.
public struct MatchingOptions: Sendable {
    /// Largest ratio of the distances to the best and to the second landmark, when searching a whole place (HF-Net: 0.9).
    public var ratio: Float = 0.9
    /// The same among the landmarks that project near a keypoint: the prediction has excluded most rivals already.
    public var guidedRatio: Float = 0.95
    /// Smallest cosine similarity of a match, -1...1.
    public var minimumSimilarity: Float = 0.5

    public init() {}
}
