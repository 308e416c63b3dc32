package import Errors
internal import Localizer
package import Publishing

/// Why the daemon cannot do its work: what the wire calls it, and the error.
package struct StartupError: Error {
    package let state: Wire.State
    package let failure: Failure

    package init(_ state: Wire.State, _ failure: Failure) {
        self.state = state
        self.failure = failure
    }

    /// - Parameter state: what is blamed, unless the error says so itself.
    init(_ error: any Error, blaming state: Wire.State = .fault) {
        switch error {
        case let startupError as StartupError: self = startupError
        case LocalizerError.map(let error): self.init(.badMap, Failure(describing: error))
        case LocalizerError.model(let error): self.init(.badModel, Failure(describing: error))
        default: self.init(state, Failure(describing: error))
        }
    }

    /// Does the work; an error of it is blamed on this.
    static func blaming<Value>(
        _ state: Wire.State, _ work: () throws -> Value
    ) throws(StartupError) -> Value {
        do { return try work() } catch { throw StartupError(error, blaming: state) }
    }
}
