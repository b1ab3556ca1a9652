import ArgumentParser
import LabEngine
import TutorApp

/// Which account a run works on.
struct AccountOptions: ParsableArguments {
  @Flag(help: "Work on your own AWS account instead of the practice account.")
  var live = false

  @Option(help: ArgumentHelp("The profile of your AWS configuration (with --live).", valueName: "name"))
  var profile: String?

  @Option(help: ArgumentHelp("The AWS Region.", valueName: "region"))
  var region: String?

  @Option(help: ArgumentHelp("Begin with this scenario on the practice account.", valueName: "name"))
  var scenario: String?

  @Option(help: ArgumentHelp("Draw the ids of the practice account from this number.", valueName: "n"))
  var seed: UInt64?

  func validate() throws {
    if profile != nil, !live {
      throw ValidationError("--profile is for --live: the practice account has credentials of its own.")
    }
    if live, scenario != nil || seed != nil {
      throw ValidationError("\(scenario == nil ? "--seed" : "--scenario") is for the practice account.")
    }
  }

  func choice(_ workshop: Workshop) throws -> AccountChoice {
    if live { return .live(profile: profile, region: region) }
    var options = PracticeOptions(region: region)
    options.seed = seed
    options.scenario = try scenario.map { try ScenarioFile($0, in: workshop.assets) }
    return .practice(options)
  }
}

/// How a run is shown.
struct ViewOptions: ParsableArguments {
  @Flag(help: "Print a linear transcript instead of opening the screen.")
  var plain = false

  @Flag(help: "With --plain: run every block without asking.")
  var yes = false

  @Flag(help: "With --plain: take everything down at the end.")
  var teardown = false

  @Flag(help: "Draw with ASCII characters only.")
  var ascii = false

  @Option(
    name: .customLong("speed"),
    help: ArgumentHelp(
      "How many times as fast waits on the practice account pass (60 on the screen, at once with --plain).",
      valueName: "n"))
  var pace: Double?

  func validate() throws {
    if let pace, !(0.1...1_000_000).contains(pace) {
      throw ValidationError("--speed takes a number from 0.1 to 1000000.")
    }
    if !plain, yes || teardown {
      throw ValidationError("\(yes ? "--yes" : "--teardown") goes with --plain.")
    }
  }
}
