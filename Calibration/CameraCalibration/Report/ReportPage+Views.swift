internal import Capture
internal import Reporting
internal import Configuration
internal import Features
internal import Geometry

extension ReportPage {
    /// A card for each view: its image with the corners, and its figures.
    var views: String {
        let cards = calibration.views.map(card)
        let worst = calibration.views.filter { !$0.isRejected }.map(\.rms).max() ?? 0
        let note =
            "Green: used. Red: left out. The largest RMS error of a view is \(figure(worst, 3)) px; "
            + "a view far above the others is worth a look."
        return section("Views", note, "<div class=\"cards\">\n\(cards.joined(separator: "\n"))\n</div>") + absences
    }

    private func card(_ view: ViewResult) -> String {
        let degrees = view.tilt(of: calibration.board) * 180 / .pi
        let distance = (view.cameraFromBoard * calibration.board.middle).length
        let left = view.rejected.count
        return """
            <article\(view.isRejected ? " class=\"out\"" : "")>
              \(thumbnail(view))
              <h3 title="\(Markup.escaped(view.name))">\(Markup.escaped(fileName(view.name)))</h3>
              <p>\(view.rejection.map { "<b>left out</b>: \($0), " } ?? "")\(figure(view.rms, 3)) px ·
              \(view.used.count) corners\(left > 0 && !view.isRejected ? " · <b>\(left) left out</b>" : "") ·
              \(figure(degrees, 0))° · \(figure(distance, 2)) m</p>
            </article>
            """
    }

    private func thumbnail(_ view: ViewResult) -> String {
        let (width, height) = (camera.width, camera.height)
        var picture = "<rect class=\"noimage\" x=\"-0.5\" y=\"-0.5\" width=\"\(width)\" height=\"\(height)\"/>"
        if let image = content.image(view.name), let jpeg = GreyJPEG.encode(image.reduced(toSide: 320), quality: 72) {
            picture =
                "<image x=\"-0.5\" y=\"-0.5\" width=\"\(width)\" height=\"\(height)\" "
                + "href=\"data:image/jpeg;base64,\(Markup.base64(jpeg))\"/>"
        }
        let radius = Markup.number(max(1, Double(width) / 130))
        func dots(_ corners: [ViewResult.Corner], _ name: String) -> String {
            corners.map { corner in
                let (x, y) = (Markup.number(corner.pixel.x), Markup.number(corner.pixel.y))
                return "<circle class=\"\(name)\" cx=\"\(x)\" cy=\"\(y)\" r=\"\(radius)\"/>"
            }.joined()
        }
        return
            "<svg viewBox=\"-0.5 -0.5 \(width) \(height)\" role=\"img\" aria-label=\"\(Markup.escaped(view.name))\">"
            + picture + dots(view.used, "used") + dots(view.rejected, "dropped") + "</svg>"
    }

    private var absences: String {
        guard !content.absences.isEmpty else { return "" }
        let rows = content.absences.map {
            "<tr><th>\(Markup.escaped(fileName($0.name)))</th>"
                + "<td class=\"text\">\(Markup.escaped($0.reason))</td></tr>"
        }
        return section("Images without the board", "", "<table>\(rows.joined(separator: "\n"))</table>")
    }

    /// Where the calibration comes from: enough to repeat it.
    var provenance: String {
        let record = content.camera.record
        var rows: [(String, String?)] = [
            ("Date", record.date), ("Program", record.program), ("Camera", record.device), ("Board", record.board),
        ]
        rows += record.controls.map { ("Control \($0.name)", "\($0.value)") }
        let facts = rows.compactMap { row in
            row.1.map { "<tr><th>\(Markup.escaped(row.0))</th><td class=\"text\">\(Markup.escaped($0))</td></tr>" }
        }
        let images = record.images.map {
            "<tr><th>\(Markup.escaped(fileName($0.name)))</th><td class=\"text hash\">\($0.hash)</td></tr>"
        }
        let list =
            images.isEmpty
            ? ""
            : "<details><summary>\(images.count) images and their BLAKE2b-256 hashes</summary>"
                + "<table>\(images.joined(separator: "\n"))</table></details>"
        return section("Where it comes from", "", "<table>\(facts.joined(separator: "\n"))</table>\n\(list)")
    }
}
