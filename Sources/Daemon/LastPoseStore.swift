internal import Container
internal import Files
internal import Inference
internal import Localizer
internal import ReferenceMap

/// Keeps the camera's last place in the state folder: after each change of place, and at the end.
struct LastPoseStore {
    private let memory: LastPoseFile?
    private let journal: Journal
    private var saved: LastPose?
    private var lastSave: UInt64 = 0
    /// Why the place is not kept, although it should be; nil: it is.
    private(set) var problem: String?

    /// Nanoseconds between two saves while driving.
    private static let pause: UInt64 = 1_000_000_000

    /// - Parameters:
    ///   - folder: where the place is kept, if it is to be kept.
    ///   - resources: the map, the model and the calibration that the place belongs to.
    ///   - journal: where it is said what happened.
    init(_ folder: StateFolder, resources: PipelineResources, journal: Journal) {
        self.journal = journal
        memory = folder.path.map {
            LastPoseFile(
                folder: $0, mapID: resources.map.identity, modelID: resources.model.modelID,
                calibrationID: resources.calibrationID)
        }
        complain(folder.problem)
    }

    /// Says it where it is news. Everything else goes on.
    private mutating func complain(_ reason: String?) {
        let text = reason.map { "the last place is not kept: \($0)" }
        if let text, problem == nil { journal.write(text) }
        problem = text
    }

    /// Lets the localizer begin where the last session ended.
    mutating func restore(into localizer: any FrameLocalizer) {
        guard let memory else { return }
        do {
            guard let place = try memory.recall() else { return }
            guard localizer.begin(at: place, hint: .remembered) else {
                journal.write("\(memory.path): names a keyframe that the map does not have; not used")
                return
            }
            saved = place
            journal.write("\(memory.path): trying the last place, keyframe \(place.reference)")
        } catch {
            journal.write("\(error)")
        }
    }

    /// - Parameters:
    ///   - place: where the camera was last; nil while it is lost.
    ///   - now: CLOCK_MONOTONIC, nanoseconds.
    mutating func follow(_ place: LastPose?, at now: UInt64) {
        guard let place, place.reference != saved?.reference, now >= lastSave + Self.pause else { return }
        save(place, syncs: false)
        lastSave = now
    }

    /// The last word, which survives a power cut too.
    mutating func finish(_ place: LastPose?) {
        if let place, place != saved { save(place, syncs: true) }
    }

    private mutating func save(_ place: LastPose, syncs: Bool) {
        guard let memory else { return }
        do {
            try memory.save(place, syncs: syncs)
            complain(nil)
        } catch {
            complain(error.description)
        }
        saved = place
    }
}

/// Where the last place is kept: the configured folder, else what the service manager gives ($STATE_DIRECTORY, of
/// several the first), if anything.
struct StateFolder {
    /// nil: nothing is kept.
    let path: String?
    /// Why nothing can be kept there now; that may change, and stops nothing.
    let problem: String?

    /// Nothing is kept.
    static let none = StateFolder(path: nil, problem: nil)

    private init(path: String?, problem: String?) {
        (self.path, self.problem) = (path, problem)
    }

    init(_ configured: String?, environment: [String: String]) {
        path = configured ?? environment["STATE_DIRECTORY"]?.split(separator: ":").first.map { String($0) }
        problem = path.flatMap(Self.problem(of:))
    }

    private static func problem(of path: String) -> String? {
        do throws(FileError) {
            try Folder.requireWritable(path)
            return nil
        } catch {
            return "state: \(error.path): \(error.problem); give a folder that this user may write to"
        }
    }
}
