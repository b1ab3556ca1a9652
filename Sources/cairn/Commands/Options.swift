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

  func validate() throws {
    if profile != nil, !live {
      throw ValidationError("--profile is for --live: the practice account has credentials of its own.")
    }
  }

  var choice: AccountChoice {
    live ? .live(profile: profile, region: region) : .practice(region: region)
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

  func validate() throws {
    if !plain, yes || teardown {
      throw ValidationError("\(yes ? "--yes" : "--teardown") goes with --plain.")
    }
  }
}
