internal import Geometry
internal import Reporting

extension Markup {
    static func line(_ a: Vector2, _ b: Vector2, _ attributes: String) -> String {
        "<line x1=\"\(number(a.x))\" y1=\"\(number(a.y))\" x2=\"\(number(b.x))\" y2=\"\(number(b.y))\" \(attributes)/>"
    }

    static func text(_ at: Vector2, _ text: String, _ attributes: String = "") -> String {
        "<text x=\"\(number(at.x))\" y=\"\(number(at.y))\" \(attributes)>\(escaped(text))</text>"
    }
}
