import ServiceModels

/// Options that reach into an input's structures: `cloudwatch put-metric-data --value 1` for
/// `--metric-data '[{"Value": 1}]'`.
///
/// Source: AWS CLI v2 command reference, the operations named here; an option in it that is no member is a row.
struct PromotedOption {
  enum Form {
    /// As the member at the end of the path is read.
    case member
    /// `a=b,c=d` for a list of names and values.
    case pairs
  }

  var name: String
  /// Members from the input down; `[]` is the first element of a list.
  var path: [String]
  var form = Form.member

  init(_ name: String, _ path: String, _ form: Form = .member) {
    self.name = name
    self.path = path.split(separator: ".").map(String.init)
    self.form = form
  }
}

/// What the AWS CLI does to the options of one operation.
struct OptionChanges {
  var promoted: [PromotedOption] = []
  /// Required by the model, and not on the command line: something else may stand for them.
  var optional: Set<String> = []
  /// Options of the model that the command does not have.
  var dropped: Set<String> = []
  /// Options of the command that are not built in.
  var missing: Set<String> = []
  /// Missing options that the command line must have all the same.
  var missingRequired: Set<String> = []
  /// Options of which the first group excludes the second, with the names of the complaint.
  var exclusive: [(one: [String], other: [String])] = []

  static func of(_ command: String, _ operation: String) -> OptionChanges {
    table["\(command) \(operation)"] ?? OptionChanges()
  }

  private static let image = [PromotedOption("image-bytes", "Image.Bytes")]
  private static let imageChanges = OptionChanges(promoted: image, optional: ["image"])

  private static let table: [String: OptionChanges] = [
    "cloudfront create-distribution": OptionChanges(
      optional: ["distribution-config"], missing: ["default-root-object", "origin-domain-name"]),
    "cloudfront create-invalidation": OptionChanges(
      optional: ["invalidation-batch"], exclusive: [(["invalidation-batch"], ["paths"])]),
    "cloudfront update-distribution": OptionChanges(
      optional: ["distribution-config"], missing: ["default-root-object"]),
    "cloudsearch define-expression": OptionChanges(
      dropped: ["expression"], missingRequired: ["expression", "name"]),
    "cloudsearch define-index-field": OptionChanges(
      dropped: ["index-field"],
      missing: [
        "analysis-scheme", "default-value", "facet-enabled", "highlight-enabled", "return-enabled",
        "search-enabled", "sort-enabled", "source-field",
      ], missingRequired: ["name", "type"]),
    "cloudwatch put-metric-data": OptionChanges(
      promoted: [
        PromotedOption("metric-name", "MetricData.[].MetricName"),
        PromotedOption("timestamp", "MetricData.[].Timestamp"), PromotedOption("unit", "MetricData.[].Unit"),
        PromotedOption("value", "MetricData.[].Value"),
        PromotedOption("dimensions", "MetricData.[].Dimensions", .pairs),
        PromotedOption("statistic-values", "MetricData.[].StatisticValues"),
        PromotedOption("storage-resolution", "MetricData.[].StorageResolution"),
      ], optional: ["metric-data"],
      exclusive: [
        (
          ["metric-data"], ["metric-name", "timestamp", "unit", "value", "dimensions", "statistic-values"]
        )
      ]),
    "configservice put-configuration-recorder": OptionChanges(
      promoted: [PromotedOption("recording-group", "ConfigurationRecorder.recordingGroup")]),
    "deploy create-deployment": OptionChanges(
      promoted: [
        PromotedOption("s3-location", "revision.s3Location"),
        PromotedOption("github-location", "revision.gitHubLocation"),
      ]),
    "deploy get-application-revision": OptionChanges(
      promoted: [
        PromotedOption("s3-location", "revision.s3Location"),
        PromotedOption("github-location", "revision.gitHubLocation"),
      ], optional: ["revision"]),
    "deploy register-application-revision": OptionChanges(
      promoted: [
        PromotedOption("s3-location", "revision.s3Location"),
        PromotedOption("github-location", "revision.gitHubLocation"),
      ], optional: ["revision"]),
    "datapipeline activate-pipeline": OptionChanges(missing: ["parameter-values-uri"]),
    "datapipeline put-pipeline-definition": OptionChanges(
      dropped: ["pipeline-objects"], missing: ["parameter-values-uri"],
      missingRequired: ["pipeline-definition"]),
    "ec2 bundle-instance": OptionChanges(
      optional: ["storage"], missing: ["bucket", "owner-akid", "owner-sak", "policy", "prefix"]),
    "ec2 get-password-data": OptionChanges(missing: ["priv-launch-key"]),
    "emr list-clusters": OptionChanges(missing: ["active", "failed", "terminated"]),
    "iot create-certificate-from-csr": OptionChanges(missing: ["certificate-pem-outfile"]),
    "iot create-keys-and-certificate": OptionChanges(
      missing: ["certificate-pem-outfile", "private-key-outfile", "public-key-outfile"]),
    "lambda create-function": OptionChanges(
      promoted: [PromotedOption("zip-file", "Code.ZipFile")], optional: ["code"]),
    "lambda publish-layer-version": OptionChanges(
      promoted: [PromotedOption("zip-file", "Content.ZipFile")], optional: ["content"]),
    "quicksight start-asset-bundle-import-job": OptionChanges(
      promoted: [PromotedOption("asset-bundle-import-source-bytes", "AssetBundleImportSource.Body")],
      optional: ["asset-bundle-import-source"]),
    "rds add-option-to-option-group": OptionChanges(dropped: ["options-to-remove"]),
    "rds remove-option-from-option-group": OptionChanges(dropped: ["options-to-include"]),
    "rekognition compare-faces": OptionChanges(
      promoted: [
        PromotedOption("source-image-bytes", "SourceImage.Bytes"),
        PromotedOption("target-image-bytes", "TargetImage.Bytes"),
      ], optional: ["source-image", "target-image"]),
    "rekognition detect-custom-labels": imageChanges,
    "rekognition detect-faces": imageChanges,
    "rekognition detect-labels": imageChanges,
    "rekognition detect-moderation-labels": imageChanges,
    "rekognition detect-protective-equipment": imageChanges,
    "rekognition detect-text": imageChanges,
    "rekognition index-faces": imageChanges,
    "rekognition recognize-celebrities": imageChanges,
    "rekognition search-faces-by-image": imageChanges,
    "rekognition search-users-by-image": imageChanges,
    "ses send-email": OptionChanges(
      promoted: [
        PromotedOption("to", "Destination.ToAddresses"), PromotedOption("cc", "Destination.CcAddresses"),
        PromotedOption("bcc", "Destination.BccAddresses"), PromotedOption("subject", "Message.Subject.Data"),
        PromotedOption("text", "Message.Body.Text.Data"), PromotedOption("html", "Message.Body.Html.Data"),
      ], optional: ["destination", "message"],
      exclusive: [(["destination"], ["to", "cc", "bcc"]), (["message"], ["text", "html"])]),
    "translate import-terminology": OptionChanges(
      promoted: [PromotedOption("data-file", "TerminologyData.File")], optional: ["terminology-data"]),
    "translate translate-document": OptionChanges(
      promoted: [PromotedOption("document-content", "Document.Content")]),
  ]
}

extension OptionChanges {
  /// Complains of options that exclude each other, and of those that are not built in.
  func check(_ parsed: ParsedArguments) throws(CommandFailure) {
    for name in missing.sorted() + missingRequired.sorted() where parsed.has(name) {
      throw .notBuilt("The option --\(name)")
    }
    for (one, other) in exclusive {
      guard let given = one.first(where: { parsed.has($0) }), other.contains(where: { parsed.has($0) }) else {
        continue
      }
      let names = other.map { $0.replacing("-", with: "_") }.joined(separator: ", ")
      throw .parameter(
        "The key \"\(given.replacing("-", with: "_"))\" cannot be specified when one of the following keys are "
          + "also specified: \(names)")
    }
  }
}

extension Fields {
  /// Sets a value deep inside, making the structures and lists on the way.
  mutating func set(_ value: Value, at path: ArraySlice<String>) {
    guard let name = path.first else { return }
    let rest = path.dropFirst()
    guard let next = rest.first else {
      self[name] = value
      return
    }
    if next == "[]" {
      var items = self[name]?.list ?? []
      var first = items.first?.object ?? Fields()
      first.set(value, at: rest.dropFirst())
      if items.isEmpty { items = [.object(first)] } else { items[0] = .object(first) }
      self[name] = .list(items)
    } else {
      var inner = self[name]?.object ?? Fields()
      inner.set(value, at: rest)
      self[name] = .object(inner)
    }
  }
}

extension Shape {
  /// The member at the end of a path; nil if the model has no such member.
  func member(at path: ArraySlice<String>) -> Member? {
    var shape = self
    var found: Member?
    for name in path {
      guard let member = name == "[]" ? shape.element : shape.member(name) else { return nil }
      found = member
      shape = member.shape
    }
    return found
  }
}
