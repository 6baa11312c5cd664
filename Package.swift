// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .strictMemorySafety(),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "ockham",
  platforms: [.macOS(.v26)],
  products: [
    .library(name: "Ockham", targets: ["Ockham"]),
    .executable(name: "ockham", targets: ["OckhamCLI"]),
  ],
  traits: [
    .trait(name: "MPI", description: "Training in several processes under mpirun; needs OpenMPI.")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    // The embeddable runtime: imports nothing, not even Foundation.
    // libm has the square root that unoptimised builds call.
    .target(name: "Ockham", swiftSettings: strict, linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),

    // One log schema, read from JSONL and SQLite.
    .systemLibrary(
      name: "CZlib", path: "Sources/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
    .target(
      name: "RequestLog",
      dependencies: ["Ockham", "CSimdJSON", "CZlib", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: strict),

    // Metrics, baselines, intervals, threshold choice, reports.
    .target(name: "Evaluation", dependencies: ["Ockham", "RequestLog"], swiftSettings: strict),

    // Derives outcomes from logged answers: matching, schemas, commands, a judge.
    .target(name: "Labelling", dependencies: ["Ockham", "RequestLog"], swiftSettings: strict),

    // Offline training: the only target that links BLAS.
    .systemLibrary(
      name: "COpenBLAS", path: "Training/COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .target(
      name: "OckhamTraining", dependencies: ["Ockham", "RequestLog", "COpenBLAS"],
      path: "Training/OckhamTraining", swiftSettings: strict),

    // Training in several processes: empty without the trait MPI.
    .systemLibrary(
      name: "COpenMPI", path: "Training/COpenMPI", pkgConfig: "ompi-c", providers: [.apt(["libopenmpi-dev"])]),
    .target(
      name: "OckhamMPI",
      dependencies: ["OckhamTraining", .target(name: "COpenMPI", condition: .when(traits: ["MPI"]))],
      path: "Training/OckhamMPI", swiftSettings: strict),

    .executableTarget(
      name: "OckhamCLI",
      dependencies: [
        "Ockham", "RequestLog", "Evaluation", "Labelling", "OckhamTraining", "OckhamMPI",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    .testTarget(name: "OckhamTests", dependencies: ["Ockham"], swiftSettings: strict),
    .testTarget(name: "RequestLogTests", dependencies: ["RequestLog", "Ockham"], swiftSettings: strict),
    .testTarget(name: "EvaluationTests", dependencies: ["Evaluation", "Ockham"], swiftSettings: strict),
    .testTarget(name: "LabellingTests", dependencies: ["Labelling", "RequestLog", "Ockham"], swiftSettings: strict),
    .testTarget(
      name: "OckhamTrainingTests", dependencies: ["OckhamTraining", "RequestLog", "Ockham"], swiftSettings: strict),
    .testTarget(name: "OckhamCLITests", dependencies: ["OckhamCLI", "Ockham"], swiftSettings: strict),
  ],
  cxxLanguageStandard: .cxx17
)
