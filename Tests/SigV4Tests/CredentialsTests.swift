import SigV4
import Testing

struct CredentialsTests {
  @Test("no description, dump or interpolation shows the secret or the token")
  func hidden() {
    let credentials = Credentials(
      accessKeyID: "AKIDEXAMPLE", secretAccessKey: "hush", sessionToken: "whisper")
    var dumped = ""
    dump(credentials, to: &dumped)
    dump([credentials as Credentials?], to: &dumped)
    let texts = [
      "\(credentials)", String(describing: credentials), String(reflecting: credentials), "\([credentials])",
      "\(Optional(credentials) as Any)", dumped,
    ]
    for text in texts {
      #expect(text.contains("AKIDEXAMPLE"))
      #expect(!text.contains("hush") && !text.contains("whisper"), "\(text)")
    }
  }
}
