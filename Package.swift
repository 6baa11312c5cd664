// swift-tools-version: 6.2
import PackageDescription

let checked: [SwiftSetting] = [
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
  .treatAllWarnings(as: .error),
]

let strict = checked + [.strictMemorySafety()]

let package = Package(
  name: "ockham",
  platforms: [.macOS(.v26)],
  products: [
    .library(name: "Ockham", targets: ["Ockham"]),
    .library(name: "OckhamC", type: .dynamic, targets: ["OckhamC"]),
    .executable(name: "ockham", targets: ["OckhamCLI"]),
    .executable(name: "ockham-gateway", targets: ["OckhamServe"]),
  ],
  traits: [
    .trait(name: "MPI", description: "Training in several processes under mpirun; needs OpenMPI.")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-async-algorithms", from: "1.1.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-crypto", "3.12.0"..<"5.0.0"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // The embeddable runtime: imports nothing, not even Foundation.
    // libm has the square root that unoptimised builds call.
    .target(name: "Ockham", swiftSettings: strict, linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),

    // The runtime for C and everything that calls C; Sources/OckhamC/build makes libockham of it.
    .systemLibrary(name: "COckham"),
    .target(name: "OckhamC", dependencies: ["COckham", "Ockham"], exclude: ["build"], swiftSettings: strict),

    // JSON and JSON Schema, text that is safe to show, hashes, dates: what every reader and writer shares.
    .target(name: "TextKit", swiftSettings: strict),

    // Random numbers, matrices, tests and intervals: what training and evaluation share.
    .target(name: "Statistics", swiftSettings: strict),

    // One log schema, read from JSONL and SQLite.
    .systemLibrary(
      name: "CZlib", path: "Sources/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
    .target(
      name: "RequestLog",
      dependencies: ["Ockham", "TextKit", "CSimdJSON", "CZlib", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: strict),

    // Runs the operator's programs: without a shell, within time and bounds.
    .target(name: "Programs", swiftSettings: strict),

    // Where models lie on disk, and how files are replaced as a whole.
    .target(name: "ModelFiles", swiftSettings: strict),

    // Metrics, baselines, intervals, threshold choice, reports.
    .target(
      name: "Evaluation", dependencies: ["Ockham", "Statistics", "TextKit"], swiftSettings: strict),

    // One judge of answers: what it is asked, how its replies are read, what it may cost. No network.
    .target(name: "Judging", dependencies: ["TextKit"], swiftSettings: strict),

    // Derives outcomes from logged answers: matching, schemas, commands, a judge.
    .target(name: "Labelling", dependencies: ["Judging", "Programs", "RequestLog", "TextKit"], swiftSettings: strict),

    // Offline training: the only target that links BLAS.
    .systemLibrary(
      name: "COpenBLAS", path: "Training/COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .target(
      name: "OckhamTraining",
      dependencies: ["Ockham", "ModelFiles", "RequestLog", "Statistics", "TextKit", "COpenBLAS"],
      path: "Training/OckhamTraining", swiftSettings: strict),

    // Training in several processes: empty without the trait MPI.
    .systemLibrary(
      name: "COpenMPI", path: "Training/COpenMPI", pkgConfig: "ompi-c", providers: [.apt(["libopenmpi-dev"])]),
    .target(
      name: "OckhamMPI",
      dependencies: ["OckhamTraining", .target(name: "COpenMPI", condition: .when(traits: ["MPI"]))],
      path: "Training/OckhamMPI", swiftSettings: strict),

    // Versions of models, the pointer to those that serve, the journal of decisions: files only.
    .target(
      name: "Registry", dependencies: ["ModelFiles", "TextKit", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: strict),

    // Train, score, calibrate, compare, replay: from files to files, without a word to the terminal.
    .target(
      name: "Workflow",
      dependencies: [
        "Ockham", "OckhamTraining", "Evaluation", "Statistics", "Registry", "RequestLog", "ModelFiles", "TextKit",
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: strict),

    .executableTarget(
      name: "OckhamCLI",
      dependencies: [
        "Workflow", "Ockham", "Registry", "RequestLog", "TextKit", "ModelFiles", "Evaluation", "Judging", "Labelling",
        "OckhamTraining", "OckhamMPI",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // How clients and providers speak: pure values, no network.
    .target(
      name: "ChatProtocols",
      dependencies: ["Ockham", "TextKit", .product(name: "Crypto", package: "swift-crypto")], swiftSettings: strict),

    // What the gateway decides: configuration, routing, accounts. No HTTP.
    .target(
      name: "GatewayCore",
      dependencies: [
        "ChatProtocols", "Judging", "Ockham", "Statistics", "TextKit",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: strict),

    // The OpenAI-compatible server: HTTP in and out, no BLAS.
    .target(
      name: "Gateway",
      dependencies: [
        "ChatProtocols", "Evaluation", "GatewayCore", "Judging", "Ockham", "Registry", "RequestLog", "Statistics",
        "TextKit", "ModelFiles", "Programs",
        .product(name: "AsyncAlgorithms", package: "swift-async-algorithms"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      resources: [
        .embedInCode("Page/page.html"), .embedInCode("Page/page.css"), .embedInCode("Page/page.js"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "OckhamServe",
      dependencies: [
        "Gateway", "GatewayCore", "Ockham",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      exclude: ["gateway.example.yaml", "grafana.dashboard.json", "prometheus.rules.yaml"], swiftSettings: strict),

    .testTarget(name: "OckhamTests", dependencies: ["Ockham"], swiftSettings: strict),
    // Every call of a test of a C interface is unsafe; marking each would say nothing.
    .testTarget(name: "OckhamCTests", dependencies: ["COckham", "OckhamC", "Ockham"], swiftSettings: checked),
    .testTarget(name: "RequestLogTests", dependencies: ["RequestLog", "TextKit", "Ockham"], swiftSettings: strict),
    .testTarget(
      name: "EvaluationTests", dependencies: ["Evaluation", "Statistics", "TextKit", "Ockham"], swiftSettings: strict),
    .testTarget(
      name: "ChatProtocolsTests",
      dependencies: ["ChatProtocols", "Gateway", "GatewayCore", "RequestLog", "Statistics", "TextKit", "Ockham"],
      swiftSettings: strict),
    .testTarget(
      name: "GatewayCoreTests",
      dependencies: ["GatewayCore", "ChatProtocols", "Judging", "RequestLog", "Statistics", "TextKit", "Ockham"],
      swiftSettings: strict),
    .testTarget(
      name: "GatewayTests",
      dependencies: [
        "Evaluation", "Gateway", "GatewayCore", "ChatProtocols", "Registry", "RequestLog", "Statistics", "TextKit",
        "OckhamTraining",
        "OckhamCLI", "Ockham", "Workflow",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .testTarget(name: "RegistryTests", dependencies: ["Registry", "TextKit"], swiftSettings: strict),
    .testTarget(name: "ModelFilesTests", dependencies: ["ModelFiles"], swiftSettings: strict),
    .testTarget(name: "StatisticsTests", dependencies: ["Statistics"], swiftSettings: strict),
    .testTarget(name: "TextKitTests", dependencies: ["TextKit", "RequestLog"], swiftSettings: strict),
    .testTarget(name: "JudgingTests", dependencies: ["Judging", "TextKit"], swiftSettings: strict),
    .testTarget(
      name: "LabellingTests", dependencies: ["Labelling", "Judging", "Programs", "TextKit", "RequestLog"],
      swiftSettings: strict),
    .testTarget(
      name: "OckhamTrainingTests",
      dependencies: ["ModelFiles", "OckhamTraining", "RequestLog", "Statistics", "TextKit", "Ockham"],
      swiftSettings: strict),
    .testTarget(
      name: "WorkflowTests",
      dependencies: [
        "Workflow", "Evaluation", "Ockham", "OckhamTraining", "Registry", "RequestLog", "Statistics", "TextKit",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "OckhamCLITests",
      dependencies: [
        "OckhamCLI", "Labelling", "Statistics", "TextKit", "ModelFiles", "Ockham",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
  ],
  cxxLanguageStandard: .cxx17
)
