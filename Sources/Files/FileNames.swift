internal import Glibc

/// Files below a folder by the names that other files give them.
///
/// Names that differ only in Unicode normalization are the same name: an "ü" may be one code point in a list and two on
/// the disk (as macOS writes it). Linux tells them apart, so a file must be opened by its own name.
public struct FileNames {
    private let folder: String
    private let isWanted: (String) -> Bool
    /// Relative paths as the disk has them, each under itself: String compares by canonical equivalence.
    private var found: [String: String]?

    /// - Parameters:
    ///   - folder: that the names are relative to.
    ///   - isWanted: which files of the folder are looked at, by their names without folders.
    public init(in folder: String, where isWanted: @escaping (String) -> Bool) {
        self.folder = folder
        self.isWanted = isWanted
    }

    /// The path of the file that a list calls `name`: as the list has it, unless only a file whose name differs in
    /// normalization is there.
    public mutating func path(of name: String) -> String {
        let asGiven = "\(folder)/\(name)"
        if name.utf8.allSatisfy({ $0 < 0x80 }) || FileStatus.exists(asGiven) { return asGiven }
        return list()[name].map { "\(folder)/\($0)" } ?? asGiven
    }

    /// The wanted files below the folder, in the order of their bytes; hidden files and folders, and folders that are
    /// symbolic links, are passed over.
    public mutating func all() -> [String] {
        list().values.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private mutating func list() -> [String: String] {
        if let found { return found }
        var names: [String: String] = [:]
        add(below: "", depth: 0, to: &names)
        found = names
        return names
    }

    private func add(below prefix: String, depth: Int, to names: inout [String: String]) {
        guard depth < 16, let entries = try? Folder.names("\(folder)/\(prefix)") else { return }
        for entry in entries where !entry.hasPrefix(".") {
            let name = prefix + entry
            if isWanted(entry) {
                names[name] = name
            } else if FileStatus.isFolder("\(folder)/\(name)") {
                add(below: name + "/", depth: depth + 1, to: &names)
            }
        }
    }
}

extension FileStatus {
    /// Whether a folder is there, and no symbolic link to one.
    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
