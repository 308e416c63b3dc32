// Prints what hflocd publishes, and whether to use it: subscribe ENDPOINT [COUNT], as UseIt.md explains.
// Built by: swift build --package-path tools/examples/swift --scratch-path .build-examples -c release
import Errors
import Files
import Glibc
import Messages
import Publishing
import Supervision
import SwiftProtobuf

let maximumAge: Int64 = 500_000_000
let boot = BootID.read()

/// Nanoseconds by CLOCK_MONOTONIC, which stands for one machine and boot alone.
func age(_ m: Hfloc_V1_Localization) -> Int64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec) - Int64(clamping: m.captureMonotonicNs)
}

/// Whether the pose may be used.
func verdict(_ m: Hfloc_V1_Localization) -> String {
    if case .UNRECOGNIZED = m.state { return "not used: of a version that this program does not know" }
    if m.sessionID == 0 { return "not used: of a version that this program does not know" }
    if m.state != .localized { return "not used: \(m.reason)" }
    return m.bootID != boot || !(0...maximumAge).contains(age(m)) ? "not used: stale" : "used"
}

/// A frame in the map: x y z, w x y z.
func text(_ frame: String, _ p: Hfloc_V1_Vector3, _ q: Hfloc_V1_Quaternion) -> String {
    ", \(frame) \(p.x) \(p.y) \(p.z) \(q.w) \(q.x) \(q.y) \(q.z)"
}

// It sets the socket's options: the newest message only, heartbeats, reconnection.
let subscriber = try Subscriber(CommandLine.arguments[1], newestOnly: true)
var left = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? -1 : -1
while left != 0 {
    guard let bytes = try subscriber.receive(timeout: 3000) else {
        StandardError.write("nothing for 3 s: hflocd is gone, or not there yet\n")
        continue
    }
    guard let m = try? Hfloc_V1_Localization(serializedBytes: bytes) else { continue }
    var line = "\(m.sequence) state \(m.state.rawValue)"
    // Absent, if the gates did not let it pass.
    if m.hasPose { line += text(m.cameraFrame, m.pose.position, m.pose.orientation) }
    if m.hasBasePose { line += text(m.baseFrame, m.basePose.position, m.basePose.orientation) }
    if m.hasMapFromOdom { line += text(m.odomFrame, m.mapFromOdom.translation, m.mapFromOdom.rotation) }
    try StandardOutput.writeLine("\(line), age \(Double(age(m)) / 1e6) ms, \(verdict(m))")
    left -= 1
}
