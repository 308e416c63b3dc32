internal import Geometry

/// One thing that would make a calibration better, or that is wrong with it.
public struct Advice: Sendable, Equatable {
    /// Whether the calibration should be used at all.
    public enum Severity: String, Sendable {
        /// The calibration should not be used as it is.
        case warning
        /// It would become better.
        case hint
    }

    /// What it is about, for programs.
    public enum Topic: String, Sendable {
        case edge, tilt, views, rejection, warp, model, crossValidation, uncertainty
    }

    /// Warnings come before hints in ``Calibration/advice``.
    public var severity: Severity
    /// The rule's subject; several pieces of advice may share it, as one for each edge.
    public var topic: Topic
    /// One or two sentences for the person with the board.
    public var text: String
}

extension Advice {
    /// What the figures of a calibration call for, most important first.
    package static func all(of calibration: Calibration) -> [Advice] {
        let rules = [
            uncertainty, edges, tilts, rejectedViews, rejectedCorners, viewCount, crossValidation, warp, invisible,
        ]
        let all = rules.flatMap { $0(calibration) }
        return all.filter { $0.severity == .warning } + all.filter { $0.severity == .hint }
    }

    /// Projection uncertainty above these, pixels in 1000 of the long side, is worth a hint or a warning.
    private static let (fair, poor) = (1.0, 4.0)

    private static func uncertainty(_ c: Calibration) -> [Advice] {
        let value = c.statedUncertainty
        let share = value / Double(max(c.camera.width, c.camera.height)) * 1000
        guard !(share <= fair) else { return [] }
        guard value.isFinite else {
            let text = """
                In a twentieth of the image or more the camera does not know the direction of what it sees. Take views \
                with the board there, near the edges.
                """
            return [Advice(severity: .warning, topic: .uncertainty, text: text)]
        }
        return [
            Advice(
                severity: share > poor ? .warning : .hint, topic: .uncertainty,
                text: """
                    In the worst twentieth of the image the camera's directions are uncertain by more than \
                    \(figure(value, 2)) pixels. More views, and views nearer to the edges of the image, make this \
                    smaller.
                    """)
        ]
    }

    private static func edges(_ c: Calibration) -> [Advice] {
        let weak = Coverage.Edge.allCases.filter { c.coverage.filled($0) < 0.5 }
        guard !weak.isEmpty else { return [] }
        let map = c.projectionUncertainty
        // A circle has edges, and no corners.
        let isCircle = c.uncertainty.circle != nil
        let (place, corners) = isCircle ? ("what the lens lights", "") : ("the image", ", also in its corners")
        return weak.map { edge in
            let worst = map.worst(along: edge)
            let isEmpty = c.coverage.filled(edge) < 0.2
            let reach =
                worst.isFinite
                ? "the uncertainty reaches \(figure(worst, 2)) pixels (in the median \(figure(map.median, 2)))"
                : "the camera does not know the direction of what it sees"
            return Advice(
                severity: isEmpty && worst > 4 * map.median ? .warning : .hint, topic: .edge,
                text: """
                    \(isEmpty ? "No view has" : "Few views have") the board at the \(edge.rawValue) edge of \(place), \
                    where \(reach). \
                    Take views with the board at the \(edge.rawValue) edge\(corners).
                    """)
        }
    }

    private static func tilts(_ c: Calibration) -> [Advice] {
        let degrees = c.coverage.tilts.map { $0 * 180 / .pi }
        let tilted = degrees.count { $0 >= 20 }
        guard tilted < max(4, degrees.count / 3) else { return [] }
        return [
            Advice(
                severity: tilted < 2 ? .warning : .hint, topic: .tilt,
                text: """
                    Only \(tilted) of \(degrees.count) views have the board tilted by 20 degrees or more. Take views \
                    tilted by 20 to 45 degrees to the left, right, up and down: they separate the focal length from \
                    the distance.
                    """)
        ]
    }

    private static func viewCount(_ c: Calibration) -> [Advice] {
        guard c.usedImages < 10 else { return [] }
        return [
            Advice(
                severity: c.usedImages < 6 ? .warning : .hint, topic: .views,
                text: "Only \(c.usedImages) views were used. Take 15 to 30, spread over the image.")
        ]
    }

    private static func rejectedViews(_ c: Calibration) -> [Advice] {
        c.views.filter(\.isRejected).map { view in
            Advice(
                severity: .hint, topic: .rejection,
                text: view.shear.map {
                    """
                    \(fileName(view.name)) was left out: \($0), because board or camera moved while the image was read \
                    out, row by row. Hold both still.
                    """
                } ?? """
                    \(fileName(view.name)) was left out: most of its corners are \(figure(view.rms, 1)) pixels off. \
                    Look at it: a moved or bent board, motion blur, or corners found wrongly.
                    """)
        }
    }

    private static func rejectedCorners(_ c: Calibration) -> [Advice] {
        let used = c.views.filter { !$0.isRejected }
        let rejected = used.reduce(0) { $0 + $1.rejected.count }
        let all = used.reduce(0) { $0 + $1.corners.count }
        guard rejected * 50 > all else { return [] }
        let worst = used.max { $0.rejected.count < $1.rejected.count }
        return [
            Advice(
                severity: rejected * 10 > all ? .warning : .hint, topic: .rejection,
                text: """
                    \(rejected) of \(all) corners were left out as outliers, most of them in \
                    \(fileName(worst?.name ?? "")). Blur, glare and low light do that: take sharper images of a board \
                    at rest.
                    """)
        ]
    }

    private static func crossValidation(_ c: Calibration) -> [Advice] {
        guard let d = c.crossValidation, d.agreement != .asExpected else { return [] }
        guard d.isComparable else {
            let text = """
                The two halves of the views cannot be compared: calibrated apart, one of them sees nothing in a part \
                of the image. Take more views near all edges, or try a simpler --model.
                """
            return [Advice(severity: .warning, topic: .crossValidation, text: text)]
        }
        return [
            Advice(
                severity: d.agreement == .farLarger ? .warning : .hint, topic: .crossValidation,
                text: """
                    The two halves of the views differ by \(figure(d.percentile95, 2)) pixels, where their noise \
                    explains \(figure(d.expected95, 2)): the model or the board does not fit. Check that the board is \
                    flat and stiff and that zoom and focus did not change, or try another --model.
                    """)
        ]
    }

    private static func warp(_ c: Calibration) -> [Advice] {
        guard let warp = c.warp else { return [] }
        let largest = max(abs(warp.x), abs(warp.y))
        guard largest > 0.003 * max(c.board.size.x, c.board.size.y) else { return [] }
        return [
            Advice(
                severity: .hint, topic: .warp,
                text: "The board is bent by \(figure(largest * 1000, 1)) mm. Mount it on a flat, stiff plate.")
        ]
    }

    private static func invisible(_ c: Calibration) -> [Advice] {
        let values = c.projectionUncertainty.lit
        let lost = values.count { !$0.isFinite }
        guard lost * 100 > values.count else { return [] }
        let isCircle = c.uncertainty.circle != nil
        let place = isCircle ? "at the edge of what the lens lights" : "in the corners of the image"
        return [
            Advice(
                severity: .warning, topic: .model,
                text: """
                    In \(lost * 100 / values.count) % of the image the model sees nothing: it was fitted without \
                    corners there. Take views with the board \(place), or try a simpler --model.
                    """)
        ]
    }
}

extension UncertaintyMap {
    /// The largest value along an edge of what the lens lights.
    func worst(along edge: Coverage.Edge) -> Double {
        edge.cells(columns: columns, rows: rows) { !values[$0].isNaN }.map { values[$0] }.max() ?? .nan
    }
}
