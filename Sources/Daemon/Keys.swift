internal import Configuration
internal import Errors
internal import Files
internal import Glibc
internal import Publishing

/// The files of `security:`.
package struct Keys: Sendable {
    /// Where systemd puts the unit's credentials.
    private let credentials: String?

    /// - Parameter environment: the program's variables, of which $CREDENTIALS_DIRECTORY is read.
    package init(environment: [String: String]) {
        credentials = environment["CREDENTIALS_DIRECTORY"]
    }

    /// Both files, before anything is bound.
    func check(_ security: SecuritySettings) throws {
        _ = (try secret(security.secretKey), try allowed(security.allow))
    }

    /// - Parameter path: nil for systemd's credential.
    func secret(_ path: String?) throws(Failure) -> CurveKey {
        let path = if let path { path } else { try credential() }
        let text = try read(path, "security.secret_key")
        guard let key = CurveKey(z85: text.split(whereSeparator: \.isWhitespace).first ?? "") else {
            throw Failure(
                .configuration,
                "security.secret_key: \(path): not a key: expected 40 characters of Z85, as `hfloc keys` writes")
        }
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & 0o007 == 0 else {
            throw Failure(
                .configuration, "security.secret_key: \(path): everybody may read it; chmod 640 it, and make a new key")
        }
        return key
    }

    func allowed(_ path: String) throws(Failure) -> AllowList {
        let text = try read(path, "security.allow")
        do throws(AllowList.Failure) {
            return try AllowList(parsing: text)
        } catch {
            throw Failure(.configuration, "\(path):\(error.line): security.allow: \(error.reason)")
        }
    }

    private func credential() throws(Failure) -> String {
        guard let credentials else {
            throw Failure(
                .configuration,
                "security.secret_key: missing: a file of `hfloc keys generate` (or the systemd credential hfloc.curve)")
        }
        return credentials + "/hfloc.curve"
    }

    private func read(_ path: String, _ field: String) throws(Failure) -> String {
        do throws(FileError) {
            return try PlainText.string(path, atMost: 1 << 16)
        } catch {
            let status = [.tooLarge, .notText].contains(error.kind) ? ExitStatus.configuration : error.exitStatus
            throw Failure(status, "\(field): \(path): \(error.reason)")
        }
    }
}
