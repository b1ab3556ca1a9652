// swift-tools-version: 6.1
import PackageDescription

// The fuzz targets, a package of their own: the sanitizer gives every executable of a package libFuzzer's `main`.
// `Sources` is a link to the rooms, so that they and the harness are one package. Built by `scripts/fuzz`.

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func room(_ name: String, _ imports: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: imports, swiftSettings: settings)
}

let package = Package(
  name: "cairn-fuzz",
  products: [.executable(name: "cairn-fuzz", targets: ["cairn-fuzz"])],
  targets: [
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
    .systemLibrary(name: "CCrypto"),
    .systemLibrary(name: "CExpat"),
    .systemLibrary(name: "CYAML"),
    .systemLibrary(name: "CZlib"),
    room("Compression", ["CZlib"]),
    room("Digests", ["CCrypto"]),
    room("OrderedJSON"),
    room("ShellSyntax"),
    room("Wire"),
    room("JMESPath", ["OrderedJSON"]),
    room("ServiceModels", ["OrderedJSON", "CExpat", "Compression", "Digests", "Wire"]),
    room("SigV4", ["Digests", "Wire"]),
    room("AWSClient", ["ServiceModels", "SigV4", "JMESPath", "CCurl", "Digests", "OrderedJSON", "Wire"]),
    room("AWSCommand", ["AWSClient", "CYAML", "JMESPath", "ServiceModels", "OrderedJSON", "Wire"]),
    .executableTarget(
      name: "cairn-fuzz",
      dependencies: [
        "AWSClient", "AWSCommand", "Compression", "Digests", "JMESPath", "OrderedJSON", "ServiceModels",
        "ShellSyntax", "SigV4", "Wire",
      ],
      path: "Harness",
      // libFuzzer has the `main`.
      swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]),
  ],
  swiftLanguageModes: [.v6]
)
