// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "example",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "ockham", path: "../../..")],
  targets: [
    .executableTarget(name: "FirstDecision", dependencies: [.product(name: "Ockham", package: "ockham")]),
    .executableTarget(name: "RouteRequests", dependencies: [.product(name: "Ockham", package: "ockham")]),
  ]
)
