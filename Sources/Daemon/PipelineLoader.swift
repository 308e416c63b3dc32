internal import Configuration
internal import Errors
internal import Supervision
internal import Synchronization

/// Makes a pipeline on a thread of its own, while the frame loop goes on with the one it has.
final class PipelineLoader: Sendable {
    /// What it shall be made of.
    let configuration: DaemonConfiguration
    private let outcome: Outcome

    private final class Outcome: Sendable {
        let value = Mutex<Result<Pipeline, Failure>?>(nil)
    }

    init(
        _ configuration: DaemonConfiguration, session: Session, make: @escaping PipelineMaker,
        startThread: ThreadStarter
    ) throws(SupervisionError) {
        self.configuration = configuration
        let outcome = Outcome()
        self.outcome = outcome
        // Detached: if the program ends meanwhile, it does not wait for what nobody needs any more.
        _ = try startThread("hfloc-loader", nil, []) {
            let result: Result<Pipeline, Failure>
            do throws(StartupError) {
                result = .success(try make(configuration, session))
            } catch {
                result = .failure(error.failure)
            }
            outcome.value.withLock { $0 = result }
        }
    }

    /// Takes the pipeline, or why there is none; nil while it is being made.
    func takeResult() -> Result<Pipeline, Failure>? {
        outcome.value.withLock { $0.take() }
    }
}
