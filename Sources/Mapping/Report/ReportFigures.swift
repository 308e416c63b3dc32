import Reporting

/// Numbers as a report has them.
package enum ReportFigures {
    /// 1, 2 or 5 times a power of ten, at most the value.
    package static func round(_ value: Double) -> Double {
        guard value.isFinite, value > 0 else { return 1 }
        var step = 1.0
        while step * 10 <= value { step *= 10 }
        while step > value { step /= 10 }
        return value >= 5 * step ? 5 * step : value >= 2 * step ? 2 * step : step
    }

    /// With the unit that a person would choose.
    package static func metres(_ value: Double) -> String {
        if value >= 1000 { return "\((value / 1000).text(value < 10_000 ? 1 : 0)) km" }
        if value >= 1 { return "\(value.text(value < 10 ? 1 : 0)) m" }
        return value >= 0.01 ? "\((100 * value).text(value < 0.1 ? 1 : 0)) cm" : "\((1000 * value).text(1)) mm"
    }
}
