// swift-tools-version: 6.2
import PackageDescription

// Continuous integration turns every warning into an error. A user's build must not fail because a newer compiler warns
// about more.
let warnings: [SwiftSetting] = Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)]
let safety: [SwiftSetting] =
  [
    .strictMemorySafety(),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),  // C modules never reach a client
  ] + warnings

// Tests run against optimised code; optimising what a test itself says would take four times as long as running it. Compiled in batches, on
// all processors, and without debug information, which no test needs to say where it failed, they take half of the time again. Flags of
// test targets do not reach whoever depends on the package.
let tests: [SwiftSetting] =
  safety + [.unsafeFlags(["-Onone", "-gnone", "-no-whole-module-optimization", "-enable-batch-mode"])]

// The module and the kernels that whoever links it needs. The module itself depends on the kernels' interface only, so that both
// compile at the same time.
let lossAccel: [Target.Dependency] = ["LossAccel", "CVectorKernels"]

let package = Package(
  name: "LossAccel",
  platforms: [.macOS(.v15)],  // for the Synchronization module; Linux has no such limits
  products: [
    .library(name: "LossAccel", targets: ["LossAccel", "CVectorKernels"]),
    .executable(name: "lossaccel", targets: ["LossAccelCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
  ],
  targets: [
    // MARK: - Public API
    .target(
      name: "LossAccel",
      dependencies: ["COpenBLAS", "CKernelInterface"],
      swiftSettings: safety
    ),
    .executableTarget(
      name: "LossAccelCLI",
      dependencies: lossAccel + [.product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: safety
    ),

    // MARK: - Implementation details
    .systemLibrary(
      name: "COpenBLAS",
      pkgConfig: "openblas lapacke",
      providers: [
        .apt(["libopenblas-dev", "liblapacke-dev"]),
        .yum(["openblas-devel", "lapack-devel"]),
        .brew(["openblas"]),
      ]
    ),
    .systemLibrary(name: "CKernelInterface"),
    .target(name: "CVectorKernels"),

    // MARK: - Benchmarks
    .executableTarget(
      name: "LossAccelBenchmarks",
      dependencies: lossAccel + [.product(name: "ArgumentParser", package: "swift-argument-parser")],
      path: "Benchmarks",
      exclude: ["Peers"],
      swiftSettings: safety
    ),

    // MARK: - Tests
    .target(name: "TestSupport", dependencies: ["LossAccel"], path: "Tests/TestSupport", swiftSettings: safety),
    .testTarget(
      name: "LossAccelTests",
      dependencies: lossAccel + ["TestSupport"],
      exclude: ["References"],
      swiftSettings: tests
    ),
    .testTarget(
      name: "LossAccelBenchmarksTests",
      dependencies: lossAccel + ["LossAccelBenchmarks"],
      swiftSettings: tests
    ),
    .testTarget(
      name: "LossAccelCLITests",
      dependencies: lossAccel + ["LossAccelCLI", "TestSupport"],
      exclude: ["Fixtures"],
      swiftSettings: tests
    ),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
