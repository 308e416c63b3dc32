internal import CameraCalibration
internal import Container
internal import Geometry

/// A calibration as JSON, for programs.
enum SolveJSON {
    static func document(_ c: Calibration, _ input: SolveInput) -> JSON {
        .object(camera(c) + evidence(c) + views(c, input))
    }

    /// The camera, with how certain its parameters are.
    private static func camera(_ c: Calibration) -> [JSON.Member] {
        let names = c.parameterNames
        return [
            .init("model", .string(c.model.rawValue)),
            .init("camera_model", .string(c.camera.model.rawValue)),
            .init("width", integer(c.camera.width)), .init("height", integer(c.camera.height)),
            .init("rms_px", number(c.rmsPixels)), .init("noise_px", number(c.noise)),
            .init("fx", number(c.camera.focalLength.x)), .init("fy", number(c.camera.focalLength.y)),
            .init("cx", number(c.camera.principalPoint.x)), .init("cy", number(c.camera.principalPoint.y)),
            .init("distortion", numbers(Array(c.parameters.dropFirst(4)))),
            .init("distortion_names", .array(names.dropFirst(4).map { .string($0) })),
            .init("standard_deviations", .object(zip(names, c.deviations).map { .init($0, number($1)) })),
            .init("covariance", rows(c.covariance, names.count)),
        ]
    }

    /// How good the calibration is, and what is to be done about it.
    private static func evidence(_ c: Calibration) -> [JSON.Member] {
        [
            .init("board", .string(c.board.description)),
            .init("board_warp_m", c.warp.map { numbers([$0.x, $0.y]) } ?? .null),
            .init("images_given", integer(c.imageCount)), .init("images_used", integer(c.usedImages)),
            .init("corners_used", integer(c.usedCorners)), .init("corners_found", integer(c.cornerCount)),
            .init("projection_uncertainty", map(c.projectionUncertainty)),
            .init("projection_uncertainty_near", map(c.nearProjectionUncertainty)),
            .init("cross_validation", c.crossValidation.map(difference) ?? .null),
            .init("held_out", .array(c.heldOutErrors.map(heldOut))),
            .init("coverage", coverage(c.coverage)),
            .init("advice", .array(c.advice.map(advice))),
        ]
    }

    /// The images, with what became of them.
    private static func views(_ c: Calibration, _ input: SolveInput) -> [JSON.Member] {
        let views = c.views.map { view($0, c.board) }
        let dropped = c.dropped.flatMap { absence((reason: $0.reason, names: [$0.name])) }
        return [
            .init("views", .array(views)), .init("views_dropped", .array(dropped)),
            .init("images_without_board", .array(input.absences.flatMap(absence))),
        ]
    }

    static func difference(_ d: ProjectionDifference) -> JSON {
        .object([
            .init("p95_px", number(d.percentile95)), .init("median_px", number(d.median)),
            .init("max_px", number(d.largest)), .init("expected_p95_px", number(d.expected95)),
        ])
    }

    private static func map(_ m: UncertaintyMap) -> JSON {
        .object([
            .init("distance_m", m.distance.map(number) ?? .null), .init("p95_px", number(m.percentile95)),
            .init("median_px", number(m.median)), .init("max_px", number(m.largest)),
            .init("map_px", rows(m.values, m.columns)),
        ])
    }

    private static func heldOut(_ h: HeldOutError) -> JSON {
        .object([
            .init("model", .string(h.model.rawValue)), .init("board_warp", .bool(h.warp)),
            .init("error_px", number(h.pixels)), .init("chosen", .bool(h.isChosen)),
        ])
    }

    private static func coverage(_ c: Coverage) -> JSON {
        .object([
            .init("filled", number(c.filled)), .init("counts", rows(c.counts.map(Double.init), c.columns)),
            .init("edges_filled", .object(Coverage.Edge.allCases.map { .init($0.rawValue, number(c.filled($0))) })),
            .init("tilts_degrees", numbers(c.tilts.map { $0 * 180 / .pi })),
            .init("distances_m", numbers(c.distances)),
            .init("normal_spread_degrees", number(c.normalSpread * 180 / .pi)),
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
            .init("reason", v.rejection.map { .string($0) } ?? .null), .init("rms_px", number(v.rms)),
            .init("corners", integer(v.corners.count)), .init("rejected", .array(v.rejected.map { integer($0.id) })),
            .init("tilt_degrees", number(v.tilt(of: board) * 180 / .pi)),
            .init("distance_m", number(v.cameraFromBoard.translation.length)),
        ])
    }

    private static func absence(_ a: (reason: String, names: [String])) -> [JSON] {
        a.names.map { .object([.init("name", .string($0)), .init("reason", .string(a.reason))]) }
    }

    static func integer(_ value: Int) -> JSON { .number("\(value)") }

    /// Null when it is not finite: JSON has no infinity.
    static func number(_ value: Double) -> JSON { value.isFinite ? .number("\(value)") : .null }

    static func numbers(_ values: [Double]) -> JSON { .array(values.map(number)) }

    private static func rows(_ values: [Double], _ columns: Int) -> JSON {
        .array(stride(from: 0, to: values.count, by: columns).map { numbers(Array(values[$0..<$0 + columns])) })
    }
}
