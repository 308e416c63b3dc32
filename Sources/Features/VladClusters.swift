/// Clusters of rows, for the VLAD of a map's own images: of the cells of layer 14 and of the local descriptors
/// (Model.md, "Clusters of a map"). Both halves have as many.
public struct VladClusters: Sendable, Equatable {
    /// The clusters of one kind of rows.
    public struct Half: Sendable, Equatable {
        /// Numbers of a row, a multiple of 8.
        public var channels: Int
        /// A row of `channels` numbers for each cluster, in the real units of what is clustered.
        public var centres: [Float]
        /// A row's membership falls with `exp(-sharpness * squared distance)`.
        public var sharpness: Float
        /// Of what the clusters were fitted to: what the logits' integers must reach.
        public var largestLogit: Float

        /// Values as they are given; ``isValid`` checks them.
        public init(channels: Int, centres: [Float], sharpness: Float, largestLogit: Float) {
            self.channels = channels
            self.centres = centres
            self.sharpness = sharpness
            self.largestLogit = largestLogit
        }

        /// Whether everything that is worked out from these numbers is finite, and of sizes that the kernels take.
        public var isValid: Bool {
            channels > 0 && channels % 8 == 0 && centres.count % channels == 0
                && VladClusters.allowedCounts.contains(centres.count / channels)
                && centres.count / channels % 8 == 0 && centres.allSatisfy { abs($0) <= 1e4 } && sharpness > 0
                && sharpness <= 1e9
                && largestLogit >= 1e-6 && largestLogit <= 1e9
        }
    }

    /// How many each half may have, a multiple of 8.
    public static let allowedCounts = 8...256

    /// Of the cells of layer 14.
    public var cells: Half
    /// Of the local descriptors.
    public var keypoints: Half

    /// Both halves.
    public init(cells: Half, keypoints: Half) {
        self.cells = cells
        self.keypoints = keypoints
    }

    /// Numbers of the VLAD vector: the cells' half, then the keypoints'.
    public var dimension: Int { cells.centres.count + keypoints.centres.count }
    /// Clusters of each half.
    public var count: Int { cells.centres.count / cells.channels }
    /// Whether both halves are valid, and have as many.
    public var isValid: Bool {
        cells.isValid && keypoints.isValid && count == keypoints.centres.count / keypoints.channels
    }
}
