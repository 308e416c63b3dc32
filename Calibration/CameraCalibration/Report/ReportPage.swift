internal import Reporting
internal import Configuration
internal import Geometry

/// The report's sections, put together.
struct ReportPage {
    let content: ReportContent
    var calibration: Calibration { content.calibration }
    var camera: Camera { calibration.camera }
    private let plots: ReportPlots

    init(_ content: ReportContent) {
        self.content = content
        plots = ReportPlots(calibration: content.calibration)
    }

    var html: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Camera calibration \(Markup.escaped(content.camera.record.date ?? ""))</title>
        <link rel="icon" href="data:,">
        <style>
        \(PageStyle.tokens)
        \(ReportStyle.css)
        </style>
        </head>
        <body>
        <main>
        \([headline, advice, uncertainty, fit, coverage, parameters, views, provenance].joined(separator: "\n"))
        </main>
        </body>
        </html>

        """
    }

    // MARK: What counts

    private var headline: String {
        let stated = calibration.statedUncertainty
        let (grade, centre) = (calibration.grade, camera.principalPoint)
        let record = content.camera.record
        let device = record.device.map { Markup.escaped($0) + ", " } ?? ""
        let halves =
            calibration.isStatedByHalves
            ? "So much the two halves of the views differ, more than their residuals explain. " : ""
        return """
            <header>
              <p class="kicker">Camera calibration · \(device)\(camera.width) × \(camera.height) · \
            \(Markup.escaped(record.date ?? ""))</p>
              <div class="lead">
                <p class="headline"><b>\(pixels(stated, 2))</b>\(stated.isFinite ? " px" : "")</p>
                <div>
                  <h1><span class="grade \(grade.rawValue)">\(grade.title)</span></h1>
                  <p>\(calibration.knowledge) \(halves)\(grade.meaning)</p>
                </div>
              </div>
              <dl class="facts">
                \(fact("RMS error", "\(figure(calibration.rmsPixels, 3)) px"))
                \(fact("Focal length", "\(figure(camera.focalLength.x, 1)), \(figure(camera.focalLength.y, 1)) px"))
                \(fact("Principal point", "\(figure(centre.x, 1)), \(figure(centre.y, 1))"))
                \(fact("Images used", "\(calibration.usedImages) of \(calibration.imageCount)"))
                \(fact("Corners used", "\(calibration.usedCorners) of \(calibration.cornerCount)"))
                \(fact("Lens model", calibration.model.rawValue))
              </dl>
            </header>
            """
    }

    private func fact(_ name: String, _ value: String) -> String {
        "<div><dt>\(name)</dt><dd>\(Markup.escaped(value))</dd></div>"
    }

    private var advice: String {
        guard !calibration.advice.isEmpty else {
            return section("To make it better", "", "<p>Nothing to add: views, tilts and coverage are good.</p>")
        }
        let items = calibration.advice.map { item in
            "<li class=\"\(item.severity.rawValue)\"><b>\(item.severity == .warning ? "Warning" : "Hint")</b> "
                + Markup.escaped(item.text) + "</li>"
        }
        return section("To make it better", "", "<ul class=\"advice\">\n\(items.joined(separator: "\n"))\n</ul>")
    }

    // MARK: Pictures

    private var uncertainty: String {
        let map = calibration.projectionUncertainty
        let near = calibration.nearProjectionUncertainty
        return section(
            "Where the camera is sure",
            "How far the projection of a distant point may be off, in pixels: one standard deviation in the worst "
                + "direction. Pale is sure, deep is not.",
            """
            <div class="two">
              <figure>\(plots.uncertainty)</figure>
              <div>
                <table>
                  <thead><tr><th>px</th><th>far points</th><th>at \(figure(near.distance ?? 0, 2)) m</th></tr></thead>
                  <tbody>
                    <tr><th>half of the image below</th>
                      <td>\(pixels(map.median, 2))</td><td>\(pixels(near.median, 2))</td></tr>
                    <tr class="strong"><th>95 % of the image below</th>
                      <td>\(pixels(map.percentile95, 2))</td><td>\(pixels(near.percentile95, 2))</td></tr>
                    <tr><th>worst</th><td>\(pixels(map.largest, 2))</td><td>\(pixels(near.largest, 2))</td></tr>
                  </tbody>
                </table>
                \(crossValidation)
              </div>
            </div>
            """)
    }

    private var crossValidation: String {
        guard let d = calibration.crossValidation else { return "" }
        guard d.isComparable else {
            return """
                <h3>Cross-validation</h3>
                <p>The two halves of the views cannot be compared: calibrated apart, one of them sees nothing in a part
                of the image.</p>
                """
        }
        let verdict =
            d.agreement != .asExpected
            ? "More than the uncertainty lets expect: something changes between the views, "
                + "or the lens model does not fit."
            : "As the uncertainty lets expect."
        return """
            <h3>Cross-validation</h3>
            <p>Calibrated apart, the two halves of the views agree to \(pixels(d.percentile95, 2)) px in 95 % of the
            image (\(pixels(d.expected95, 2)) expected). \(verdict)</p>
            """
    }

    private var fit: String {
        let field = plots.residuals
        return section(
            "How well the corners fit",
            "From each corner found to where the calibrated camera expects it, "
                + "enlarged \(Markup.number(field.scale)) times. "
                + "Bold: the mean of each part of the image, which should vanish. Rings: corners left out.",
            """
            <div class="two">
              <figure>\(field.svg)</figure>
              <figure>\(plots.histogram)<figcaption>Both coordinates of \(calibration.usedCorners) corners,
              and the normal distribution of their standard deviation, \(figure(calibration.noise, 3)) px</figcaption>
              \(models)</figure>
            </div>
            """)
    }

    private var models: String {
        guard calibration.heldOutErrors.count > 1 else { return "" }
        let rows = calibration.heldOutErrors.map { tried in
            "<tr\(tried.isChosen ? " class=\"strong\"" : "")>"
                + "<th>\(tried.model.rawValue)\(tried.warp ? ", bent board" : "")</th>"
                + "<td>\(pixels(tried.pixels, 3))</td><td>\(tried.isChosen ? "taken" : "")</td></tr>"
        }
        return """
            <h3>Models tried</h3>
            <table><thead><tr><th>model</th><th>error on views left out, px</th><th></th></tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table>
            """
    }

    private var coverage: String {
        let c = calibration.coverage
        let distances = c.distances.sorted()
        let range =
            distances.isEmpty
            ? "" : " Distances \(figure(distances[0], 2)) to \(figure(distances[distances.count - 1], 2)) m."
        return section(
            "What the views cover",
            "Left: corners in each part of the image; hatched parts were never seen. "
                + "Right: how the boards were turned; views should lie all around, between 20° and 45°.\(range)",
            """
            <div class="two">
              <figure>\(plots.coverage)
              <figcaption>\(figure(100 * c.filled, 0)) % of the parts have corners</figcaption></figure>
              <figure class="small">\(plots.tilts)</figure>
            </div>
            """)
    }

    // MARK: Numbers

    private var parameters: String {
        let rows = zip(calibration.parameterNames, zip(calibration.parameters, calibration.deviations)).map {
            name, value in
            let digits = name.hasPrefix("f") || name.hasPrefix("c") ? 3 : 6
            return "<tr><th>\(name)</th><td>\(figure(value.0, digits))</td><td>± \(figure(value.1, digits))</td></tr>"
        }
        var warp = ""
        if let bend = calibration.warp, let deviation = calibration.warpDeviations {
            warp = """
                <tr><th>board bent across</th>
                  <td>\(figure(bend.x * 1000, 3)) mm</td><td>± \(figure(deviation.x * 1000, 3))</td></tr>
                <tr><th>board bent down</th>
                  <td>\(figure(bend.y * 1000, 3)) mm</td><td>± \(figure(deviation.y * 1000, 3))</td></tr>
                """
        }
        return section(
            "Parameters",
            "Model \(calibration.model.rawValue): \(calibration.model.summary). "
                + "Pixels; the centre of the top-left pixel is (0, 0).",
            """
            <div class="two">
              <table><thead><tr><th></th><th>value</th><th>standard deviation</th></tr></thead>
              <tbody>\(rows.joined(separator: "\n"))\(warp)</tbody></table>
              <div>
                <h3>To use it</h3>
                <p>hflocd loads the camera file. For other programs:</p>
                <pre>hfloc-calibrate convert camera.yaml ros.yaml --to ros</pre>
                <p class="after">\(others) It holds for images of
                \(camera.width) × \(camera.height) pixels, and for this focus.</p>
              </div>
            </div>
            """)
    }

    /// The other formats that hold this camera.
    private var others: String {
        let names = CameraFormat.allCases.filter { format in
            format != .hfloc && format != .ros && (try? format.text(of: content.camera)) != nil
        }.map(\.rawValue)
        return names.isEmpty ? "" : "Also \(names.joined(separator: ", "))."
    }

    func section(_ title: String, _ note: String, _ body: String) -> String {
        "<section>\n<h2>\(title)</h2>\n\(note.isEmpty ? "" : "<p class=\"note\">\(note)</p>\n")\(body)\n</section>"
    }

    func pixels(_ value: Double, _ digits: Int) -> String { figure(value, digits) }
}
