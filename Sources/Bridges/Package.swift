// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let c: [CSetting] = [.treatAllWarnings(as: .error), .enableWarning("all"), .enableWarning("extra")]

let client = Target.Dependency.product(name: "HFLocClient", package: "hfloc")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let data = Target.Dependency.product(name: "HFLocData", package: "hfloc")
let http = Target.Dependency.product(name: "FlyingFox", package: "FlyingFox")
let sockets = Target.Dependency.product(name: "FlyingSocks", package: "FlyingFox")
let swiftProtobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")

// Programs between hflocd and other robots' languages: a package of their own, so that hfloc is built without them.
let package = Package(
    name: "hfloc-bridges",
    products: [
        .library(name: "MAVLink", targets: ["MAVLink"]),
        .executable(name: "hfloc-mavlink", targets: ["hfloc-mavlink"]),
        .executable(name: "hfloc-ros2", targets: ["hfloc-ros2"]),
        .executable(name: "hfloc-view", targets: ["hfloc-view"]),
    ],
    dependencies: [
        .package(name: "hfloc", path: "../.."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    ],
    targets: [
        // Which of hflocd's poses may be passed on, and which are late or of another clock.
        .target(
            name: "DaemonPoses", dependencies: [client, swiftProtobuf], path: "DaemonPoses", swiftSettings: swift),

        // MAVLink. The protocol: frames and the messages that a source of poses speaks.
        .target(name: "MAVLink", path: "MAVLink", swiftSettings: swift),
        // What hflocd says, in the autopilot's axes, and only while it may be believed.
        .target(
            name: "MAVLinkBridge", dependencies: ["DaemonPoses", "MAVLink", client, swiftProtobuf],
            path: "MAVLinkBridge", swiftSettings: swift),
        .executableTarget(
            name: "hfloc-mavlink",
            dependencies: ["DaemonPoses", "MAVLink", "MAVLinkBridge", client, argumentParser],
            path: "hfloc-mavlink", swiftSettings: swift),
        .testTarget(
            name: "MAVLinkTests", dependencies: ["MAVLink"], path: "Tests/MAVLinkTests", resources: [.copy("Golden")],
            swiftSettings: swift),
        .testTarget(
            name: "MAVLinkBridgeTests",
            dependencies: ["DaemonPoses", "MAVLink", "MAVLinkBridge", client, swiftProtobuf],
            path: "Tests/MAVLinkBridgeTests", swiftSettings: swift),

        // ROS 2, over Cyclone DDS. No pkgConfig: it has a flag that SwiftPM refuses.
        .systemLibrary(name: "CCycloneDDS", path: "CCycloneDDS", providers: [.apt(["cyclonedds-dev"])]),
        // What idlc makes of the messages' definitions: structures, and descriptors of topics.
        .target(
            name: "CROSMessages", dependencies: ["CCycloneDDS"], path: "CROSMessages",
            exclude: ["ros_messages.idl"], cSettings: c),
        // Nodes, topics and messages.
        .target(
            name: "ROS2", dependencies: ["CCycloneDDS", "CROSMessages", client], path: "ROS2", swiftSettings: swift),
        // What hflocd says, in ROS's words, and only while it may be believed; and what ROS says, in hfloc's.
        .target(
            name: "ROS2Bridge", dependencies: ["DaemonPoses", "ROS2", client, swiftProtobuf], path: "ROS2Bridge",
            swiftSettings: swift),
        .executableTarget(
            name: "hfloc-ros2", dependencies: ["DaemonPoses", "ROS2", "ROS2Bridge", client, argumentParser],
            path: "hfloc-ros2", swiftSettings: swift),
        .testTarget(name: "ROS2Tests", dependencies: ["ROS2", client], path: "Tests/ROS2Tests", swiftSettings: swift),
        .testTarget(
            name: "ROS2BridgeTests", dependencies: ["DaemonPoses", "ROS2", "ROS2Bridge", client, swiftProtobuf],
            path: "Tests/ROS2BridgeTests", swiftSettings: swift),
        // What people see of hflocd in a browser: a page, what feeds it, and who may ask.
        .target(
            name: "View", dependencies: [client, data, http, sockets, swiftProtobuf], path: "View",
            resources: [
                .embedInCode("Page/view.html"), .embedInCode("Page/view.css"), .embedInCode("Page/main.js"),
                .embedInCode("Page/map.js"), .embedInCode("Page/tiles.js"), .embedInCode("Page/camera.js"),
                .embedInCode("Page/chart.js"), .embedInCode("Page/panel.js"),
            ],
            swiftSettings: swift),
        .executableTarget(
            name: "hfloc-view", dependencies: ["View", client, argumentParser], path: "hfloc-view",
            swiftSettings: swift),
        .testTarget(
            name: "ViewTests", dependencies: ["View", client, http, swiftProtobuf], path: "Tests/ViewTests",
            swiftSettings: swift),
    ]
)
