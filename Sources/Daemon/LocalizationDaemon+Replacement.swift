internal import CLinux
internal import Configuration
internal import Errors
internal import Geometry
internal import Glibc
internal import Publishing
internal import ReferenceMap
internal import Supervision

/// Another map, or another configuration, on its way into the frame loop: made beside it, then swapped in between two
/// frames.
struct Replacement {
    let loader: PipelineLoader
    let purpose: Purpose
    /// Set once the frame loop has been given the pipeline, and has yet to return the old one.
    var resources: PipelineResources?
    /// Told once: nil when the frame loop works with it, or why nothing has changed.
    let finish: (String?) -> Void

    enum Purpose {
        case map
        /// With the fields that wait for a restart.
        case configuration(waiting: [String])
    }
}

extension LocalizationDaemon {
    /// SIGHUP, or a request: reads the configuration again, and takes over what a running daemon can.
    func reload(finish: @escaping (String?) -> Void = { _ in }) {
        host.manager.reloading(at: host.clock.monotonic)
        let next: DaemonConfiguration
        do {
            next = try reread()
        } catch {
            refuse(.configuration(waiting: []), Failure(describing: error).description, finish)
            return
        }
        let (effective, waiting) = configuration.reloaded(as: next)
        replace(with: effective, for: .configuration(waiting: waiting), finish: finish)
    }

    /// Opens and checks what `next` names on a thread of its own; the frame loop goes on meanwhile.
    func replace(
        with next: DaemonConfiguration, for purpose: Replacement.Purpose, finish: @escaping (String?) -> Void
    ) {
        guard replacement == nil else {
            refuse(purpose, "a map or a configuration is being loaded already; ask again in a moment", finish)
            return
        }
        do {
            let loader = try PipelineLoader(
                next, session: session, make: openers.pipeline, startThread: host.startThread)
            replacement = Replacement(loader: loader, purpose: purpose, finish: finish)
        } catch {
            refuse(purpose, error.description, finish)
        }
    }

    /// Hands a finished pipeline to the frame loop, and takes the old one back. Call often.
    func advanceReplacement() {
        guard var current = replacement else { return }
        if current.resources != nil {
            if let retired = exchange.takeRetired() { complete(current, retired) }
            return
        }
        switch current.loader.takeResult() {
        case nil: return
        case .failure(let failure):
            replacement = nil
            refuse(current.purpose, failure.description, current.finish)
        case .success(let pipeline):
            if let reason = unsuitability(of: pipeline) {
                replacement = nil
                refuse(current.purpose, reason, current.finish)
                return
            }
            current.resources = pipeline.resources
            replacement = current
            describeRecording()
            exchange.send { $0.pipeline = pipeline }
        }
    }

    /// The frames keep their size.
    private func unsuitability(of pipeline: Pipeline) -> String? {
        let old = resources.cameraFile.camera
        let file = pipeline.resources.cameraFile
        guard (file.camera.width, file.camera.height) != (old.width, old.height) else { return nil }
        return "\(file.path): width, height: \(file.camera.width)x\(file.camera.height), but the camera delivers "
            + "\(old.width)x\(old.height); restart the daemon for another resolution"
    }

    private func complete(_ done: Replacement, _ retired: consuming Pipeline) {
        replacement = nil
        replacements += 1
        mapWatch = MapWatch()
        guard let next = done.resources else { return }
        (configuration, resources) = (done.loader.configuration, next)
        _ = consume retired
        hf_trim_memory()
        lastPoses = LastPoseStore(
            StateFolder(configuration.state, environment: host.environment), resources: resources,
            journal: host.journal)
        switch done.purpose {
        case .map:
            report.mapProblem = nil
            host.journal.write("map \(next.map.path) is in use")
            telemetry.tell(self, .mapLoaded, "map \(next.map.path) is in use")
        case .configuration(let waiting):
            report.configurationProblem = nil
            report.generation += 1
            host.journal.write("configuration reloaded")
            telemetry.tell(self, .configurationReloaded, "configuration reloaded")
            telemetry.describeCamera(self)
            for field in waiting { host.journal.write("\(field): waits for a restart") }
            host.manager.ready(status: "reloaded")
        }
        done.finish(nil)
    }

    /// Nothing has changed.
    private func refuse(_ purpose: Replacement.Purpose, _ reason: String, _ finish: (String?) -> Void) {
        switch purpose {
        case .map:
            report.mapProblem = reason
            let before = mapWatch.isWithdrawn ? "no map is in use" : "the map before stays"
            host.journal.write("\(before): \(reason)")
            telemetry.tell(self, .mapRefused, reason)
        case .configuration:
            report.configurationProblem = reason
            host.journal.write("the configuration before stays: \(reason)")
            telemetry.tell(self, .configurationRefused, reason)
            host.manager.ready(status: "reload refused")
        }
        finish(reason)
    }
}
