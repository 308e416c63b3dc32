internal import Geometry

extension TargetPage {
    /// The page as SVG 1.1 in millimetres.
    public var svg: String {
        func mm(_ metres: Double) -> String { figure(metres * 1000, 4) }
        var path = ""
        for r in rectangles {
            path += "M\(mm(r.origin.x)) \(mm(r.origin.y))h\(mm(r.size.x))v\(mm(r.size.y))h-\(mm(r.size.x))z"
        }
        let strokes = lines.map {
            "M\(mm($0.start.x)) \(mm($0.start.y))L\(mm($0.end.x)) \(mm($0.end.y))"
        }.joined()
        let labels = texts.map { text in
            """
            <text x="\(mm(text.position.x))" y="\(mm(text.position.y))" font-size="\(mm(text.height * 1.35))"\
            \(text.isCentred ? " text-anchor=\"middle\"" : "")>\(Self.escaped(text.text))</text>
            """
        }.joined(separator: "\n")
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="\(mm(size.x))mm" height="\(mm(size.y))mm" \
            viewBox="0 0 \(mm(size.x)) \(mm(size.y))">
            <rect width="100%" height="100%" fill="white"/>
            <path fill="black" fill-rule="evenodd" d="\(path)"/>
            <path stroke="black" stroke-width="0.1" fill="none" d="\(strokes)"/>
            <g font-family="Helvetica, Arial, sans-serif" fill="black">
            \(labels)
            </g>
            </svg>

            """
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { out, character in
            switch character {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            default: out.append(character)
            }
        }
    }
}
