internal import CameraCalibration
internal import Geometry

/// A calibration in words, for the person with the board.
enum SolveText {
    static func report(_ c: Calibration, _ input: SolveInput, output: String?) -> String {
        var lines = headline(c)
        lines += [
            "", "Camera", "  \(c.camera.width) x \(c.camera.height) pixels, \(c.model.rawValue): \(c.model.summary)",
        ]
        lines += parameters(c)
        lines += ["", "Fit"] + fit(c, input)
        lines += ["", "Uncertainty of the projection over the image, pixels (far points)"] + map(c)
        if !c.advice.isEmpty {
            lines += ["", "To make it better"]
            for advice in c.advice { lines += wrapped(advice.text, first: advice.severity == .warning ? "! " : "- ") }
        }
        if let output {
            lines += ["", "Written: \(output). hflocd loads it: name it under camera in its configuration."]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Why there is no calibration, with what was wrong with single images.
    static func refusal(_ error: CalibrationError, _ input: SolveInput) -> String {
        let details = input.absences.prefix(5).map { absence in
            let images =
                absence.names.count == 1
                ? absence.names[0] : "\(absence.names.count) images (\(absence.names[0]), ...)"
            return "\n  \(images): \(absence.reason)"
        }
        return "no calibration: \(error.description)" + details.joined()
    }

    private static func headline(_ c: Calibration) -> [String] {
        let map = c.projectionUncertainty
        let verdict = c.grade == .weak ? "but weak: see below" : c.grade.rawValue
        return wrapped(
            """
            Calibrated (\(verdict)). In 95 % of the image the camera knows the direction of what it sees to \
            \(decimal(map.percentile95, 2)) pixels (one standard deviation), in half of it to \(decimal(map.median, 2)).
            """, first: "")
    }

    private static func parameters(_ c: Calibration) -> [String] {
        zip(zip(c.parameterNames, c.parameters), c.deviations).map { parameter, deviation in
            let digits = parameter.0.hasPrefix("f") || parameter.0.hasPrefix("c") ? 3 : 6
            return "  " + pad(parameter.0, 4) + pad(decimal(parameter.1, digits), 12, left: true) + " +- "
                + decimal(deviation, digits)
        }
    }

    private static func fit(_ c: Calibration, _ input: SolveInput) -> [String] {
        let inViews = c.views.filter { !$0.isRejected }.reduce(0) { $0 + $1.corners.count }
        var lines = [
            """
              RMS error \(decimal(c.rmsPixels, 3)) pixels over \(c.usedCorners) corners in \(c.usedImages) of \
            \(c.imageCount) images
            """
        ]
        let rejected = c.views.filter { !$0.isRejected && !$0.rejected.isEmpty }
        if !rejected.isEmpty {
            let names = rejected.sorted { $0.rejected.count > $1.rejected.count }.prefix(6)
                .map { "\(fileName($0.name)): \($0.rejected.count)" }
            let more = rejected.count > 6 ? ", ..." : ""
            lines.append(
                "  \(inViews - c.usedCorners) corners left out as outliers (\(names.joined(separator: ", "))\(more))")
        }
        for view in c.views where view.isRejected {
            lines += wrapped(
                "left out: \(fileName(view.name)): \(view.rejection ?? "") (RMS error \(decimal(view.rms, 1)) pixels)",
                first: "  ")
        }
        for view in c.dropped { lines.append("  not used: \(fileName(view.name)): \(view.reason)") }
        for absence in input.absences {
            let names = absence.names.map(fileName).joined(separator: ", ")
            lines += wrapped("not used: \(names): \(absence.reason)", first: "  ")
        }
        if let warp = c.warp, let deviation = c.warpDeviations {
            lines.append(
                "  board bent by \(decimal(warp.x * 1000, 2)) +- \(decimal(deviation.x * 1000, 2)) mm across, "
                    + "\(decimal(warp.y * 1000, 2)) +- \(decimal(deviation.y * 1000, 2)) mm down")
        }
        if let d = c.crossValidation {
            lines.append(
                "  the two halves of the views agree to \(decimal(d.percentile95, 2)) pixels in 95 % of the image "
                    + "(\(decimal(d.expected95, 2)) expected)")
        }
        if c.heldOutErrors.count > 1 {
            let tried = c.heldOutErrors.map {
                """
                \($0.model.rawValue)\($0.warp ? ", bent board" : "") \
                \(decimal($0.pixels, 3))\($0.isChosen ? " (taken)" : "")
                """
            }
            lines += wrapped("error on views left out of the fit: \(tried.joined(separator: "; "))", first: "  ")
        }
        return lines
    }

    private static func map(_ c: Calibration) -> [String] {
        let map = c.uncertainty.map(columns: 7, rows: 5)
        return (0..<map.rows).map { row in
            "  " + (0..<map.columns).map { pad(decimal(map.values[row * map.columns + $0], 2), 8, left: true) }.joined()
        }
    }

    // MARK: Text

    /// With a fixed number of decimals.
    static func decimal(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return value.isNaN ? "unknown" : "unbounded" }
        let scale = (0..<decimals).reduce(1) { product, _ in product * 10 }
        let rounded = Int((abs(value) * Double(scale)).rounded())
        let part = String(rounded % scale)
        let sign = value < 0 && rounded != 0 ? "-" : ""
        guard decimals > 0 else { return "\(sign)\(rounded)" }
        return "\(sign)\(rounded / scale).\(String(repeating: "0", count: decimals - part.count))\(part)"
    }

    /// A path's last part.
    static func fileName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    static func pad(_ text: String, _ width: Int, left: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, width - text.count))
        return left ? space + text : text + space
    }

    /// Lines of at most 100 characters; further ones indented like the first.
    static func wrapped(_ text: String, first: String) -> [String] {
        let indent = String(repeating: " ", count: first.count)
        var (lines, line) = ([String](), first)
        var isFresh = true
        for word in text.split(separator: " ") {
            if !isFresh, line.count + word.count + 1 > 100 {
                lines.append(line)
                (line, isFresh) = (indent, true)
            }
            line += (isFresh ? "" : " ") + word
            isFresh = false
        }
        return lines + [line]
    }
}
