internal import Container
internal import Errors

/// Small text files, whole.
enum TextFile {
    /// The file's text; bytes that are not UTF-8 are replaced.
    static func read(_ path: String) throws(Failure) -> String {
        do throws(FileError) {
            return String(decoding: try WholeFile.read(path, atMost: 1 << 30, acceptsStreams: true), as: UTF8.self)
        } catch {
            switch error.kind {
            case .missing: throw Failure(.missingInput, "\(path): does not exist; check the path")
            case .unreadable: throw Failure(.inputOutput, "\(path): cannot be read (\(error.reason))")
            case .tooLarge: throw Failure(.badData, "\(path): \(error.reason); is it a list?")
            }
        }
    }

    /// Writes `text`, all or nothing.
    static func write(_ text: String, to path: String) throws(Failure) {
        let file: TemporaryFile
        do { file = try TemporaryFile(replacing: path) } catch {
            throw Failure(.cannotCreate, error.description)
        }
        do throws(ContainerError) {
            try unsafe Array(text.utf8).span.withUnsafeBytes { (bytes) throws(ContainerError) in
                try unsafe file.write(bytes)
            }
            try file.commit()
        } catch {
            file.discard()
            throw Failure(.inputOutput, error.description)
        }
    }
}
