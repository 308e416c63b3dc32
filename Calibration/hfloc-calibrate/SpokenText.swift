internal import Files
internal import Synchronization

/// What a live calibration says on standard output. It goes on beside the camera, so that a text that does not arrive
/// is an error at the end: which then is at once.
final class SpokenText: Sendable {
    private let failure = Mutex<FileError?>(nil)

    /// Says the text as it is; nothing more once one has not arrived.
    func say(_ text: String) {
        failure.withLock { failure in
            guard failure == nil else { return }
            do throws(FileError) { try StandardOutput.write(text) } catch { failure = error }
        }
    }

    /// Nobody can read on.
    var hasFailed: Bool { failure.withLock { $0 != nil } }

    /// - Throws: why a text did not arrive.
    func requireArrival() throws(FileError) {
        if let failure = failure.withLock({ $0 }) { throw failure }
    }
}
