internal import Container
internal import Inference
internal import Localizer
internal import ReferenceMap

/// Keeps the camera's last place in the state folder: after each change of place, and at the end.
struct LastPoseStore {
    private let memory: LastPoseFile?
    private var saved: LastPose?
    private var lastSave: UInt64 = 0
    /// A disk that refuses is told of once.
    private var hasComplained = false

    /// Nanoseconds between two saves while driving.
    private static let pause: UInt64 = 1_000_000_000

    /// - Parameters:
    ///   - folder: nil if the place is not to be kept.
    ///   - resources: the map, the model and the calibration that the place belongs to.
    init(folder: String?, resources: PipelineResources) {
        memory = folder.map {
            LastPoseFile(
                folder: $0, mapID: resources.map.identity, modelID: resources.model.modelID,
                calibrationID: resources.calibrationID)
        }
    }

    /// Lets the localizer begin where the last session ended.
    mutating func restore(into localizer: Localizer) {
        guard let memory else { return }
        do {
            guard let place = try memory.recall() else { return }
            guard localizer.begin(at: place, hint: .remembered) else {
                Journal.write("\(memory.path): names a keyframe that the map does not have; not used")
                return
            }
            saved = place
            Journal.write("\(memory.path): trying the last place, keyframe \(place.reference)")
        } catch {
            Journal.write("\(error)")
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
            hasComplained = false
        } catch {
            if !hasComplained { Journal.write("the last place is not kept: \(error)") }
            hasComplained = true
        }
        saved = place
    }
}
