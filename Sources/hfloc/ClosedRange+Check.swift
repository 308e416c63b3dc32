internal import ArgumentParser

extension ClosedRange where Bound: CustomStringConvertible {
    /// Refuses an option's value that is out of its range.
    func check(_ value: Bound, _ option: String) throws {
        guard contains(value) else { throw ValidationError("\(option): \(lowerBound)...\(upperBound)") }
    }
}
