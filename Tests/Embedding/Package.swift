// swift-tools-version: 6.2
import PackageDescription

// A stranger's package: all it takes from Ockham is the runtime product.
let package = Package(
  name: "embedding",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "ockham", path: "../..")],
  targets: [
    .executableTarget(name: "RouteLine", dependencies: [.product(name: "Ockham", package: "ockham")]),
    .executableTarget(name: "RepeatDecision", dependencies: [.product(name: "Ockham", package: "ockham")]),
    .target(name: "CAllocations"),
    .executableTarget(
      name: "CountAllocations", dependencies: ["CAllocations", .product(name: "Ockham", package: "ockham")]),
  ]
)
