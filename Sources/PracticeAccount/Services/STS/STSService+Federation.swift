import OrderedJSON
import ServiceModels
import Wire

/// Roles for those whom others vouch for. The account has no identity provider and no way to make one, so that the
/// answer is what STS says when the provider is not there. These calls are not signed.
extension STSService {
  static let federationRules: [String: OperationRule] = [
    "AssumeRoleWithWebIdentity": OperationRule(
      { (_, _) in [] },
      { (input, _) throws(ServiceFault) in
        try checkRoleARN(input.text("RoleArn"))
        try checkName(input.text("RoleSessionName"), "roleSessionName")
        if let provider = input["ProviderId"]?.string {
          throw fault("InvalidIdentityToken", "No provider \(provider) is known to the practice account")
        }
        guard let issuer = issuer(ofToken: input.text("WebIdentityToken")) else {
          throw fault(
            "InvalidIdentityToken",
            "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)")
        }
        throw fault("InvalidIdentityToken", "No OpenIDConnect provider found in your account for \(issuer)")
      }),
    "AssumeRoleWithSAML": OperationRule(
      { (_, _) in [] },
      { (input, _) throws(ServiceFault) in
        try checkRoleARN(input.text("RoleArn"))
        guard base64Decoded(input.text("SAMLAssertion")) != nil else {
          throw fault("InvalidIdentityToken", "Invalid base64 SAMLResponse")
        }
        throw fault("InvalidIdentityToken", "Specified provider doesn't exist")
      }),
  ]

  /// The issuer that a JSON Web Token names (RFC 7519); nil if it is none.
  private static func issuer(ofToken token: String) -> String? {
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[1].utf8.count <= 20_000 else { return nil }
    var text = String(parts[1].map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
    while text.utf8.count % 4 != 0 { text += "=" }
    guard let bytes = base64Decoded(text) else { return nil }
    return (try? JSON.parse(bytes: bytes))?["iss"]?.string
  }
}
