internal import Geometry

extension TargetPage {
    /// The page as PDF 1.6; it asks viewers to print without scaling.
    public var pdf: String {
        let content = pdfContent
        let objects = [
            "<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /PrintScaling /None >> >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 \(Self.points(size.x)) "
                + "\(Self.points(size.y))] /Contents 4 0 R "
                + "/Resources << /Font << /F 5 0 R >> >> >>",
            "<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]
        var text = "%PDF-1.6\n"
        var offsets: [Int] = []
        for (index, object) in objects.enumerated() {
            offsets.append(text.utf8.count)
            text += "\(index + 1) 0 obj\n\(object)\nendobj\n"
        }
        let table = text.utf8.count
        text += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
        for offset in offsets {
            let digits = "\(offset)"
            text += String(repeating: "0", count: max(0, 10 - digits.count)) + digits + " 00000 n \n"
        }
        return text + "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(table)\n%%EOF\n"
    }

    /// Points of 1/72 inch.
    private static func points(_ metres: Double) -> String { figure(metres / 0.0254 * 72, 4) }

    private var pdfContent: String {
        var out = "0 g 0 G\n"
        for r in rectangles {
            let bottom = size.y - r.origin.y - r.size.y
            out += "\(Self.points(r.origin.x)) \(Self.points(bottom)) "
            out += "\(Self.points(r.size.x)) \(Self.points(r.size.y)) re\n"
        }
        out += "f*\n0.28 w\n"
        for line in lines {
            out += "\(Self.points(line.start.x)) \(Self.points(size.y - line.start.y)) m "
            out += "\(Self.points(line.end.x)) \(Self.points(size.y - line.end.y)) l\n"
        }
        out += "S\n"
        for text in texts {
            let height = text.height * 1.35
            // Helvetica's letters are about half as wide as high.
            let left = text.isCentred ? 0.25 * height * Double(text.text.count) : 0
            out += "BT /F \(Self.points(height)) Tf \(Self.points(text.position.x - left)) "
            out += "\(Self.points(size.y - text.position.y)) Td (\(Self.escapedPDF(text.text))) Tj ET\n"
        }
        return out
    }

    private static func escapedPDF(_ text: String) -> String {
        text.reduce(into: "") { out, character in
            if character == "(" || character == ")" || character == "\\" { out += "\\" }
            out.append(character)
        }
    }
}
