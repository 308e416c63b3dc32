// Prints what hflocd publishes, and whether to use it: subscribe ENDPOINT, as UseIt.md explains.
// Built by: swift build --package-path tools/examples/swift --scratch-path .build-examples -c release
import Errors
import Files
import Glibc
import Messages
import Publishing
import Supervision
import SwiftProtobuf

let boot = BootID.read()

/// Whether the pose may be used. Its age is by CLOCK_MONOTONIC, which stands for one machine and boot alone.
func verdict(_ m: Hfloc_V1_Localization, _ age: Double) -> String {
    if m.protocolVersion != 1 { return "not used: of a version that this program does not know" }
    if m.state != .localized { return "not used: \(m.reason)" }
    return m.bootID != boot || !(0...500).contains(age) ? "not used: stale" : "used"
}

/// A frame in the map: x y z, w x y z.
func text(_ frame: String, _ pose: Hfloc_V1_Pose) -> String {
    let (p, q) = (pose.position, pose.orientation)
    return ", \(frame) \(p.x) \(p.y) \(p.z) \(q.w) \(q.x) \(q.y) \(q.z)"
}

// It sets the socket's options: the newest message only, heartbeats, reconnection.
let subscriber = try Subscriber(CommandLine.arguments[1], newestOnly: true)
while true {
    guard let bytes = try subscriber.receive(timeout: 3000) else {
        StandardError.write("nothing for 3 s: hflocd is gone, or not there yet\n")
        continue
    }
    guard let m = try? Hfloc_V1_Localization(serializedBytes: bytes) else { continue }
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    let age = Double(now.tv_sec) * 1e3 + Double(now.tv_nsec) * 1e-6 - Double(m.captureMonotonicNs) * 1e-6
    var line = "\(m.sequence) state \(m.state.rawValue)"
    if m.hasPose { line += text(m.cameraFrame, m.pose) }
    if m.hasBasePose { line += text(m.baseFrame, m.basePose) }
    try StandardOutput.writeLine("\(line), age \(age) ms, \(verdict(m, age))")
}
