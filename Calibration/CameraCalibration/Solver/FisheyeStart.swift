/// The fisheye model that projects (nearly) as a straight one with a little distortion.
enum FisheyeStart {
    /// `r = tan θ` put into `r (1 + k1 r² + k2 r⁴)` and ordered by powers of θ: θ, θ³, ... θ⁹, Kannala and Brandt's terms. Good to a few pixels up to
    /// half a right angle off the axis; a fit does the rest.
    static func parameters(like straight: BundleFit) -> [Double] {
        let p = straight.parameters
        let (k1, k2) = p.count > 5 ? (p[4], p[5]) : (0, 0)
        return Array(p.prefix(4)) + [
            1.0 / 3 + k1, 2.0 / 15 + k1 + k2, 17.0 / 315 + 11.0 / 15 * k1 + 5.0 / 3 * k2,
            62.0 / 2835 + 88.0 / 189 * k1 + 16.0 / 9 * k2,
        ]
    }
}
