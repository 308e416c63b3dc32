internal import Configuration
internal import FailureReporting
internal import Supervision
internal import Synchronization

/// Makes an engine on a thread of its own, while the frame loop goes on with the one it has.
final class EngineLoader: Sendable {
    /// What it shall be made of.
    let configuration: DaemonConfiguration
    private let outcome: Outcome

    private final class Outcome: Sendable {
        let value = Mutex<Result<Engine, Failure>?>(nil)
    }

    init(_ configuration: DaemonConfiguration, session: Session) throws(SupervisionError) {
        self.configuration = configuration
        let outcome = Outcome()
        self.outcome = outcome
        // Detached: if the program ends meanwhile, it does not wait for what nobody needs any more.
        _ = try RealTimeThread(name: "hfloc-loader", priority: nil, cpus: []) {
            let result: Result<Engine, Failure>
            do throws(Refusal) {
                result = .success(try Engine(configuration, session: session))
            } catch {
                result = .failure(error.failure)
            }
            outcome.value.withLock { $0 = result }
        }
    }

    /// The engine, or why there is none; nil while it is being made.
    var result: Result<Engine, Failure>? { outcome.value.withLock { $0 } }
}
