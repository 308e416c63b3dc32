import Geometry
package import ReferenceMap
import Reporting

/// A map's keyframes on the Earth, for programs that draw maps; nil of a map without an origin.
package struct MapTrack {
    private let path: String
    private let places: [(name: String, position: GeodeticPosition)]

    package init?(_ map: ReferenceMap) {
        guard let origin = map.origin else { return nil }
        let frame = LocalFrame(origin: origin)
        path = map.path
        places = (0..<map.keyframeCount).map { keyframe in
            let centre = map.cameraFromMap(ofKeyframe: keyframe).originInSource
            return (map.name(ofKeyframe: keyframe), frame.position(centre))
        }
    }

    /// Why a map has none, and the cure.
    package static let absence =
        "the map does not know where on the Earth it is; build it with --origin or a gnss.txt beside its poses"

    /// How many keyframes there are.
    package var count: Int { places.count }

    /// A point for each keyframe, and a line through all in their order.
    package var geoJSON: String {
        let points = places.map { place in
            GeoJSON.point(Self.coordinates(place.position), properties: [("name", JSONText.string(place.name))])
        }
        let line = GeoJSON.line(
            places.map { Self.coordinates($0.position) }, properties: [("name", JSONText.string(path))])
        return GeoJSON.collection([line] + points) + "\n"
    }

    /// The same for Google Earth and its like. Heights are left out: there they are above the sea, here above the
    /// ellipsoid.
    package var kml: String {
        func coordinates(_ position: GeodeticPosition) -> String { "\(position.longitude),\(position.latitude)" }
        var text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <kml xmlns="http://www.opengis.net/kml/2.2">
            <Document>
            <name>\(Self.escaped(path))</name>
            <Placemark><name>drive</name><LineString><tessellate>1</tessellate><coordinates>

            """
        for place in places { text += coordinates(place.position) + "\n" }
        text += "</coordinates></LineString></Placemark>\n"
        for place in places {
            text += "<Placemark><name>\(Self.escaped(place.name))</name><Point><coordinates>"
            text += coordinates(place.position) + "</coordinates></Point></Placemark>\n"
        }
        return text + "</Document>\n</kml>\n"
    }

    private static func coordinates(_ position: GeodeticPosition) -> [Double] {
        [position.longitude, position.latitude, position.height]
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
