import Glibc
import TestSupport

extension Scratch {
    /// The path of a file with this text and mode. The default is what a secret key needs.
    @discardableResult func write(_ name: String, _ text: String, mode: mode_t = 0o600) -> String {
        let file = write(name, text: text)
        unsafe chmod(file, mode)
        return file
    }
}
