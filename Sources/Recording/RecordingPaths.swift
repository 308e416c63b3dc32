internal import Files

/// What a command is given of recordings: files, and folders for the files in them.
package enum RecordingPaths {
    /// The files that `paths` stand for: a folder for all that end in .mcap in it, parts in the order of their numbers.
    ///
    /// - Throws: `RecordingError` of a folder without recordings.
    package static func files(of paths: [String]) throws(RecordingError) -> [String] {
        var files: [String] = []
        for path in paths {
            guard let entries = try? Folder.names(path) else {
                files.append(path)
                continue
            }
            let names = entries.filter { $0.hasSuffix(".mcap") }.map(Name.init)
            guard !names.isEmpty else {
                throw RecordingError(
                    path, "the folder holds no files that end in .mcap", cure: "give the recording's folder or files")
            }
            files += names.sorted().map { "\(path)/\($0.text)" }
        }
        return files
    }

    /// Whether a folder of recordings is at the path, and none of images with poses.
    package static func isFolder(_ path: String) -> Bool {
        guard let names = try? Folder.names(path) else { return false }
        return names.contains { $0.hasSuffix(".mcap") } && !names.contains("images") && !names.contains("poses.txt")
    }

    /// A file's name, by what comes before its part and then by the part: of 1000 parts the last name is longer.
    private struct Name: Comparable {
        let text: String
        private let part: Int
        private let stem: String

        init(_ text: String) {
            self.text = text
            let number = text.dropLast(5).reversed().prefix { $0 != "-" }.reversed()
            let isPart = RecordingFolder.isOurs(text)
            part = isPart ? Int(String(number)) ?? 0 : 0
            stem = isPart ? String(text.dropLast(5 + number.count)) : text
        }

        static func < (a: Self, b: Self) -> Bool {
            a.stem == b.stem ? a.part < b.part : a.stem.utf8.lexicographicallyPrecedes(b.stem.utf8)
        }
    }
}
