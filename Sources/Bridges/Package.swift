// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

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
        .executable(name: "hfloc-view", targets: ["hfloc-view"]),
    ],
    dependencies: [
        .package(name: "hfloc", path: "../.."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    ],
    targets: [
        // The protocol: frames and the messages that a source of poses speaks.
        .target(name: "MAVLink", path: "MAVLink", swiftSettings: swift),
        // What hflocd says, in the autopilot's axes, and only while it may be believed.
        .target(
            name: "MAVLinkBridge", dependencies: ["MAVLink", client, swiftProtobuf], path: "MAVLinkBridge",
            swiftSettings: swift),
        .executableTarget(
            name: "hfloc-mavlink",
            dependencies: ["MAVLink", "MAVLinkBridge", client, argumentParser], path: "hfloc-mavlink",
            swiftSettings: swift),
        .testTarget(
            name: "MAVLinkTests", dependencies: ["MAVLink"], path: "Tests/MAVLinkTests", resources: [.copy("Golden")],
            swiftSettings: swift),
        .testTarget(
            name: "MAVLinkBridgeTests", dependencies: ["MAVLink", "MAVLinkBridge", client, swiftProtobuf],
            path: "Tests/MAVLinkBridgeTests", swiftSettings: swift),
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
            name: "hfloc-view", dependencies: ["View", client, data, argumentParser], path: "hfloc-view",
            swiftSettings: swift),
        .testTarget(
            name: "ViewTests", dependencies: ["View", client, data, http, swiftProtobuf], path: "Tests/ViewTests",
            swiftSettings: swift),
    ]
)
