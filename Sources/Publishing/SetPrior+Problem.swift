extension Wire.SetPrior {
    /// Why this cannot be used, with the allowed range, or nil. Whether the frame has a name that is known is not
    /// checked.
    public var problem: String? {
        guard (position ?? Wire.Vector3()).isWithinReach else {
            return "set_prior.position: expected finite coordinates within \(Int(Wire.Vector3.reach)) m"
        }
        let norm = (orientation ?? Wire.Quaternion()).norm
        guard abs(norm - 1) <= 0.01 else {
            return "set_prior.orientation: its norm is \(norm), expected 1 (within 1 %)"
        }
        guard positionSigmaM > 0, positionSigmaM <= 1e4 else {
            return "set_prior.position_sigma_m: \(positionSigmaM) is out of range (above 0, at most 10000)"
        }
        guard rotationSigmaRad > 0, rotationSigmaRad <= .pi else {
            return "set_prior.rotation_sigma_rad: \(rotationSigmaRad) is out of range (above 0, at most 3.1416)"
        }
        return nil
    }
}
