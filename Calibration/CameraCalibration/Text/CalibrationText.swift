internal import Geometry
internal import Reporting

/// A calibration in words, for the person with the board.
package struct CalibrationText {
    private let calibration: Calibration
    private let absences: [BoardImages.Absence]

    /// - Parameters:
    ///   - calibration: the result.
    ///   - absences: why images show no board.
    package init(_ calibration: Calibration, absences: [BoardImages.Absence]) {
        self.calibration = calibration
        self.absences = absences
    }

    /// Why there is no calibration, with what was wrong with single images.
    package static func refusal(_ error: CalibrationError, absences: [BoardImages.Absence]) -> String {
        "no calibration: \(error.description)" + details(absences)
    }

    /// A line for each of the five most frequent reasons.
    static func details(_ absences: [BoardImages.Absence]) -> String {
        let lines = absences.prefix(5).map { absence in
            let images =
                absence.names.count == 1
                ? absence.names[0] : "\(absence.names.count) images (\(absence.names[0]), ...)"
            return "\n  \(images): \(absence.reason)"
        }
        let others = absences.dropFirst(5).reduce(0) { $0 + $1.names.count }
        return lines.joined() + (others == 0 ? "" : "\n  and \(others) more image\(others == 1 ? "" : "s")")
    }

    /// Everything: the headline, the camera, the fit, the uncertainty over the image, and what would make it better.
    ///
    /// - Parameter output: where the camera file was written; nil if nowhere.
    package func report(output: String?) -> String {
        let c = calibration
        var lines = headline
        lines += [
            "", "Camera", "  \(c.camera.width) x \(c.camera.height) pixels, \(c.model.rawValue): \(c.model.summary)",
        ]
        lines += parameters
        lines += ["", "Fit"] + fit
        lines += ["", "Uncertainty of the projection over the image, pixels (far points)"] + map
        if !c.advice.isEmpty {
            lines += ["", "To make it better"]
            for advice in c.advice { lines += wrapped(advice.text, first: advice.severity == .warning ? "! " : "- ") }
        }
        if let output {
            lines += ["", "Written: \(output). hflocd loads it: name it under camera in its configuration."]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var headline: [String] {
        let verdict = calibration.grade == .weak ? "but weak: see below" : calibration.grade.rawValue
        let halves =
            calibration.isStatedByHalves
            ? " So much the two halves of the views differ, more than their residuals explain." : ""
        return wrapped(
            """
            Calibrated (\(verdict)). \(calibration.knowledge)\(halves)
            """, first: "")
    }

    private var parameters: [String] {
        let names = calibration.parameterNames
        let digits = names.map { $0.hasPrefix("f") || $0.hasPrefix("c") ? 3 : 6 }
        let values = columns(zip(calibration.parameters, digits).map { [figure($0, $1)] }, width: 12)
        return names.indices.map { i in
            "  " + names[i].padded(4) + values[i] + " +- " + figure(calibration.deviations[i], digits[i])
        }
    }

    private var fit: [String] {
        let c = calibration
        var lines = [
            """
              RMS error \(figure(c.rmsPixels, 3)) pixels over \(c.usedCorners) corners in \(c.usedImages) of \
            \(c.imageCount) images
            """
        ]
        lines += outliers + c.unused(absences)
        if let warp = c.warp, let deviation = c.warpDeviations {
            lines.append(
                "  board bent by \(figure(warp.x * 1000, 2)) +- \(figure(deviation.x * 1000, 2)) mm across, "
                    + "\(figure(warp.y * 1000, 2)) +- \(figure(deviation.y * 1000, 2)) mm down")
        }
        if let d = c.crossValidation {
            let text =
                d.isComparable
                ? """
                the two halves of the views agree to \(figure(d.percentile95, 2)) pixels in 95 % of the image \
                (\(figure(d.expected95, 2)) expected\(d.agreement == .asExpected ? "" : ": too little"))
                """ : "the two halves of the views cannot be compared: in a part of the image one of them sees nothing"
            lines += wrapped(text, first: "  ")
        }
        if c.heldOutErrors.count > 1 {
            let tried = c.heldOutErrors.map {
                """
                \($0.model.rawValue)\($0.warp ? ", bent board" : "") \
                \(figure($0.pixels, 3))\($0.isChosen ? " (taken)" : "")
                """
            }
            lines += wrapped("error on views left out of the fit: \(tried.joined(separator: "; "))", first: "  ")
        }
        return lines
    }

    /// Corners of used views that were left out, those with most of them by name.
    private var outliers: [String] {
        let used = calibration.views.filter { !$0.isRejected }
        let rejected = used.filter { !$0.rejected.isEmpty }
        guard !rejected.isEmpty else { return [] }
        let count = used.reduce(0) { $0 + $1.corners.count } - calibration.usedCorners
        let names = rejected.sorted { $0.rejected.count > $1.rejected.count }.prefix(6)
            .map { "\(fileName($0.name)): \($0.rejected.count)" }
        let more = rejected.count > 6 ? ", ..." : ""
        return wrapped(
            "\(count) corners left out as outliers (\(names.joined(separator: ", "))\(more))", first: "  ")
    }

    private var map: [String] {
        let map = calibration.uncertainty.map(columns: 7, rows: 5)
        let rows = (0..<map.rows).map { row in
            (0..<map.columns).map { column -> String in
                let value = map.values[row * map.columns + column]
                return value.isNaN ? "dark" : value.isFinite ? figure(value, 2) : "unseen"
            }
        }
        return columns(rows, width: 8).map { "  " + $0 }
    }
}

extension Calibration {
    /// How well the camera knows where it looks, in a sentence.
    var knowledge: String {
        let (stated, median) = (statedUncertainty, projectionUncertainty.median)
        guard median.isFinite else {
            return "In half of the image or more the camera does not know the direction of what it sees."
        }
        guard stated.isFinite else {
            return """
                In a twentieth of the image or more the camera does not know the direction of what it sees, in half \
                of it to \(figure(median, 2)) pixels (one standard deviation).
                """
        }
        return """
            In 95 % of the image the camera knows the direction of what it sees to \(figure(stated, 2)) pixels (one \
            standard deviation), in half of it to \(figure(median, 2)).
            """
    }

    /// Views and images that were not used, and why, as lines.
    func unused(_ absences: [BoardImages.Absence]) -> [String] {
        let rejected = views.filter(\.isRejected).map {
            "left out: \(fileName($0.name)): \($0.rejection ?? "") (RMS error \(figure($0.rms, 1)) pixels)"
        }
        let dropped = dropped.map { "not used: \(fileName($0.name)): \($0.reason)" }
        let absent = absences.map {
            "not used: \($0.names.map(fileName).joined(separator: ", ")): \($0.reason)"
        }
        return (rejected + dropped + absent).flatMap { wrapped($0, first: "  ") }
    }
}
