import AWSClient
import Glibc
import OrderedJSON
import ServiceModels

/// `aws sso login` and `aws sso logout` (AWS CLI reference, `sso`).
///
/// Signing in is by device code always: the page is shown, with the code to type, and opened by the user. (The AWS CLI
/// takes that way with `--use-device-code`, and where a profile has no sso-session.)
struct SSOCommand {
  static let names = ["login", "logout"]

  let session: Session

  func run(_ name: String, _ words: [String]) async throws(CommandFailure) -> Int32 {
    name == "login" ? try await login(words) : try await logout(words)
  }

  // MARK: login

  private func login(_ words: [String]) async throws(CommandFailure) -> Int32 {
    let parser = ArgumentParser(options: [
      OptionSpec("--no-browser", arity: .flag("")), OptionSpec("--use-device-code", arity: .flag("")),
      OptionSpec("--sso-session"),
    ])
    let parsed = try parser.parse(words)
    guard parsed.rest.isEmpty else { throw .unknownOptions(parsed.rest) }
    let place = try place(named: parsed.first("sso-session"))
    guard let home else {
      throw SSOCommand.misconfigured("HOME is not set: there is no place for the token.")
    }
    let console = session.console
    do {
      try await IdentityCenterLogin(session: place, home: home, client: session.client).run { code in
        await console.print(SSOCommand.page(code))
      }
    } catch {
      throw CommandFailure(error)
    }
    await console.print("Successfully logged into Start URL: \(place.startURL)\n")
    return 0
  }

  private static func page(_ code: IdentityCenterLogin.DeviceCode) -> String {
    """
    Browser will not be automatically opened.
    Please visit the following URL:

    \(code.url)

    Then enter the code:

    \(code.userCode)

    Alternatively, you may visit the following URL which will autofill the code upon loading:
    \(code.completeURL)

    """
  }

  private var home: String? { session.context.environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } }

  /// Where to sign in: the option's session, the profile's session, or the profile's own start URL.
  private func place(named option: String?) throws(CommandFailure) -> IdentityCenterSession {
    let settings = session.configuration.settings
    let name = option ?? settings["sso_session"].flatMap { $0.isEmpty ? nil : $0 }
    var values = settings
    if let name {
      guard let section = try files().config.section("sso-session", name) else {
        throw SSOCommand.misconfigured("The specified sso-session does not exist: \"\(name)\"")
      }
      values = section.values
    }
    let missing = ["sso_start_url", "sso_region"].filter { values[$0] == nil }
    guard let url = values["sso_start_url"], let region = values["sso_region"] else {
      let list =
        "Missing the following required SSO configuration values: \(missing.joined(separator: ", ")). "
      let advice =
        "To make sure this profile is properly configured to use SSO, please run: aws configure sso"
      throw SSOCommand.misconfigured(list + (name == nil ? advice : ""))
    }
    let scopes = name == nil ? [] : (values["sso_registration_scopes"] ?? "").split(separator: ",")
    return IdentityCenterSession(
      name: name, startURL: url, region: region,
      scopes: scopes.map { $0.trimmed }.filter { !$0.isEmpty })
  }

  private func files() throws(CommandFailure) -> SharedFiles {
    let directory = session.context.workingDirectory
    do {
      return try SharedFiles(environment: session.context.environment) { (path) throws(ConfigurationError) in
        try systemFile(absolute(path, in: directory))
      }
    } catch {
      throw CommandFailure(error)
    }
  }

  private static func misconfigured(_ text: String) -> CommandFailure {
    .plain("An error occurred (Configuration): \(text)", 253)
  }

  // MARK: logout

  /// Ends every session, and forgets the tokens and what was got with them.
  private func logout(_ words: [String]) async throws(CommandFailure) -> Int32 {
    let parsed = try ArgumentParser(options: []).parse(words)
    guard parsed.rest.isEmpty else { throw .unknownOptions(parsed.rest) }
    guard let home else { return 0 }
    for (path, entry) in entries(home + "/.aws/sso/cache") {
      guard let token = entry["accessToken"]?.string else { continue }
      if let region = entry["region"]?.string { try await end(token, region) }
      removeFile(path)
    }
    for (path, entry) in entries(home + "/.aws/cli/cache") where entry["ProviderType"]?.string == "sso" {
      removeFile(path)
    }
    return 0
  }

  private func entries(_ folder: String) -> [(String, JSON)] {
    (directoryNames(folder) ?? []).compactMap { name in
      let path = "\(folder)/\(name)"
      guard let text = try? systemFile(path), let entry = try? JSON.parse(text) else { return nil }
      return (path, entry)
    }
  }

  /// A token that the service no longer knows is no failure.
  private func end(_ token: String, _ region: String) async throws(CommandFailure) {
    do throws(AWSError) {
      _ = try await session.client.credentials.services.send(
        .init("sso", "Logout", ["accessToken": .string(token)], region: region))
    } catch {
      if case .service = error { return }
      throw CommandFailure(error)
    }
  }
}

extension Substring {
  fileprivate var trimmed: String {
    var text = self
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
