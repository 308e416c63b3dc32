/// GeoJSON (RFC 7946) as text: what map programs draw.
package enum GeoJSON {
    /// A point with facts about it; without a place it is listed and not drawn.
    ///
    /// - Parameters:
    ///   - coordinates: longitude and latitude, degrees, and height above the ellipsoid, metres; nil if not known.
    ///   - properties: names and values, which are JSON already.
    package static func point(_ coordinates: [Double]?, properties: [(String, String)]) -> String {
        feature("Point", coordinates.map(position), properties)
    }

    /// A line through points, in the same form.
    package static func line(_ points: [[Double]], properties: [(String, String)]) -> String {
        feature("LineString", JSONText.array(points.map(position)), properties)
    }

    /// The document of some features.
    package static func collection(_ features: [String]) -> String {
        "{\"type\": \"FeatureCollection\", \"features\": [\n" + features.joined(separator: ",\n") + "\n]}"
    }

    private static func position(_ coordinates: [Double]) -> String {
        JSONText.array(coordinates.map { JSONText.number($0) })
    }

    private static func feature(_ kind: String, _ coordinates: String?, _ properties: [(String, String)]) -> String {
        let geometry = coordinates.map { JSONText.object([("type", JSONText.string(kind)), ("coordinates", $0)]) }
        return JSONText.object([
            ("type", JSONText.string("Feature")), ("geometry", geometry ?? "null"),
            ("properties", JSONText.object(properties)),
        ])
    }
}
