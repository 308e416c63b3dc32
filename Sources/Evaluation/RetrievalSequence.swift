internal import Geometry
package import ReferenceMap
package import Retrieval

/// Images that follow one another, a second apart, as those of a lost camera: what each reminds the map of, by those
/// before it, too.
package struct RetrievalSequence {
    private var evidence: PlaceEvidence
    /// By the image's file name; empty where nothing measures a motion.
    private let cameraFromWorld: [String: RigidTransform]
    private var count: UInt64 = 0
    /// Where the camera was at the last look that counts.
    private var last: RigidTransform?

    /// - Parameters:
    ///   - map: that the images are looked for in.
    ///   - poses: of the images in any frame of reference: only their differences count. nil: nothing measures a
    ///     motion.
    package init(in map: ReferenceMap, poses: PosedImages?) {
        evidence = PlaceEvidence(for: map)
        let named = (poses?.images ?? []).map { (Self.fileName($0.name), $0.cameraFromMap) }
        cameraFromWorld = Dictionary(named) { first, _ in first }
    }

    /// Puts what an image has retrieved into order.
    package mutating func order(_ retriever: inout Retriever, of image: String) {
        let now = count * 1_000_000_000
        count += 1
        let pose = cameraFromWorld[Self.fileName(image)]
        var moved: RigidTransform?
        if let pose, let last { moved = pose * last.inverse }
        retriever.order(by: &evidence, moved: moved, at: now)
        if evidence.time == now { last = pose }
    }

    private static func fileName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}
