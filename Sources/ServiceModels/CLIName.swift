/// The name under which the AWS CLI offers an operation or a parameter: `CreateKey` is `create-key`.
///
/// The rules are botocore's `xform_name`: a break before a capital that small letters follow, a break
/// between a small letter or digit and a capital, and a plural of an acronym (`ListWebACLs`) kept together.
package func cliName(_ name: String) -> String {
  if let exception = exceptions[name] { return exception }
  if name.utf8.contains(0x2D) { return name }
  var letters = Array(name.utf8)
  if endsInPluralAcronym(letters) {
    // ListWebACLs: the acronym becomes one word of its own, "-acls".
    var start = letters.count - 1
    while start > 0, isUpper(letters[start - 1]) { start -= 1 }
    // The pattern is greedy from the left: all capitals before the final s belong to it.
    var head = Array(letters[..<start])
    head.append(0x2D)
    for letter in letters[start...] { head.append(lowered(letter)) }
    letters = head
  }
  letters = brokenBeforeCapitalisedWords(letters)
  letters = brokenAfterSmallLetters(letters)
  return String(decoding: letters.map(lowered), as: UTF8.self)
}

/// `(.)([A-Z][a-z]+)` becomes `\1-\2`, from the left, without overlaps.
private func brokenBeforeCapitalisedWords(_ text: [UInt8]) -> [UInt8] {
  var out: [UInt8] = []
  var i = 0
  while i < text.count {
    if i + 2 < text.count, isUpper(text[i + 1]), isLower(text[i + 2]) {
      out += [text[i], 0x2D, text[i + 1]]
      i += 2
      while i < text.count, isLower(text[i]) {
        out.append(text[i])
        i += 1
      }
    } else {
      out.append(text[i])
      i += 1
    }
  }
  return out
}

/// `([a-z0-9])([A-Z])` becomes `\1-\2`.
private func brokenAfterSmallLetters(_ text: [UInt8]) -> [UInt8] {
  var out: [UInt8] = []
  var i = 0
  while i < text.count {
    out.append(text[i])
    if i + 1 < text.count, isLower(text[i]) || isDigit(text[i]), isUpper(text[i + 1]) {
      out += [0x2D, text[i + 1]]
      i += 1
    }
    i += 1
  }
  return out
}

/// `[A-Z]{2,}s$`
private func endsInPluralAcronym(_ text: [UInt8]) -> Bool {
  text.count >= 3 && text[text.count - 1] == 0x73 && isUpper(text[text.count - 2])
    && isUpper(text[text.count - 3])
}

private func isUpper(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5A }
private func isLower(_ byte: UInt8) -> Bool { byte >= 0x61 && byte <= 0x7A }
private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
private func lowered(_ byte: UInt8) -> UInt8 { isUpper(byte) ? byte | 0x20 : byte }

/// Names that the rules would cut in the wrong place (botocore's own list).
private let exceptions: [String: String] = [
  "AssociateWhatsAppBusinessAccount": "associate-whatsapp-business-account",
  "CreateCachediSCSIVolume": "create-cached-iscsi-volume",
  "CreateStorediSCSIVolume": "create-stored-iscsi-volume",
  "CreateWhatsAppMessageTemplate": "create-whatsapp-message-template",
  "CreateWhatsAppMessageTemplateFromLibrary": "create-whatsapp-message-template-from-library",
  "CreateWhatsAppMessageTemplateMedia": "create-whatsapp-message-template-media",
  "DeleteWhatsAppMessageMedia": "delete-whatsapp-message-media",
  "DeleteWhatsAppMessageTemplate": "delete-whatsapp-message-template",
  "DescribeCachediSCSIVolumes": "describe-cached-iscsi-volumes",
  "DescribeStorediSCSIVolumes": "describe-stored-iscsi-volumes",
  "DisassociateWhatsAppBusinessAccount": "disassociate-whatsapp-business-account",
  "ExecutePartiQLBatch": "execute-partiql-batch",
  "ExecutePartiQLStatement": "execute-partiql-statement",
  "ExecutePartiQLTransaction": "execute-partiql-transaction",
  "GetLinkedWhatsAppBusinessAccount": "get-linked-whatsapp-business-account",
  "GetLinkedWhatsAppBusinessAccountPhoneNumber": "get-linked-whatsapp-business-account-phone-number",
  "GetOTelEnrichment": "get-otel-enrichment",
  "GetWhatsAppMessageMedia": "get-whatsapp-message-media",
  "GetWhatsAppMessageTemplate": "get-whatsapp-message-template",
  "ListHITsForQualificationType": "list-hits-for-qualification-type",
  "ListLinkedWhatsAppBusinessAccounts": "list-linked-whatsapp-business-accounts",
  "ListWhatsAppMessageTemplates": "list-whatsapp-message-templates",
  "ListWhatsAppTemplateLibrary": "list-whatsapp-template-library",
  "PostWhatsAppMessageMedia": "post-whatsapp-message-media",
  "PutWhatsAppBusinessAccountEventDestinations": "put-whatsapp-business-account-event-destinations",
  "SendWhatsAppMessage": "send-whatsapp-message",
  "StartOTelEnrichment": "start-otel-enrichment",
  "StopOTelEnrichment": "stop-otel-enrichment",
  "UpdateWhatsAppMessageTemplate": "update-whatsapp-message-template",
]
