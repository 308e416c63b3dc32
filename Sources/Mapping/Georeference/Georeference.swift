import Geometry
import ReferenceMap
import Reporting

/// Brings a set's poses, of whatever frame, to axes that point east, north and up, by where satellites saw its images.
struct Georeference {
    /// Of the new frame; nil: the median of the fixes.
    let origin: GeodeticPosition?
    /// Whether the poses' unit may be other than a metre.
    let freesScale: Bool

    /// Radians; a heading that is known worse than this is none.
    private static let largestHeadingSigma = 2 * Double.pi / 180
    /// A scale, as a share.
    private static let largestScaleSigma = 0.03

    /// The set with its poses in the new frame.
    ///
    /// - Throws: `MapError` where the fixes do not determine it, or contradict the poses.
    func align(_ set: PosedImages) throws(MapError) -> (set: PosedImages, report: GeoreferenceReport) {
        let seen = set.images(role: "map").compactMap { image in image.fix.map { (image.cameraFromMap, $0) } }
        guard seen.count >= 3 else {
            throw error(set, "has fixes of \(seen.count) images with a pose", "give three or more, from a drive")
        }
        let frame = LocalFrame(origin: origin ?? Self.median(seen.map(\.1.position)))
        let pairs = seen.map { pose, fix in
            SatelliteAlignment.Pair(cameraFromMap: pose, point: frame.point(fix.position), sigma: fix.sigma)
        }
        guard let found = SatelliteAlignment(pairs, freesScale: freesScale) else {
            throw error(set, "does not determine a frame: the images were taken in one place", "drive some way")
        }
        try check(found, set)
        let used = zip(pairs, found.isInlier).filter(\.1).map(\.0)
        var squares = (horizontal: 0.0, vertical: 0.0)
        for pair in used {
            let miss = found.localFromMap * pair.cameraFromMap.originInSource - pair.point
            squares.horizontal += miss.x * miss.x + miss.y * miss.y
            squares.vertical += miss.z * miss.z
        }
        var report = GeoreferenceReport(origin: frame.origin)
        let count = Double(max(used.count, 1))
        report.fixes = (pairs.count, used.count)
        report.distance = ((squares.horizontal / count).squareRoot(), (squares.vertical / count).squareRoot())
        report.scale = found.localFromMap.scale
        report.sigma = (found.headingSigma, found.tiltSigma)
        var aligned = set
        for index in set.images.indices {
            aligned.images[index].cameraFromMap = found.localFromMap.pose(set.images[index].cameraFromMap)
        }
        return (aligned, report)
    }

    private func check(_ found: SatelliteAlignment, _ set: PosedImages) throws(MapError) {
        let used = found.isInlier.count { $0 }
        guard 2 * used >= found.isInlier.count else {
            throw error(
                set,
                """
                \(found.isInlier.count - used) of \(found.isInlier.count) fixes are more than \
                \(SatelliteAlignment.outlierSigmas.text(0)) of their sigmas from where the poses put them
                """,
                freesScale
                    ? "check its sigmas, and that poses and fixes are of the same images"
                    : "check its sigmas, and that the poses are in metres (--gnss-scale free if they are not)")
        }
        guard found.headingSigma <= Self.largestHeadingSigma, found.scaleSigma <= Self.largestScaleSigma else {
            throw error(
                set,
                """
                its fixes span too little for their sigmas: heading known to \
                \((found.headingSigma * 180 / .pi).text(1)) deg, scale to \((100 * found.scaleSigma).text(1)) %
                """,
                "drive further, or use a better receiver")
        }
    }

    static func median(_ positions: [GeodeticPosition]) -> GeodeticPosition {
        func middle(_ values: [Double]) -> Double {
            var values = values
            return Geometry.median(&values)
        }
        // Those of a drive across the date line, east of it.
        let longitudes = positions.map(\.longitude)
        let wraps = (longitudes.max() ?? 0) - (longitudes.min() ?? 0) > 180
        let longitude = middle(longitudes.map { wraps && $0 < 0 ? $0 + 360 : $0 })
        return GeodeticPosition(
            latitude: middle(positions.map(\.latitude)), longitude: longitude > 180 ? longitude - 360 : longitude,
            height: middle(positions.map(\.height)))
    }

    private func error(_ set: PosedImages, _ problem: String, _ cure: String) -> MapError {
        MapError(.input, file: "\(set.folder)/gnss.txt", field: "fixes", problem: problem, cure: cure)
    }
}

extension SatelliteFix {
    /// Standard deviations to the east, to the north and up, metres.
    var sigma: Vector3 { Vector3(horizontalSigma, horizontalSigma, verticalSigma) }
}
