public import Geometry

extension PoseFilter {
    /// How far a fix is from where the vehicle should be, over what both are uncertain by: chi square of six degrees of
    /// freedom. Infinite for a covariance that is none.
    public func surprise(of fix: PoseFix) -> Double {
        let difference = fix.mapFromBase.disturbance(from: mapFromBase)
        guard let factor = Factor6(covariance + fix.covariance) else { return .infinity }
        let square = difference.dot(factor.solve(difference))
        return square.isFinite ? square : .infinity
    }

    /// Takes a fix at the time of ``odometry`` into account. One that says the same as the one before counts for little
    /// beside it.
    ///
    /// - Returns: by how much the pose was corrected, in the axes of the map.
    @discardableResult
    public mutating func take(_ fix: PoseFix) -> Twist {
        guard odometry.time > lastFix else { return .zero }
        let shared = FixModel.correlation(
            metres: max(0, odometry.path - pathOfLastFix), seconds: Double(odometry.time - lastFix) * 1e-9)
        // Opinions that hang together so are worth so many less of them.
        let weight = (1 + shared) / max(1 - shared, 1e-6)
        guard let factor = Factor6(covariance + fix.covariance * weight) else { return .zero }
        let gain = factor.solve(fix.mapFromBase.disturbance(from: mapFromBase))
        let correction = covariance * gain
        mapFromBase = mapFromBase.disturbed(by: correction)
        scale = min(Self.largestScale, max(-Self.largestScale, scale + scaleCross.dot(gain)))
        turn = min(Self.largestTurn, max(-Self.largestTurn, turn + turnCross.dot(gain)))
        learn(factor)
        (lastFix, pathOfLastFix) = (odometry.time, odometry.path)
        return correction
    }

    /// What is left of the covariance.
    private mutating func learn(_ factor: Factor6) {
        let before = covariance
        let (s, t) = (factor.solve(scaleCross), factor.solve(turnCross))
        lasting.scale = max(0, lasting.scale - scaleCross.dot(s))
        lasting.turn = max(0, lasting.turn - turnCross.dot(t))
        lasting.both -= scaleCross.dot(t)
        scaleCross = scaleCross - before * s
        turnCross = turnCross - before * t
        covariance = before - before.conjugated(by: factor)
    }
}

extension SymmetricMatrix6 {
    /// `M S⁻¹ M`, by the factor of S.
    fileprivate func conjugated(by factor: Factor6) -> SymmetricMatrix6 {
        SymmetricMatrix6 { column in
            var unit = Twist.zero
            unit[column] = 1
            return self * factor.solve(self * unit)
        }
    }
}
