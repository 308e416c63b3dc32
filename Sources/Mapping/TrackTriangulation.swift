import Features
import Geometry
import Parallelism

/// A landmark before it is numbered: where it is, and the keypoints that observe it.
struct TriangulatedTrack {
    var position: Vector3
    /// In ascending order of images.
    var elements: [TrackElement]
    /// Mean reprojection error, pixels.
    var error: Double
}

/// Finds the points of a track: usually one; several where a wrong match joined two.
struct TrackTriangulation {
    let rays: [ImageRays]
    let options: MappingOptions
    /// Pairs of a track's rays that are tried as a start, when not all of its observations agree.
    private static let hypotheses = 60
    /// Scale of the robust loss, pixels: about a keypoint's own error.
    private static let loss = RobustLoss.cauchy(scale: 1)

    /// The landmarks of a track. Each has the observations within the reprojection tolerance of it, rays that meet at
    /// the least angle or more, and lies before all of its cameras.
    func landmarks(of track: [TrackElement]) -> [TriangulatedTrack] {
        var left = track
        var found: [TriangulatedTrack] = []
        while left.count >= max(2, options.leastObservations), let landmark = best(of: left) {
            found.append(landmark)
            left.removeAll { landmark.elements.contains($0) }
        }
        return found
    }

    func observation(_ element: TrackElement) -> PointObservation {
        // A copy of an image's rays would count references for each keypoint.
        let image = Int(element.image)
        return PointObservation(
            pixel: rays[image].pixels[Int(element.keypoint)], camera: rays[image].camera,
            cameraFromMap: rays[image].cameraFromMap)
    }

    private func direction(_ element: TrackElement) -> Vector3 {
        rays[Int(element.image)].directions[Int(element.keypoint)]
    }

    /// The point that most of the elements agree on.
    private func best(of elements: [TrackElement]) -> TriangulatedTrack? {
        let observations = elements.map(observation)
        if let start = nearest(elements),
            let point = Triangulation.refine(start, observations: observations, loss: Self.loss), isGood(point)
        {
            return landmark(point, elements, observations)
        }
        guard elements.count > 2, let start = consensus(elements, observations) else { return nil }
        return refineInliers(start, elements, observations)
    }

    /// The point nearest to the rays of all elements.
    private func nearest(_ elements: [TrackElement]) -> Vector3? {
        let directions = elements.map(direction)
        guard directions.allSatisfy(\.isFinite) else { return nil }
        return Triangulation.midpoint(centres: elements.map { rays[Int($0.image)].centre }, directions: directions)
    }

    private func isGood(_ point: TriangulatedPoint) -> Bool {
        point.largestReprojectionError <= options.reprojectionTolerance && point.angle >= options.leastAngle
    }

    private func landmark(
        _ point: TriangulatedPoint, _ elements: [TrackElement], _ observations: [PointObservation]
    ) -> TriangulatedTrack {
        let errors = observations.map { $0.residual(point.position)?.length ?? 0 }
        return TriangulatedTrack(
            position: point.position, elements: elements, error: errors.reduce(0, +) / Double(errors.count))
    }

    /// Of the points where two of the rays meet, the one with the least truncated error over all observations.
    private func consensus(_ elements: [TrackElement], _ observations: [PointObservation]) -> Vector3? {
        let limit = options.reprojectionTolerance * options.reprojectionTolerance
        let pairCount = elements.count * (elements.count - 1) / 2
        let step = max(1, pairCount / Self.hypotheses)
        var best: (cost: Double, point: Vector3)?
        var number = 0
        for j in elements.indices {
            for i in 0..<j {
                number += 1
                guard number % step == 0, let point = meeting(elements[i], elements[j]) else { continue }
                let most = best?.cost ?? limit * Double(elements.count - 1)
                var cost = 0.0
                for observation in observations {
                    cost += min(observation.residual(point)?.lengthSquared ?? limit, limit)
                    if cost >= most { break }
                }
                if cost < most { best = (cost, point) }
            }
        }
        return best?.point
    }

    private func meeting(_ x: TrackElement, _ y: TrackElement) -> Vector3? {
        let (a, b) = (direction(x), direction(y))
        guard a.isFinite, b.isFinite, a.angle(to: b) >= options.leastAngle else { return nil }
        return Triangulation.midpoint(
            centres: [rays[Int(x.image)].centre, rays[Int(y.image)].centre], directions: [a, b])
    }

    /// Refines the point from the observations that agree with it, until these stay the same.
    private func refineInliers(
        _ start: Vector3, _ elements: [TrackElement], _ observations: [PointObservation]
    ) -> TriangulatedTrack? {
        var point = start
        var inliers: [Int] = []
        for _ in 0..<5 {
            let agreeing = observations.indices.filter {
                (observations[$0].residual(point)?.length ?? .infinity) <= options.reprojectionTolerance
            }
            guard agreeing.count >= max(2, options.leastObservations) else { return nil }
            let chosen = agreeing.map { observations[$0] }
            guard let refined = Triangulation.refine(point, observations: chosen, loss: Self.loss) else { return nil }
            if agreeing == inliers {
                return isGood(refined) ? landmark(refined, agreeing.map { elements[$0] }, chosen) : nil
            }
            (point, inliers) = (refined.position, agreeing)
        }
        return nil
    }
}

/// Where an image's keypoints look: the geometry of matching, worked out once per image.
struct ImageRays {
    let camera: Camera
    let cameraFromMap: RigidTransform
    /// The camera's position, metres, map frame.
    let centre: Vector3
    /// Where the camera looks, map frame.
    let axis: Vector3
    /// Keypoints as they are, pixels.
    let pixels: [Vector2]
    /// Without distortion; NaN where the camera has no such pixel.
    let undistorted: [Vector2]
    /// Unit vectors in the map frame; NaN where the camera has no such ray.
    let directions: [Vector3]

    /// Of all images, in their order.
    static func all(_ images: [ExtractedImage], _ cameras: [Camera], threads: Int) -> [ImageRays] {
        Parallel.map(images.count, threads: threads) { ImageRays(images[$0], camera: cameras[images[$0].camera]) }
    }

    init(_ image: ExtractedImage, camera: Camera) {
        self.init(
            image.features.keypoints.map { Vector2(Double($0.x), Double($0.y)) }, cameraFromMap: image.cameraFromMap,
            camera: camera)
    }

    init(_ pixels: [Vector2], cameraFromMap: RigidTransform, camera: Camera) {
        (self.pixels, self.cameraFromMap, self.camera) = (pixels, cameraFromMap, camera)
        centre = cameraFromMap.originInSource
        let mapFromCamera = cameraFromMap.rotation.inverse
        axis = mapFromCamera * Vector3(0, 0, 1)
        undistorted = pixels.map { camera.undistorted($0) ?? Vector2(.nan, .nan) }
        directions = pixels.map { camera.bearing(of: $0).map { mapFromCamera * $0 } ?? Vector3(.nan, .nan, .nan) }
    }
}
