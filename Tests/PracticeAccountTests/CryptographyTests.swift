import PracticeAccount
import ServiceModels
import Testing
import Wire

/// Keys that really encrypt.
struct CryptographyTests {
  private func ciphertext(
    _ test: TestAccount, _ key: String, _ text: String = "secret", _ context: Value = [:]
  ) async throws -> Value {
    let output = try await test.call(
      "kms", "Encrypt",
      ["KeyId": .string(key), "Plaintext": .blob(Array(text.utf8)), "EncryptionContext": context])
    return try #require(output["CiphertextBlob"])
  }

  @Test func `what was encrypted is decrypted, by its own key and in its own context`() async throws {
    let test = try TestAccount()
    let key = try await test.makeKey()
    let other = try await test.makeKey()
    let blob = try await ciphertext(test, key, "secret", ["purpose": "lab"])
    let output = try await test.call(
      "kms", "Decrypt", ["CiphertextBlob": blob, "EncryptionContext": ["purpose": "lab"]])
    #expect(output["Plaintext"] == .blob(Array("secret".utf8)))
    #expect(output["KeyId"]?.string == "arn:aws:kms:us-east-1:111122223333:key/\(key)")
    let rows: [(Value, String)] = [
      (["CiphertextBlob": blob], "400 InvalidCiphertextException: "),
      (["CiphertextBlob": blob, "EncryptionContext": ["purpose": "x"]], "400 InvalidCiphertextException: "),
      (
        ["CiphertextBlob": blob, "EncryptionContext": ["purpose": "lab"], "KeyId": .string(other)],
        "400 IncorrectKeyException: The key ID in the request does not identify a CMK that can perform this operation."
      ),
      (["CiphertextBlob": "abc"], "400 InvalidCiphertextException: "),
      (
        ["CiphertextBlob": blob, "EncryptionContext": ["purpose": "lab"], "DryRun": true],
        "412 DryRunOperationException: The request would have succeeded, but the DryRun option is set."
      ),
    ]
    for (input, expected) in rows {
      #expect(try await test.error("kms", "Decrypt", input) == expected)
    }
  }

  @Test func `one bit more or less is another text`() async throws {
    let test = try TestAccount()
    let key = try await test.makeKey()
    guard case .blob(let blob) = try await ciphertext(test, key) else { return }
    for place in blob.indices {
      var damaged = blob
      damaged[place] ^= 1
      #expect(
        try await test.error("kms", "Decrypt", ["CiphertextBlob": .blob(damaged)])
          == "400 InvalidCiphertextException: ", "byte \(place)")
    }
  }

  @Test func `material that was rotated away still decrypts`() async throws {
    let test = try TestAccount()
    let key = try await test.makeKey()
    let old = try await ciphertext(test, key)
    try await test.call("kms", "EnableKeyRotation", ["KeyId": .string(key), "RotationPeriodInDays": 90])
    try await test.call("kms", "RotateKeyOnDemand", ["KeyId": .string(key)])
    try test.account.clock.advance(seconds: 91 * 86_400)
    let new = try await ciphertext(test, key)
    for blob in [old, new] {
      #expect(
        try await test.call("kms", "Decrypt", ["CiphertextBlob": blob])["Plaintext"]
          == .blob(Array("secret".utf8)))
    }
    let rotations = try await test.call("kms", "ListKeyRotations", ["KeyId": .string(key)])["Rotations"]
    #expect(rotations?.list?.compactMap { $0["RotationType"]?.string } == ["ON_DEMAND", "AUTOMATIC"])
  }

  @Test func `a data key is what its ciphertext holds`() async throws {
    let test = try TestAccount()
    let key = try await test.makeKey()
    let made = try await test.call("kms", "GenerateDataKey", ["KeyId": .string(key), "KeySpec": "AES_256"])
    let blob = try #require(made["CiphertextBlob"])
    #expect(made["Plaintext"]?.blob?.count == 32)
    #expect(try await test.call("kms", "Decrypt", ["CiphertextBlob": blob])["Plaintext"] == made["Plaintext"])
  }

  /// Developer guide, "Key states": what a key that is disabled or on its way out refuses.
  @Test func `a key that may not be used refuses`() async throws {
    let test = try TestAccount()
    let key = try await test.makeKey()
    let arn = "arn:aws:kms:us-east-1:111122223333:key/\(key)"
    let blob = try await ciphertext(test, key)
    let calls: [(String, Value)] = [
      ("Encrypt", ["KeyId": .string(key), "Plaintext": "x"]), ("Decrypt", ["CiphertextBlob": blob]),
      ("ReEncrypt", ["CiphertextBlob": blob, "DestinationKeyId": .string(key)]),
      ("GenerateDataKey", ["KeyId": .string(key), "KeySpec": "AES_128"]),
      ("GenerateDataKeyWithoutPlaintext", ["KeyId": .string(key), "KeySpec": "AES_128"]),
      ("EnableKeyRotation", ["KeyId": .string(key)]), ("DisableKeyRotation", ["KeyId": .string(key)]),
      ("RotateKeyOnDemand", ["KeyId": .string(key)]),
    ]
    try await test.call("kms", "DisableKey", ["KeyId": .string(key)])
    for (operation, input) in calls {
      #expect(
        try await test.error("kms", operation, input) == "400 DisabledException: \(arn) is disabled.",
        "\(operation)")
    }
    try await test.call("kms", "ScheduleKeyDeletion", ["KeyId": .string(key)])
    for (operation, input) in calls {
      #expect(
        try await test.error("kms", operation, input)
          == "400 KMSInvalidStateException: \(arn) is pending deletion.",
        "\(operation)")
    }
  }

  @Test(
    arguments: [
      (
        "Encrypt", ["Plaintext": .blob([UInt8](repeating: 1, count: 4097))],
        "400 ValidationException: 1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096"
      ),
      (
        "GenerateDataKey", ["KeySpec": "AES_256", "NumberOfBytes": 1],
        "400 ValidationException: Please specify either number of bytes or key spec."
      ),
      ("GenerateDataKey", [:], "400 ValidationException: Please specify either number of bytes or key spec."),
      (
        "EnableKeyRotation", ["RotationPeriodInDays": 89],
        "400 ValidationException: 1 validation error detected: Value '89' at 'rotationPeriodInDays' failed to satisfy constraint: Member must have value greater than or equal to 90"
      ),
    ] as [(String, Value, String)])
  func `wrong sizes are refused`(operation: String, input: Value, expected: String) async throws {
    let test = try TestAccount()
    var fields = input.object ?? [:]
    fields["KeyId"] = .string(try await test.makeKey())
    #expect(try await test.error("kms", operation, .object(fields)) == expected)
  }
}
