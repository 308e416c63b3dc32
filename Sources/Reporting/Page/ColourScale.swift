/// One hue from pale to deep.
package enum ColourScale {
    private static let stops: [(Double, Double, Double)] = [
        (239, 245, 250), (190, 216, 236), (117, 170, 213), (48, 112, 172), (18, 60, 110), (8, 30, 62),
    ]

    /// - Parameter share: 0...1.
    package static func colour(_ share: Double) -> String {
        let place = min(max(share, 0), 1) * Double(stops.count - 1)
        let low = min(Int(place), stops.count - 2)
        let part = place - Double(low)
        func mix(_ a: Double, _ b: Double) -> String {
            let value = Int((a + (b - a) * part).rounded())
            return (value < 16 ? "0" : "") + String(value, radix: 16)
        }
        let (a, b) = (stops[low], stops[low + 1])
        return "#" + mix(a.0, b.0) + mix(a.1, b.1) + mix(a.2, b.2)
    }
}
