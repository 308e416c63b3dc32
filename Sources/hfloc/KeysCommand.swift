internal import ArgumentParser
internal import Errors
internal import Files
internal import Glibc
internal import Publishing

/// `hfloc keys`: the keys of encrypted endpoints.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Make CURVE keys for endpoints beyond this machine.",
        subcommands: [GenerateKeysCommand.self])
}

struct GenerateKeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Write a new pair of keys: NAME.secret, for its owner only, and NAME.public.",
        discussion: """
            One pair for the daemon, one for each client. The daemon gets its own secret (security.secret_key) and a \
            file with a line 'PUBLIC-KEY NAME' per client (security.allow); a client gets its own secret and the \
            daemon's public key. A key is 40 characters of Z85 (ZeroMQ RFC 32), which pyzmq and every other ZeroMQ \
            library take as they are.
            """)

    @Argument(help: "The files' path without the endings.")
    var name: String

    func run() throws {
        try Failure.reporting {
            guard let pair = CurveKey.pair() else {
                throw Failure(.unavailable, "this libzmq was built without CURVE; install one with libsodium")
            }
            for path in [name + ".secret", name + ".public"] where FileStatus.exists(path) {
                throw Failure(.cannotCreate, "\(path): \(unsafe String(cString: strerror(EEXIST)))")
            }
            try Self.write(pair.secret.z85, to: name + ".secret", mode: 0o600)
            try Self.write(pair.public.z85, to: name + ".public", mode: 0o644)
            try StandardOutput.write("\(pair.public.z85)\n")
        }
    }

    /// A key that exists is never replaced: its clients would be locked out.
    private static func write(_ text: String, to path: String, mode: mode_t) throws(Failure) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else {
            throw Failure(.cannotCreate, "\(path): \(unsafe String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        let bytes = Array((text + "\n").utf8)
        guard unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            let reason = unsafe String(cString: strerror(errno))
            unsafe _ = unlink(path)
            throw Failure(.inputOutput, "\(path): \(reason)")
        }
    }
}
