internal import Files

/// Completes a file that has lost its end: all whole chunks, and behind them what they hold.
package enum MCAPRepair {
    package struct Outcome: Equatable, Sendable {
        /// nil: the file was whole, and stayed where it is; another output is a copy of it.
        package var damage: String?
        package var messages: UInt64
        /// Bytes behind the last whole chunk, which are lost.
        package var lost: Int
    }

    /// Writes the repaired file to `output`, which may be the damaged one: it is replaced once the new one is whole.
    ///
    /// - Throws: `RecordingError` where no message would be kept, and of a file that is compressed: both stay as they
    ///   are; `FileError`.
    package static func repair(_ path: String, to output: String) throws -> Outcome {
        var reader = try MCAPReader(opening: path)
        while reader.next() != nil {}
        let messages = reader.summary.counts.values.reduce(0, +)
        guard let damage = reader.damage else {
            if output != path {
                try AtomicFile.write(to: output) { (file) throws(FileError) in
                    try reader.append(to: file, upTo: reader.size)
                }
            }
            return Outcome(damage: nil, messages: messages, lost: 0)
        }
        guard reader.hasMessages, !reader.isCompressed else {
            throw RecordingError(path, "\(damage): nothing can be kept", cure: reader.damageCure)
        }
        var (whole, summary) = (reader.wholeEnd, reader.summary)
        var end: [UInt8] = []
        // A chunk may be whole, and its index not.
        if var last = summary.chunks.popLast() {
            if last.indexes.count < reader.index.channels {
                whole = last.start + last.length
                end = reader.index.records(behind: &last)
            }
            summary.chunks.append(last)
        }
        end += summary.end(at: whole + end.count)
        try AtomicFile.write(to: output) { (file) throws(FileError) in
            try reader.append(to: file, upTo: whole)
            try unsafe end.span.withUnsafeBytes { (bytes) throws(FileError) in try unsafe file.append(bytes) }
        }
        return Outcome(damage: damage, messages: messages, lost: reader.size - whole)
    }
}

extension MCAPReader {
    /// The file's first bytes, in pieces.
    fileprivate func append(to output: AtomicFile, upTo size: Int) throws(FileError) {
        try unsafe withFile { (bytes) throws(FileError) in
            for start in stride(from: 0, to: size, by: 1 << 22) {
                let piece = unsafe bytes[start..<min(size, start + (1 << 22))]
                try unsafe output.append(UnsafeRawBufferPointer(rebasing: piece))
            }
        }
    }
}
