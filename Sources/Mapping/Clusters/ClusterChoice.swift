/// By whose clusters the keyframes' global descriptors are made.
public enum ClusterChoice: String, Sendable, CaseIterable {
    /// Those of the map's own images, where there are ``leastImages`` of them: places that look alike are told apart
    /// better. Descriptors are kept as signs.
    case own
    /// Those of the model.
    case model

    /// Of fewer images the model's clusters are taken; with so many their own are measurably better.
    public static let leastImages = 5
}
