// swift-tools-version: 6.2
import PackageDescription

// Times the runtime as a stranger's package sees it: release build, public product, no other dependency.
let package = Package(
  name: "scoring-bench",
  platforms: [.macOS(.v26)],
  products: [.executable(name: "scoring-bench", targets: ["ScoringBench"])],
  dependencies: [.package(name: "ockham", path: "../../..")],
  targets: [
    .target(name: "CAffinity"),
    .executableTarget(
      name: "ScoringBench", dependencies: ["CAffinity", .product(name: "Ockham", package: "ockham")]),
  ]
)
