internal import Features
internal import Files
internal import Glibc

/// What comes to a folder while it is read: new images, in the order of their names, as far as they are whole.
///
/// Looking takes as long as a listing of the folder, and only where the folder has changed.
struct FolderFollower {
    private let folder: String
    /// Names that have been handed out or wait, of those that are still there.
    private var known: Set<String>
    private var pending: ArraySlice<String> = []
    private var listing: Listing?
    private var doubt: Doubt?

    /// When the folder was last seen to change: its time of modification, and CLOCK_MONOTONIC of that sight.
    private struct Listing {
        var modified: timespec
        var seen: UInt64
    }

    /// An image that cannot be read: as it is, and since when.
    private struct Doubt {
        var name: String
        var size: Int
        var modified: timespec
        var since: UInt64
    }

    /// A time of modification may have the grain of a second: so long a change may hide behind another. Nanoseconds.
    private static let grain: UInt64 = 2_000_000_000
    /// A file that has not changed for so long is no longer being written: nanoseconds.
    private static let writingPause: UInt64 = 2_000_000_000

    /// - Parameters:
    ///   - folder: its path.
    ///   - known: names that are not new.
    init(_ folder: String, known: [String]) {
        self.folder = folder
        self.known = Set(known)
    }

    /// The next new image's name; nil if there is none at present.
    ///
    /// - Parameter now: CLOCK_MONOTONIC, nanoseconds.
    mutating func next(at now: UInt64) -> String? {
        if pending.isEmpty { list(at: now) }
        return pending.first
    }

    /// It has been read, or given up.
    mutating func finish() {
        pending.removeFirst()
        doubt = nil
    }

    /// An image cannot be read: is it perhaps being written?
    mutating func isBeingWritten(_ name: String, at now: UInt64) -> Bool {
        guard let (size, modified) = Self.status(folder + "/" + name) else { return false }
        if let doubt, doubt.name == name, doubt.size == size, Self.areEqual(doubt.modified, modified) {
            return now < doubt.since + Self.writingPause
        }
        doubt = Doubt(name: name, size: size, modified: modified, since: now)
        return true
    }

    private mutating func list(at now: UInt64) {
        guard let (_, modified) = Self.status(folder) else { return }
        if let listing, Self.areEqual(listing.modified, modified) {
            guard now < listing.seen + Self.grain else { return }
        } else {
            listing = Listing(modified: modified, seen: now)
        }
        guard let names = try? Folder.names(folder) else { return }
        let images = names.filter(ImageFileName.isImage)
        pending = images.filter { !known.contains($0) }[...]
        known = Set(images)
    }

    private static func status(_ path: String) -> (size: Int, modified: timespec)? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? (Int(status.st_size), status.st_mtim) : nil
    }

    private static func areEqual(_ a: timespec, _ b: timespec) -> Bool {
        (a.tv_sec, a.tv_nsec) == (b.tv_sec, b.tv_nsec)
    }
}
