// swift-tools-version: 6.1
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A target of ours. `docs/ARCHITECTURE.md` gives each its layer; `scripts/check-layers` compares.
func room(_ name: String, _ imports: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: imports, swiftSettings: settings)
}

/// The tests of a room, and what else they import. Samples and snapshots are read from the source folder.
func tests(_ name: String, _ imports: [Target.Dependency] = [], data: [String] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.init(stringLiteral: name), "TestKit"] + imports, exclude: data,
    swiftSettings: settings)
}

let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let nio: [Target.Dependency] = [
  .product(name: "NIOCore", package: "swift-nio"),
  .product(name: "NIOPosix", package: "swift-nio"),
  .product(name: "NIOHTTP1", package: "swift-nio"),
]
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "cairn",
  products: [.executable(name: "cairn", targets: ["cairn"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    // 0: the C libraries, behind headers that Swift can see.
    .target(name: "CNcurses", linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
    .systemLibrary(name: "CCrypto"),
    .systemLibrary(name: "CExpat"),
    .systemLibrary(name: "CYAML"),
    .systemLibrary(name: "CZlib"),
    .systemLibrary(name: "CMarkdown"),
    // 1: values.
    room("Cells"),
    room("Compression", ["CZlib"]),
    room("Digests", ["CCrypto"]),
    room("OrderedJSON"),
    room("ShellSyntax"),
    room("Wire"),
    // 2: languages and formats.
    room("JMESPath", ["OrderedJSON"]),
    room("Lessons", ["CMarkdown", "CYAML", "ShellSyntax"]),
    room("ServiceModels", ["OrderedJSON", "CExpat", "Compression", "Digests", "Wire"]),
    room("ShellRuntime", ["ShellSyntax"]),
    room("SigV4", ["Digests", "Wire"]),
    // 3: accounts, real and practised, and what is remembered of them.
    room("AWSClient", ["ServiceModels", "SigV4", "JMESPath", "CCurl", "Digests", "OrderedJSON", "Wire"]),
    room("PracticeAccount", ["ServiceModels", "SigV4", "Digests", "OrderedJSON", "Wire"]),
    room("ProgressStore", [grdb]),
    room("Resources", ["ServiceModels", "JMESPath", "OrderedJSON", "Wire"]),
    // 4: how they are reached.
    room("AWSCommand", ["AWSClient", "CYAML", "JMESPath", "OrderedJSON", "ServiceModels", "SigV4", "Wire"]),
    room("PracticeServer", ["PracticeAccount", "ServiceModels", "Wire"] + nio),
    // 5: the lab, and the screen that knows nothing of it.
    room(
      "LabEngine",
      [
        "Lessons", "ShellRuntime", "ShellSyntax", "AWSCommand", "AWSClient", "Resources", "ProgressStore",
        "ServiceModels", "JMESPath", "OrderedJSON", "Digests", "Wire",
      ]),
    room("TutorUI", ["Cells", "Lessons"]),
    // 6: the loop, and the last mile to a real terminal.
    room(
      "TutorApp",
      [
        "TutorUI", "LabEngine", "Lessons", "PracticeServer", "PracticeAccount", "Cells", "AWSClient",
        "ProgressStore",
        "Resources", "ServiceModels", "SigV4", "OrderedJSON", "Wire",
      ]),
    room("NcursesTerminal", ["CNcurses", "Cells"]),
    // For tests alone.
    room("TestKit"),
    // 7: wiring.
    .executableTarget(
      name: "cairn",
      dependencies: [
        "TutorApp", "NcursesTerminal", "LabEngine", "PracticeServer", "AWSCommand", "AWSClient",
        "ServiceModels",
        "Lessons", "TutorUI", "Cells", "OrderedJSON", argumentParser,
      ],
      swiftSettings: settings),
    // What `scripts/bench` runs.
    .executableTarget(
      name: "cairn-bench",
      dependencies: ["AWSClient", "CCrypto", "Compression", "OrderedJSON", "ServiceModels", "SigV4", "Wire"],
      path: "Benchmarks", swiftSettings: settings),
    // Tests.
    tests("AWSClient", ["Digests", "JMESPath", "OrderedJSON", "ServiceModels", "SigV4", "Wire"]),
    tests(
      "AWSCommand", ["AWSClient", "JMESPath", "OrderedJSON", "ServiceModels", "SigV4", "Wire"],
      data: ["known-differences.tsv", "older-versions.tsv"]),
    tests("Cells"),
    tests("Compression"),
    tests("Digests"),
    tests("JMESPath", ["OrderedJSON"]),
    tests(
      "LabEngine",
      [
        "AWSClient", "Lessons", "OrderedJSON", "PracticeAccount", "PracticeServer", "ProgressStore",
        "Resources",
        "ServiceModels", "SigV4", "Wire",
      ]
    ),
    tests("Lessons", data: ["Samples", "Snapshots"]),
    tests("OrderedJSON"),
    tests("PracticeAccount", ["Digests", "OrderedJSON", "ServiceModels", "SigV4", "Wire"]),
    tests("PracticeServer", ["OrderedJSON", "PracticeAccount", "ServiceModels", "SigV4", "Wire"]),
    tests("ProgressStore", [grdb]),
    tests("Resources", ["OrderedJSON", "ServiceModels"]),
    tests("ServiceModels", ["Compression", "Digests", "OrderedJSON", "Wire"]),
    tests("ShellRuntime", ["ShellSyntax"]),
    tests("ShellSyntax"),
    tests("SigV4", ["Digests", "OrderedJSON", "Wire"]),
    tests(
      "TutorApp",
      [
        "AWSClient", "Cells", "LabEngine", "Lessons", "OrderedJSON", "PracticeAccount", "PracticeServer",
        "ProgressStore", "ServiceModels", "ShellSyntax", "SigV4", "TutorUI", "Wire",
      ], data: ["Snapshots"]),
    tests("TutorUI", ["Cells", "Lessons"], data: ["Snapshots"]),
    tests("Wire"),
  ],
  swiftLanguageModes: [.v6]
)
