// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]
/// Generated code is not ours to mark `unsafe`.
let generated: [SwiftSetting] = [.enableUpcomingFeature("ExistentialAny")]
let c: [CSetting] = [.treatAllWarnings(as: .error), .enableWarning("all"), .enableWarning("extra")]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let swiftProtobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")

// In the order of the data: a frame comes in at the top and leaves as a message at the bottom.
let package = Package(
    name: "hfloc",
    products: [
        .executable(name: "hflocd", targets: ["hflocd"]),
        .executable(name: "hfloc", targets: ["hfloc"]),
        .executable(name: "hfloc-calibrate", targets: ["hfloc-calibrate"]),
        // For programs that listen to hflocd, such as those of Sources/Bridges.
        .library(
            name: "HFLocClient",
            targets: [
                "Publishing", "Messages", "Supervision", "Errors", "Files", "CommandSupport", "ProgramVersion",
            ]),
        // For those that read maps and recordings as well.
        .library(
            name: "HFLocData",
            targets: ["ReferenceMap", "Container", "Geometry", "Features", "Recording", "CJPEG"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    ],
    targets: [
        // What others wrote.
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(name: "CZeroMQ", providers: [.apt(["libzmq3-dev"])]),
        .systemLibrary(name: "CV4L", pkgConfig: "libv4lconvert", providers: [.apt(["libv4l-dev"])]),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),

        // What Swift cannot say.
        .target(name: "CKernels", cSettings: c),
        .target(name: "CLinux", cSettings: c),
        .target(name: "CJPEG", cSettings: c, linkerSettings: [.linkedLibrary("jpeg")]),  // libjpeg-dev
        .target(name: "Kernels", dependencies: ["CKernels"], swiftSettings: swift),

        // The bottom: what every module may throw, and how every module reads and writes files.
        .target(name: "Errors", swiftSettings: swift),
        .target(name: "Files", dependencies: ["Errors", "CLinux"], swiftSettings: swift),

        // The vocabulary.
        .target(name: "Geometry", dependencies: ["COpenBLAS"], swiftSettings: swift),
        .target(name: "Features", swiftSettings: swift),
        .target(name: "Container", dependencies: ["Errors", "Files", "CSodium"], swiftSettings: swift),

        // How what was found is written for people and programs.
        .target(name: "Reporting", dependencies: ["Errors", "Container", "Geometry"], swiftSettings: swift),

        // The map, and the images that it is made of.
        .target(
            name: "ReferenceMap",
            dependencies: ["Errors", "Files", "Geometry", "Features", "Container", "Reporting"],
            swiftSettings: swift),

        // Poses and points together, over all cores.
        .target(name: "Parallelism", dependencies: ["CLinux"], swiftSettings: swift),
        .target(name: "BundleAdjustment", dependencies: ["Geometry", "Parallelism"], swiftSettings: swift),

        // The stages. None of them knows another.
        .target(
            name: "Capture",
            dependencies: ["Errors", "Files", "Features", "CLinux", "CV4L", "CJPEG", "CPNG"],
            swiftSettings: swift),
        .target(
            name: "Inference",
            dependencies: ["Errors", "Files", "Features", "Container", "Kernels", "CKernels", "CLinux", "Parallelism"],
            exclude: ["Model"],
            swiftSettings: swift),
        .target(
            name: "Retrieval", dependencies: ["Geometry", "Features", "Container", "ReferenceMap", "CKernels"],
            swiftSettings: swift
        ),
        .target(
            name: "Matching",
            dependencies: [
                "Geometry", "Features", "Container", "ReferenceMap", "Kernels", "CKernels", "Parallelism",
            ],
            swiftSettings: swift),
        .target(name: "PoseEstimation", dependencies: ["Geometry", "Features"], swiftSettings: swift),
        .target(
            name: "Following", dependencies: ["Geometry", "Features", "Kernels", "CKernels"], swiftSettings: swift),

        // What decides whether a pose is believed.
        .target(name: "Integrity", dependencies: ["Geometry", "Features", "Reporting"], swiftSettings: swift),

        // Where a vehicle is between the fixes of its camera.
        .target(name: "Fusion", dependencies: ["Geometry"], swiftSettings: swift),

        // The two orders of the stages. What people may choose of the first stands below it, so that the configuration
        // has defaults and ranges from there without the localizer itself.
        .target(name: "LocalizationOptions", swiftSettings: swift),
        .target(
            name: "Localizer",
            dependencies: [
                "Errors", "Files", "Geometry", "Features", "Container", "ReferenceMap", "Inference", "Retrieval",
                "Matching", "PoseEstimation", "Following", "Integrity", "LocalizationOptions", "CKernels", "CLinux",
                "Parallelism",
            ],
            swiftSettings: swift),
        .target(
            name: "Mapping",
            dependencies: [
                "Files", "Geometry", "Features", "Container", "ReferenceMap", "Reporting", "Capture", "Inference",
                "Kernels", "CKernels", "BundleAdjustment", "Parallelism", "Retrieval", "Matching", "PoseEstimation",
                "Integrity", "LocalizationOptions", "Localizer",
            ],
            swiftSettings: swift),

        // Images against a map, off line: poses and pictures, errors, times.
        .target(
            name: "Evaluation",
            dependencies: [
                "Errors", "Files", "Geometry", "Features", "ReferenceMap", "Reporting", "Capture", "Inference",
                "Retrieval", "LocalizationOptions", "Localizer", "Integrity", "Configuration", "CPNG", "Parallelism",
                "CKernels",
            ],
            swiftSettings: swift),

        // The wire and the programs.
        .target(
            name: "Messages", dependencies: [swiftProtobuf], exclude: ["hfloc", "foxglove"], swiftSettings: generated),
        .target(
            name: "Publishing", dependencies: ["Errors", "Geometry", "Fusion", "CZeroMQ", "CLinux"],
            swiftSettings: swift),
        .target(
            name: "Configuration",
            dependencies: ["Errors", "Files", "Geometry", "Container", "LocalizationOptions", "CYAML"],
            swiftSettings: swift),
        .target(
            name: "Recording",
            dependencies: ["Errors", "Files", "Reporting", "Features", "Capture", "Publishing", "CJPEG"],
            swiftSettings: swift),
        .target(name: "ProgramVersion", swiftSettings: swift),
        .target(name: "Supervision", dependencies: ["Errors", "CLinux"], swiftSettings: swift),
        .target(name: "CommandSupport", dependencies: ["Errors", "Files", argumentParser], swiftSettings: swift),
        .target(
            name: "Daemon",
            dependencies: [
                "Geometry", "Features", "Fusion", "Container", "ReferenceMap", "Inference", "LocalizationOptions",
                "Localizer", "Integrity", "Capture", "Publishing", "Recording", "Retrieval", "Configuration",
                "Supervision", "ProgramVersion", "Errors", "Files", "CKernels", "CLinux", "Parallelism",
            ],
            swiftSettings: swift),
        .executableTarget(
            name: "hflocd",
            dependencies: [
                "Daemon", "Configuration", "ProgramVersion", "Errors", "Files", "CommandSupport", argumentParser,
            ],
            swiftSettings: swift),
        .executableTarget(
            name: "hfloc",
            dependencies: [
                "Geometry", "Features", "ReferenceMap", "Reporting", "Capture", "Inference", "Retrieval",
                "LocalizationOptions", "Localizer", "Integrity", "Mapping", "Evaluation", "Publishing", "Recording",
                "Messages", "Configuration", "Daemon", "ProgramVersion", "Errors", "Files", "CommandSupport",
                argumentParser, swiftProtobuf,
            ],
            swiftSettings: swift),

        // From a bare camera to a camera file.
        .target(
            name: "CameraCalibration",
            dependencies: [
                "Errors", "Files", "Geometry", "Features", "Container", "Reporting", "Capture", "Configuration",
                "CLinux",
            ],
            path: "Calibration/CameraCalibration", swiftSettings: swift),
        .executableTarget(
            name: "hfloc-calibrate",
            dependencies: [
                "CommandSupport", "CameraCalibration", "Geometry", "Features", "Reporting", "Capture", "Container",
                "Configuration", "ProgramVersion", "Errors", "Files", "CLinux", argumentParser,
            ],
            path: "Calibration/hfloc-calibrate", swiftSettings: swift),

        // What writes the configuration's texts.
        .executableTarget(
            name: "ConfigurationTexts", dependencies: ["Configuration"], path: "tools/generate/configuration-texts",
            swiftSettings: swift),

        // What tools/ times.
        .executableTarget(
            name: "pose-benchmark", dependencies: ["PoseEstimation", "Geometry", "Features"],
            path: "tools/benchmarks/pose-benchmark", swiftSettings: swift),

        .executableTarget(
            name: "adjustment-benchmark", dependencies: ["BundleAdjustment", "Geometry"],
            path: "tools/benchmarks/adjustment-benchmark", swiftSettings: swift),

        .executableTarget(
            name: "capture-benchmark", dependencies: ["Capture", "Features", "CLinux", "CFakeCamera"],
            path: "tools/benchmarks/capture-benchmark", swiftSettings: swift),

        .executableTarget(
            name: "scripted-daemon",
            dependencies: [
                "Daemon", "Configuration", "Publishing", "Messages", "Supervision", "Capture", "Features", "Errors",
                "Files", "CZeroMQ", swiftProtobuf,
            ],
            path: "tools/benchmarks/scripted-daemon", swiftSettings: swift),

        .executableTarget(
            name: "measure-calibration",
            dependencies: ["CalibrationFixtures", "CameraCalibration", "Geometry"],
            path: "tools/benchmarks/measure-calibration", swiftSettings: swift),

        // Tests.
        .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter", cSettings: c),
        .target(
            name: "CKernelChecks", dependencies: ["CKernels"], path: "Tests/CKernelChecks", cSettings: c),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: swift),
        .target(
            name: "GeometryFixtures", dependencies: ["Geometry", "TestSupport"], path: "Tests/GeometryFixtures",
            swiftSettings: swift),
        .target(
            name: "CalibrationFixtures",
            dependencies: ["TestSupport", "GeometryFixtures", "CameraCalibration", "Geometry"],
            path: "Tests/CalibrationFixtures", swiftSettings: swift),
        .target(
            name: "MapFixtures", dependencies: ["ReferenceMap", "Geometry", "Features", "Container", "TestSupport"],
            path: "Tests/MapFixtures",
            swiftSettings: swift),
        .testTarget(
            name: "RetrievalTests",
            dependencies: [
                "TestSupport", "Retrieval", "ReferenceMap", "Geometry", "Features", "Container", "MapFixtures",
                "CAllocationCounter",
            ],
            swiftSettings: swift),
        .testTarget(
            name: "MatchingTests",
            dependencies: [
                "TestSupport",
                "Matching", "ReferenceMap", "Geometry", "Features", "Container", "MapFixtures", "CAllocationCounter",
                "Parallelism",
            ],
            swiftSettings: swift),
        .testTarget(
            name: "FollowingTests",
            dependencies: [
                "TestSupport", "Following", "Geometry", "Features", "CAllocationCounter",
            ],
            swiftSettings: swift),
        .testTarget(
            name: "LocalizerTests",
            dependencies: [
                "TestSupport", "GeometryFixtures", "Fusion", "LocalizationOptions", "Localizer", "Matching",
                "ReferenceMap", "Geometry", "Features", "Files", "Container", "Inference", "Integrity", "Mapping",
                "Capture", "MapFixtures", "CAllocationCounter",
            ],
            swiftSettings: swift),
        .testTarget(
            name: "CKernelsTests", dependencies: ["TestSupport", "CKernels", "CKernelChecks"], swiftSettings: swift),
        .testTarget(
            name: "GeometryTests", dependencies: ["TestSupport", "GeometryFixtures", "Geometry"], swiftSettings: swift),
        .testTarget(
            name: "BundleAdjustmentTests",
            dependencies: ["TestSupport", "GeometryFixtures", "BundleAdjustment", "Geometry"],
            swiftSettings: swift),
        .testTarget(
            name: "PoseEstimationTests",
            dependencies: [
                "TestSupport", "GeometryFixtures", "PoseEstimation", "Geometry", "Features", "CAllocationCounter",
            ],
            swiftSettings: swift),
        .testTarget(
            name: "IntegrityTests",
            dependencies: [
                "TestSupport", "GeometryFixtures", "Integrity", "Geometry", "Features", "CAllocationCounter",
            ],
            swiftSettings: swift),
        .testTarget(
            name: "FusionTests",
            dependencies: ["TestSupport", "GeometryFixtures", "Fusion", "Geometry", "CAllocationCounter"],
            swiftSettings: swift),
        .testTarget(
            name: "PublishingTests",
            dependencies: [
                "TestSupport", "Publishing", "Fusion", "Geometry", "Messages", "CLinux",
                "CAllocationCounter", swiftProtobuf,
            ],
            exclude: ["Golden", "Generated/hfloc.v1.descriptors"],
            swiftSettings: swift),
        .testTarget(
            name: "CameraCalibrationTests",
            dependencies: [
                "TestSupport", "GeometryFixtures", "CalibrationFixtures", "CameraCalibration", "Geometry", "Features",
                "Configuration",
                "Capture", "Container", "Errors",
            ],
            swiftSettings: swift),
        .testTarget(name: "FilesTests", dependencies: ["TestSupport", "Errors", "Files"], swiftSettings: swift),
        .testTarget(name: "ContainerTests", dependencies: ["TestSupport", "Container", "Files"], swiftSettings: swift),
        .testTarget(name: "ReportingTests", dependencies: ["Reporting", "Container"], swiftSettings: swift),
        .testTarget(
            name: "EvaluationTests",
            dependencies: [
                "TestSupport", "Evaluation", "Reporting", "LocalizationOptions", "Localizer", "Retrieval", "Mapping",
                "ReferenceMap", "Inference", "Capture", "Configuration", "Features", "Files", "Geometry", "Errors",
                "Container",
            ],
            swiftSettings: swift),
        .testTarget(
            name: "InferenceTests",
            dependencies: [
                "TestSupport", "Inference", "Container", "Files", "Features", "Kernels", "CKernels", "CKernelChecks",
                "CAllocationCounter", "Parallelism",
            ],
            exclude: ["Golden"], swiftSettings: swift),
        .testTarget(
            name: "ParallelismTests", dependencies: ["Parallelism", "CAllocationCounter"], swiftSettings: swift),
        .testTarget(
            name: "ReferenceMapTests",
            dependencies: [
                "TestSupport", "GeometryFixtures", "ReferenceMap", "Geometry", "Features", "Container", "Reporting",
            ],
            exclude: ["Version1"], swiftSettings: swift),
        .testTarget(name: "SupervisionTests", dependencies: ["Supervision"], swiftSettings: swift),
        .testTarget(
            name: "ConfigurationTests",
            dependencies: [
                "Configuration", "ConfigurationTexts", "Container", "Files", "Geometry", "GeometryFixtures",
                "LocalizationOptions", "TestSupport",
            ],
            swiftSettings: swift),
        .testTarget(
            name: "RecordingTests",
            dependencies: [
                "TestSupport", "Recording", "Capture", "Errors", "Features", "Files", "Messages", "Publishing",
                "CAllocationCounter", swiftProtobuf,
            ],
            swiftSettings: swift),
        .testTarget(
            name: "DaemonTests",
            dependencies: [
                "Daemon", "Capture", "Configuration", "Container", "CAllocationCounter", "CZeroMQ", "Errors",
                "Features", "Geometry", "Inference", "Integrity", "LocalizationOptions", "Localizer", "Messages",
                "Parallelism", "Publishing", "Recording", "ReferenceMap", "Supervision", "TestSupport", swiftProtobuf,
            ],
            swiftSettings: swift),
        .testTarget(
            name: "ErrorsTests",
            dependencies: [
                "Errors", "CommandSupport", "Container", "ReferenceMap", "Inference", "Localizer", "Capture",
                "Publishing", "Configuration", "Supervision", "Features", argumentParser,
            ],
            swiftSettings: swift),
        .target(
            name: "CJPEGFixtures", path: "Tests/CJPEGFixtures", cSettings: c, linkerSettings: [.linkedLibrary("jpeg")]),
        .target(name: "CFakeCamera", path: "Tests/CFakeCamera", cSettings: c),
        .testTarget(
            name: "CaptureTests",
            dependencies: [
                "TestSupport", "Capture", "Errors", "Files", "Features", "CLinux", "CJPEGFixtures", "CFakeCamera",
                "CAllocationCounter",
            ],
            swiftSettings: swift),
        .testTarget(
            name: "MappingTests",
            dependencies: [
                "TestSupport", "MapFixtures", "GeometryFixtures", "Mapping", "ReferenceMap", "Geometry", "Features",
                "Inference", "Container", "Errors", "Files", "Integrity",
            ],
            swiftSettings: swift),
    ]
)

// Coverage-guided fuzzing, which only tools/fuzz builds: its runtime is not everywhere.
if Context.environment["HFLOC_FUZZ"] != nil {
    package.targets += [
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "CJPEGFixtures", "CameraCalibration", "Capture", "Configuration", "Container", "Evaluation",
                "Features", "Files", "Geometry", "Inference", "Localizer", "MapFixtures", "Mapping", "Messages",
                "Publishing", "Recording", "ReferenceMap", swiftProtobuf,
            ],
            path: "Tests/Fuzz", swiftSettings: swift)
    ]
}
