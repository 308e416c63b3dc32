import Container
package import Files
import Inference
import Synchronization

/// Features and matches that builds have worked out, in a folder, so that a build that was interrupted goes on where it
/// was, and one with an image more works on that image alone.
///
/// Two folders of one file an entry: `features`, one for each image, and `matches`, one for each image with its
/// partners. An entry's name is a hash of all that its content depends on (``CacheKey``), so nothing in the cache is
/// ever out of date. Entries are put in place whole, and checked against their hashes when they are read; one that is
/// damaged or foreign is named, and worked out anew. Several threads and processes may use a folder at once.
package final class BuildCache: Sendable {
    /// Where the entries are.
    package let folder: String
    private let state = Mutex(State())

    private struct State {
        var used: Set<String> = []
        var problems: [String] = []
        var hasFailed = false
        var counts = CacheCounts()
    }

    /// What `folder` may hold beside entries is left alone.
    ///
    /// - Throws: `FileError` where the folder cannot be made, or not be written to.
    package init(folder: String) throws(FileError) {
        self.folder = folder
        for kind in CacheEntryKind.allCases { try Folder.make("\(folder)/\(kind.rawValue)") }
    }

    /// Entries that were damaged, foreign or unwritable, a line each.
    package var problems: [String] { state.withLock(\.problems) }

    /// How many images and pairs came from the cache, and how many did not.
    package var counts: CacheCounts { state.withLock(\.counts) }

    /// The file of an entry.
    package func path(_ kind: CacheEntryKind, _ key: CacheKey) -> String { "\(folder)/\(kind.rawValue)/\(key.name)" }

    /// Whether there is such an entry; whether it can be used is not looked at.
    func has(_ kind: CacheEntryKind, _ key: CacheKey) -> Bool { FileStatus.exists(path(kind, key)) }

    /// The features of an image; nil where there are none, or none that can be used.
    func features(_ key: CacheKey, model: Model, longSide: Int, limit: Int) -> CachedFeatures? {
        entry(.features, key) { file throws(ContainerError) in
            try CachedFeatures(reading: file, model: model, longSide: longSide, limit: limit)
        }
    }

    /// What `read` makes of an entry; nil where there is none, or none that can be used.
    func entry<Content>(
        _ kind: CacheEntryKind, _ key: CacheKey, _ read: (TensorFile) throws(ContainerError) -> Content
    ) -> Content? {
        let path = path(kind, key)
        state.withLock { _ = $0.used.insert("\(kind.rawValue)/\(key.name)") }
        guard FileStatus.exists(path) else { return nil }
        do throws(ContainerError) {
            let file = try TensorFile(
                opening: path, kind: kind.fileKind, versions: CacheKey.version...CacheKey.version, copyingUpTo: .max)
            try file.verify(identity: "entry_id")
            guard try file.string("key") == "\(key.hash)" else {
                throw ContainerError(
                    .foreign, file: path, field: "metadata 'key'", reason: "is another entry's", cure: "nothing")
            }
            return try read(file)
        } catch {
            state.withLock { $0.problems.append("\(path): \(error.field) \(error.reason)") }
            return nil
        }
    }

    /// Puts an entry in its place. Where that cannot be done it is said once, and the build goes on: it needs none.
    ///
    /// - Returns: whether it is in its place.
    @discardableResult
    func store(_ kind: CacheEntryKind, _ key: CacheKey, _ fill: (inout TensorFileWriter) -> Void) -> Bool {
        var writer = TensorFileWriter(kind: kind.fileKind, version: CacheKey.version)
        writer.setMetadata("key", "\(key.hash)")
        fill(&writer)
        do throws(FileError) {
            try writer.write(to: path(kind, key), identity: "entry_id", syncs: false)
            return true
        } catch {
            state.withLock {
                if !$0.hasFailed { $0.problems.append("\(error.path): \(error.problem)") }
                $0.hasFailed = true
            }
            return false
        }
    }

    /// Counts images or pairs.
    func count(_ change: (inout CacheCounts) -> Void) { state.withLock { change(&$0.counts) } }

    /// Removes the entries that nobody has asked this object for: those of images and settings that the build no longer
    /// has. Files of other names stay.
    package func removeUnused() {
        let used = state.withLock(\.used)
        for name in entries where !used.contains(name) { FileStatus.remove("\(folder)/\(name)") }
    }

    /// Bytes of all entries.
    package var size: Int { entries.reduce(0) { $0 + FileStatus.size("\(folder)/\($1)") } }

    /// Their paths in the folder.
    private var entries: [String] {
        CacheEntryKind.allCases.flatMap { kind in
            ((try? Folder.names("\(folder)/\(kind.rawValue)")) ?? []).filter(CacheKey.isName).map {
                "\(kind.rawValue)/\($0)"
            }
        }
    }
}

/// The two kinds of entries: each has a folder, by its raw value.
package enum CacheEntryKind: String, CaseIterable, Sendable {
    case features, matches

    /// `kind` of the entry's file.
    var fileKind: String { "hfloc-cached-\(rawValue)" }
}

/// How much of a build came from its cache.
package struct CacheCounts: Sendable, Equatable {
    package var cachedImages = 0
    package var extractedImages = 0
    package var cachedPairs = 0
    package var matchedPairs = 0

    package init(cachedImages: Int = 0, extractedImages: Int = 0, cachedPairs: Int = 0, matchedPairs: Int = 0) {
        (self.cachedImages, self.extractedImages) = (cachedImages, extractedImages)
        (self.cachedPairs, self.matchedPairs) = (cachedPairs, matchedPairs)
    }
}
