internal import CLinux
internal import Glibc

/// A file that is filled beside its place, and takes the place once it is whole.
///
/// So that an error, a crash, a full disk or a pulled plug leaves either the old file or the new one, whole, and
/// nothing beside it. A link is followed: the file that it leads to is replaced, and the link stays. The new file has
/// the old one's permissions, as far as the system lets it. What is no file is never replaced: bytes are written into a
/// pipe or a character device as they come, and a folder, a block device or a socket is refused.
public struct AtomicFile {
    private let path: String
    private let descriptor: Int32

    /// Puts `bytes` at `path`.
    ///
    /// - Parameters:
    ///   - bytes: what the file shall hold.
    ///   - path: of the file.
    ///   - syncs: false for a file that may be lost, or found damaged, after a power cut; a crash of the program still
    ///     leaves it whole.
    ///   - isOwn: the path is the program's own choice, where a pipe or a device is a mistake: nobody is waited for.
    public static func write(
        _ bytes: [UInt8], to path: String, syncs: Bool = true, isOwn: Bool = false
    ) throws(FileError) {
        try write(to: path, syncs: syncs, isOwn: isOwn) { (file) throws(FileError) in
            try unsafe bytes.span.withUnsafeBytes { (bytes) throws(FileError) in try unsafe file.append(bytes) }
        }
    }

    /// Puts `text` at `path`, as UTF-8.
    public static func write(_ text: String, to path: String) throws(FileError) {
        try write(Array(text.utf8), to: path)
    }

    /// Puts what `content` appends at `path`.
    ///
    /// - Parameters:
    ///   - path: of the file.
    ///   - syncs: as of ``write(_:to:syncs:isOwn:)``.
    ///   - isOwn: the same.
    ///   - content: writes what the file shall hold.
    public static func write(
        to path: String, syncs: Bool = true, isOwn: Bool = false, _ content: (AtomicFile) throws(FileError) -> Void
    ) throws(FileError) {
        let place = try OutputPlace(path)
        try place.requireWritable(path)
        let stream: Int32
        switch place {
        case .file(let file):
            var temporary = try TemporaryFile(for: file, path: path)
            try content(AtomicFile(path: path, descriptor: temporary.descriptor))
            try temporary.takePlace(syncs: syncs)
            return
        case .stream where isOwn: throw .noOutput(path, "is a pipe or a device")
        case .stream(let path): stream = unsafe open(path, O_WRONLY | O_CLOEXEC)
        case .descriptor(let number): stream = hf_duplicate(number)
        }
        guard stream >= 0 else {
            throw FileError(.uncreatable, path, errno, "cannot be opened", cure: "check its permissions")
        }
        defer { _ = close(stream) }
        try content(AtomicFile(path: path, descriptor: stream))
    }

    /// Refuses paths that cannot be written to, and those whose writing would destroy something: to be asked before the
    /// work whose results go there.
    ///
    /// - Parameters:
    ///   - outputs: all paths that the work will write to: each its own.
    ///   - inputs: all files that it reads: none of them may be replaced.
    public static func check(_ outputs: [String], reading inputs: [String] = []) throws(FileError) {
        var files: [OutputFile] = []
        for path in outputs {
            let place = try OutputPlace(path)
            try place.requireWritable(path)
            guard case .file(let file) = place else { continue }
            if let input = inputs.first(where: file.isSame(as:)) { throw .isInput(path, input) }
            guard !files.contains(where: file.isSame(as:)) else { throw .isTwice(path) }
            files.append(file)
            _ = try TemporaryFile(for: file, path: path)
        }
    }

    /// As above, of one path.
    public static func check(_ output: String, reading inputs: [String] = []) throws(FileError) {
        try check([output], reading: inputs)
    }

    /// Adds to the content; only while it is being written.
    public func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        let code = unsafe writeAll(bytes, to: descriptor)
        guard code == 0 else { throw .unwritable(path, code) }
    }
}

/// Writes all of `bytes` to a descriptor; errno if it cannot, else 0.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var done = 0
    while done < bytes.count {
        guard let start = bytes.baseAddress else { return 0 }
        let written = unsafe write(descriptor, start + done, bytes.count - done)
        if written < 0 && errno == EINTR { continue }
        if written < 0 && errno == EAGAIN {
            hf_wait_writable(descriptor)
            continue
        }
        guard written > 0 else { return errno }
        done += written
    }
    return 0
}
