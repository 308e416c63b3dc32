import Features
import Geometry

/// A pair of images to match, by their indices, the lower first.
struct ImagePair: Hashable, Comparable {
    let a: Int
    let b: Int

    init(_ a: Int, _ b: Int) { (self.a, self.b) = (min(a, b), max(a, b)) }

    static func < (x: Self, y: Self) -> Bool { (x.a, x.b) < (y.a, y.b) }
}

/// Chooses the pairs of images to match. The choice depends on nothing but its input.
struct PairSelection {
    let options: MappingOptions

    /// Pairs in ascending order, each once. Cost: n² of n images.
    func pairs(_ images: [ExtractedImage], _ rays: [ImageRays]) -> [ImagePair] {
        switch options.pairs {
        case .exhaustive: return exhaustive(images.count)
        case .nearest(let count): return nearest(images, rays, count)
        case .automatic:
            return images.count <= options.exhaustiveLimit
                ? exhaustive(images.count) : nearest(images, rays, options.neighbours)
        }
    }

    private func exhaustive(_ count: Int) -> [ImagePair] {
        (0..<count).flatMap { a in (a + 1..<max(count, a + 1)).map { ImagePair(a, $0) } }
    }

    private func nearest(_ images: [ExtractedImage], _ rays: [ImageRays], _ count: Int) -> [ImagePair] {
        var pairs: Set<ImagePair> = []
        for image in images.indices {
            let byPosition = images.indices.filter {
                $0 != image && rays[$0].axis.angle(to: rays[image].axis) < options.largestPairAngle
            }.map { ((rays[$0].centre - rays[image].centre).lengthSquared, $0) }.sorted { $0 < $1 }
            for (_, other) in byPosition.prefix(count) { pairs.insert(ImagePair(image, other)) }
            let bySimilarity = images.indices.filter { $0 != image }.map {
                (-Self.similarity(images[image], images[$0]), $0)
            }.sorted { $0 < $1 }
            for (_, other) in bySimilarity.prefix((count + 1) / 2) { pairs.insert(ImagePair(image, other)) }
        }
        return pairs.sorted()
    }

    /// Cosine of two global descriptors.
    static func similarity(_ a: ExtractedImage, _ b: ExtractedImage) -> Float {
        var sum: Int32 = 0
        let (x, y) = (a.globalDescriptor.values.span, b.globalDescriptor.values.span)
        for index in x.indices { sum &+= Int32(x[index]) * Int32(y[index]) }
        return Float(sum) * a.globalDescriptor.scale * b.globalDescriptor.scale
    }
}

/// Which matches of a pair can be one point, given where the two cameras stood.
struct PairVerification {
    /// Farthest from the epipolar line, in either image, pixels.
    let tolerance: Double
    /// Rays that meet at a smaller sine than this say nothing about depth.
    private static let parallel = 2e-3

    /// Removes the matches that cannot be.
    func filter(_ matches: inout [DescriptorMatch], _ a: ImageRays, _ b: ImageRays) {
        let geometry = EpipolarGeometry(
            bFromA: b.cameraFromMap * a.cameraFromMap.inverse, cameraA: a.camera, cameraB: b.camera)
        matches.removeAll { match in
            let (i, j) = (Int(match.a), Int(match.b))
            let isNear =
                abs(geometry.distanceToLineInA(a.undistorted[i], b.undistorted[j])) <= tolerance
                && abs(geometry.distanceToLineInB(a.undistorted[i], b.undistorted[j])) <= tolerance
            return !isNear || !isInFront(a.centre, a.directions[i], b.centre, b.directions[j])
        }
    }

    /// Sum over the matches of the distance from the epipolar line, of the two images the greater, none counted as more
    /// than the tolerance.
    func truncatedDistance(_ matches: [DescriptorMatch], _ a: ImageRays, _ b: ImageRays) -> Double {
        let geometry = EpipolarGeometry(
            bFromA: b.cameraFromMap * a.cameraFromMap.inverse, cameraA: a.camera, cameraB: b.camera)
        return matches.reduce(0) { sum, match in
            let (x, y) = (a.undistorted[Int(match.a)], b.undistorted[Int(match.b)])
            let distance = max(abs(geometry.distanceToLineInA(x, y)), abs(geometry.distanceToLineInB(x, y)))
            return sum + (distance < tolerance ? distance : tolerance)
        }
    }

    /// Whether the two rays come nearest to each other before both cameras; nearly parallel rays pass.
    private func isInFront(_ a: Vector3, _ rayA: Vector3, _ b: Vector3, _ rayB: Vector3) -> Bool {
        let normal = rayA.cross(rayB)
        if normal.lengthSquared < Self.parallel * Self.parallel { return true }
        // a + s rayA = b + t rayB, crossed with one ray to find the other's depth.
        let baseline = b - a
        return baseline.cross(rayB).dot(normal) > 0 && baseline.cross(rayA).dot(normal) > 0
    }
}
