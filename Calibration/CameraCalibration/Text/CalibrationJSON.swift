package import Container
internal import Geometry

/// A calibration as JSON, for programs.
package enum CalibrationJSON {
    /// Everything that is known.
    ///
    /// - Parameters:
    ///   - c: the calibration.
    ///   - absences: why images show no board.
    package static func document(_ c: Calibration, absences: [BoardImages.Absence]) -> JSON {
        let names = c.parameterNames
        return .object([
            .init("model", .string(c.model.rawValue)),
            .init("camera_model", .string(c.camera.model.rawValue)),
            .init("width", .int(c.camera.width)), .init("height", .int(c.camera.height)),
            .init("rms_px", .exact(c.rmsPixels)), .init("noise_px", .exact(c.noise)),
            .init("fx", .exact(c.camera.focalLength.x)), .init("fy", .exact(c.camera.focalLength.y)),
            .init("cx", .exact(c.camera.principalPoint.x)), .init("cy", .exact(c.camera.principalPoint.y)),
            .init("distortion", .numbers(Array(c.parameters.dropFirst(4)))),
            .init("distortion_names", .array(names.dropFirst(4).map { .string($0) })),
            .init("standard_deviations", .object(zip(names, c.deviations).map { .init($0, .exact($1)) })),
            .init("covariance", .rows(c.covariance, names.count)),
            .init("board", .string(c.board.description)),
            .init("board_warp_m", c.warp.map { .numbers([$0.x, $0.y]) } ?? .null),
            .init("images_given", .int(c.imageCount)), .init("images_used", .int(c.usedImages)),
            .init("corners_used", .int(c.usedCorners)), .init("corners_found", .int(c.cornerCount)),
            .init("stated_uncertainty_px", .exact(c.statedUncertainty)),
            .init(
                "image_circle",
                c.uncertainty.circle.map { .numbers([$0.centre.x, $0.centre.y, $0.radius]) } ?? .null),
            .init("projection_uncertainty", map(c.projectionUncertainty)),
            .init("projection_uncertainty_near", map(c.nearProjectionUncertainty)),
            .init("cross_validation", c.crossValidation.map(difference) ?? .null),
            .init("held_out", .array(c.heldOutErrors.map(heldOut))),
            .init("coverage", coverage(c.coverage)),
            .init("advice", .array(c.advice.map(advice))),
            .init("views", .array(c.views.map { view($0, c.board) })),
            .init("views_dropped", dropped(c)), .init("images_without_board", absent(absences)),
        ])
    }

    static func dropped(_ c: Calibration) -> JSON { .array(c.dropped.map { absence($0.name, $0.reason) }) }

    static func absent(_ absences: [BoardImages.Absence]) -> JSON {
        .array(absences.flatMap { group in group.names.map { absence($0, group.reason) } })
    }

    static func difference(_ d: ProjectionDifference) -> JSON {
        .object([
            .init("p95_px", .exact(d.percentile95)), .init("median_px", .exact(d.median)),
            .init("max_px", .exact(d.largest)), .init("expected_p95_px", .exact(d.expected95)),
        ])
    }

    private static func map(_ m: UncertaintyMap) -> JSON {
        .object([
            .init("distance_m", m.distance.map(JSON.exact) ?? .null), .init("p95_px", .exact(m.percentile95)),
            .init("median_px", .exact(m.median)), .init("max_px", .exact(m.largest)),
            .init("map_px", .rows(m.values, m.columns)),
        ])
    }

    private static func heldOut(_ h: HeldOutError) -> JSON {
        .object([
            .init("model", .string(h.model.rawValue)), .init("board_warp", .bool(h.warp)),
            .init("error_px", .exact(h.pixels)), .init("chosen", .bool(h.isChosen)),
        ])
    }

    private static func coverage(_ c: Coverage) -> JSON {
        .object([
            .init("filled", .exact(c.filled)), .init("counts", .rows(c.counts.map(Double.init), c.columns)),
            .init("edges_filled", .object(Coverage.Edge.allCases.map { .init($0.rawValue, .exact(c.filled($0))) })),
            .init("tilts_degrees", .numbers(c.tilts.map { $0 * 180 / .pi })),
            .init("distances_m", .numbers(c.distances)),
            .init("normal_spread_degrees", .exact(c.normalSpread * 180 / .pi)),
        ])
    }

    private static func advice(_ a: Advice) -> JSON {
        .object([
            .init("severity", .string(a.severity.rawValue)), .init("topic", .string(a.topic.rawValue)),
            .init("text", .string(a.text)),
        ])
    }

    private static func view(_ v: ViewResult, _ board: Board) -> JSON {
        .object([
            .init("name", .string(v.name)), .init("used", .bool(!v.isRejected)),
            .init("reason", v.rejection.map { .string($0) } ?? .null), .init("rms_px", .exact(v.rms)),
            .init("corners", .int(v.corners.count)), .init("rejected", .array(v.rejected.map { .int($0.id) })),
            .init("tilt_degrees", .exact(v.tilt(of: board) * 180 / .pi)),
            .init("distance_m", .exact(v.cameraFromBoard.translation.length)),
        ])
    }

    private static func absence(_ name: String, _ reason: String) -> JSON {
        .object([.init("name", .string(name)), .init("reason", .string(reason))])
    }
}

extension JSON {
    /// As exact as it is; null when it is not finite: JSON has no infinity.
    static func exact(_ value: Double) -> JSON { value.isFinite ? .number("\(value)") : .null }

    /// `[a, b, ...]`.
    static func numbers(_ values: [Double]) -> JSON { .array(values.map(exact)) }

    /// A matrix, row by row.
    fileprivate static func rows(_ values: [Double], _ columns: Int) -> JSON {
        .array(stride(from: 0, to: values.count, by: columns).map { numbers(Array(values[$0..<$0 + columns])) })
    }
}
