import Testing

@testable import LabEngine

/// What a session was handed to sign with is stored nowhere.
@Suite struct SecretsTests {
  private let key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCY+EXAMPLE"
  private var secrets: Secrets {
    Secrets([
      "AWS_SECRET_ACCESS_KEY": key, "AWS_SESSION_TOKEN": "IQoJb3\"quoted\\token==",
      "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    ])
  }

  @Test("a mark stands for the value, wherever it is")
  func hidden() {
    #expect(secrets.hidden("a\(key)b \(key)") == "a‹AWS_SECRET_ACCESS_KEY›b ‹AWS_SECRET_ACCESS_KEY›")
    #expect(secrets.hidden("id AKIDEXAMPLE") == "id AKIDEXAMPLE")
    #expect(secrets.hidden(String(key.dropLast())) == String(key.dropLast()))
    #expect(secrets.hidden("") == "")
    #expect(secrets.hidden("w" + key) == "w‹AWS_SECRET_ACCESS_KEY›")
  }

  @Test("a JSON document comes back as it was, or with the fresh values of another process")
  func json() {
    let text = #"{"a":"x\#(key)y","t":"IQoJb3\"quoted\\token=="}"#
    let stored = secrets.hidden(json: text)
    #expect(!stored.contains(key) && !stored.contains("quoted"))
    #expect(secrets.shown(json: stored) == text)
    let fresh = Secrets(["AWS_SECRET_ACCESS_KEY": "another-secret"])
    #expect(fresh.shown(json: stored).contains("xanother-secrety"))
  }

  @Test("what is too short to be a secret is left alone")
  func short() {
    #expect(Secrets(["AWS_SECRET_ACCESS_KEY": "test"]).hidden("a test") == "a test")
  }
}
