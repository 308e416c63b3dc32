// swift-tools-version: 6.2
import PackageDescription

// Of a program outside of this repository the dependency is .package(url: ..., from: ...).
let package = Package(
    name: "subscribe",
    dependencies: [
        .package(name: "hfloc", path: "../../.."),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    ],
    targets: [
        .executableTarget(
            name: "subscribe",
            dependencies: [
                .product(name: "HFLocClient", package: "hfloc"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            path: ".", sources: ["main.swift"])
    ]
)
