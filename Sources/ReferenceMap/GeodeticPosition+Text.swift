public import Geometry

extension GeodeticPosition {
    /// From `LATITUDE,LONGITUDE,HEIGHT`: degrees, north and east positive, and metres above the ellipsoid. Nil for
    /// anything else, and for what is no position.
    public init?(parsing text: String) {
        let values = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        guard values.count == 3, let latitude = values[0], let longitude = values[1], let height = values[2] else {
            return nil
        }
        self.init(latitude: latitude, longitude: longitude, height: height)
        guard isValid else { return nil }
    }
}
