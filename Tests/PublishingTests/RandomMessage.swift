import Publishing
import TestSupport

/// Values at the edges of the wire format's sizes as often as ordinary ones.
func randomInteger(_ random: inout SeededGenerator) -> UInt64 {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: 0
    case 1: [1, 127, 128, 16383, 16384, .max, .max - 1, 1 << 63].randomElement(using: &random) ?? 0
    default: random.next() >> UInt64.random(in: 0..<64, using: &random)
    }
}

func randomDouble(_ random: inout SeededGenerator) -> Double {
    switch Int.random(in: 0..<4, using: &random) {
    case 0:
        [0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .pi]
            .randomElement(using: &random) ?? 0
    default: Double.random(in: -1000...1000, using: &random)
    }
}

/// Every field random, and each optional part sometimes absent.
func randomLocalization(_ random: inout SeededGenerator) throws -> LocalizationMessage {
    var message = LocalizationMessage()
    message.sequence = randomInteger(&random)
    message.frameSequence = randomInteger(&random)
    message.frames = try randomMessage(Wire.FrameCounters.self, "FrameCounters", &random)
    message.captureMonotonic = randomInteger(&random)
    message.captureWall = randomInteger(&random)
    message.wallClockUncertainty = UInt32(truncatingIfNeeded: randomInteger(&random))
    message.publishMonotonic = randomInteger(&random)
    message.state = Wire.State.allCases.randomElement(using: &random) ?? .lost
    message.resetCounter = UInt32(truncatingIfNeeded: randomInteger(&random))
    if Bool.random(using: &random) { message.pose = try randomPose(&random) }
    if Bool.random(using: &random) { message.basePose = try randomPose(&random) }
    if Bool.random(using: &random) {
        message.mapFromOdom = try randomMessage(Wire.Transform.self, "Transform", &random)
    }
    if Bool.random(using: &random) { message.earth = randomEarthPosition(&random) }
    if Bool.random(using: &random) { message.baseEarth = randomEarthPosition(&random) }
    message.wallClockSynchronized = Bool.random(using: &random)
    message.wallClockMaximumError = randomInteger(&random)
    if Bool.random(using: &random) { message.evidence = try randomMessage(Wire.Evidence.self, "Evidence", &random) }
    if Bool.random(using: &random) { message.latencies = try randomMessage(Wire.Latencies.self, "Latencies", &random) }
    return message
}

func randomPose(_ random: inout SeededGenerator) throws -> LocalizationMessage.Pose {
    var covariance = InlineArray<36, Double>(repeating: 0)
    for index in 0..<36 { covariance[index] = randomDouble(&random) }
    return LocalizationMessage.Pose(
        position: try randomMessage(Wire.Vector3.self, "Vector3", &random),
        orientation: try randomMessage(Wire.Quaternion.self, "Quaternion", &random), covariance: covariance)
}

func randomEarthPosition(_ random: inout SeededGenerator) -> LocalizationMessage.EarthPosition {
    var covariance = InlineArray<9, Double>(repeating: 0)
    for index in 0..<9 { covariance[index] = randomDouble(&random) }
    return LocalizationMessage.EarthPosition(
        latitude: randomDouble(&random), longitude: randomDouble(&random), height: randomDouble(&random),
        covariance: covariance)
}
