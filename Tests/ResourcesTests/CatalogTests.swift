import OrderedJSON
import Resources
import ServiceModels
import TestKit
import Testing

@Suite struct CatalogTests {
  let catalog: ResourceCatalog
  let models: ModelCatalog

  init() throws {
    catalog = try ResourceCatalog(directory: repositoryRoot + "/assets/resources")
    models = ModelCatalog(directory: repositoryRoot + "/assets/models")
  }

  @Test func `every operation and member of the catalogue is in the service models`() throws {
    #expect(try catalog.problems(models) == [])
  }

  @Test func `what a lab makes is known`() {
    let types: Set<String> = [
      "kms-key", "kms-alias", "kms-key-policy", "kms-grant", "s3-bucket", "s3-object", "s3-multipart-upload",
      "s3-bucket-encryption", "macie-session", "macie-job", "macie-automated-discovery",
      "iam-service-linked-role",
      "iam-role", "iam-role-policy", "iam-attached-role-policy", "logs-log-group", "ec2-vpc-endpoint",
      "ec2-security-group",
    ]
    #expect(types.subtracting(catalog.types.map(\.name)) == [])
  }

  @Test(arguments: [
    ("kms", "CreateKey", "creates kms-key"), ("kms", "ScheduleKeyDeletion", "deletes kms-key"),
    ("kms", "PutKeyPolicy", "sets kms-key-policy"), ("s3", "CreateBucket", "creates s3-bucket"),
    ("macie2", "EnableMacie", "creates macie-session, creates iam-service-linked-role"),
    ("macie2", "CreateClassificationJob", "creates macie-job, creates logs-log-group"),
    ("iam", "PutRolePolicy", "creates iam-role-policy"),
  ])
  func `an operation's own effect comes before what AWS does beside it`(
    _ service: String, _ operation: String, _ expected: String
  ) {
    let found = catalog.effects(of: service, operation)?.map { "\($0.verb) \($0.type)" }.joined(
      separator: ", ")
    #expect(found == expected)
  }

  @Test func `an operation without an entry is of unknown effect`() {
    #expect(catalog.effects(of: "kms", "ImportKeyMaterial") == nil)
    #expect(catalog.onlyReads("kms", "Decrypt"))
  }

  @Test func `teardown goes from what is inside to what it is in`() {
    for type in catalog.types {
      guard let parent = type.parent.flatMap({ catalog.type($0.type) }) else { continue }
      if parent.covers.contains(type.name) { continue }
      #expect(type.rank < parent.rank, "\(type.name) before \(parent.name)")
    }
  }

  @Test func `a KMS key is known by its id, however it is named`() throws {
    let type = try #require(catalog.type("kms-key"))
    let effect = try #require(catalog.effects(of: "kms", "ScheduleKeyDeletion")?.first)
    let around = OperationEffect.Surroundings(account: "111122223333", region: "us-east-1")
    for name in ["1234", "arn:aws:kms:us-east-1:111122223333:key/1234"] {
      let parts = effect.resources(
        in: around.document(input: ["KeyId": .string(name)], output: nil), type: type)
      #expect(parts.compactMap { type.identity(of: $0) } == ["1234"])
      #expect(parts.map { type.title(of: $0) } == ["KMS key 1234"])
    }
  }

  @Test func `an endpoint that was not deleted is not taken for deleted`() throws {
    let type = try #require(catalog.type("ec2-vpc-endpoint"))
    let effect = try #require(catalog.effects(of: "ec2", "DeleteVpcEndpoints")?.first)
    let around = OperationEffect.Surroundings(account: "111122223333", region: "us-east-1")
    let document = around.document(
      input: ["VpcEndpointIds": ["vpce-1", "vpce-2"]], output: ["Unsuccessful": [["ResourceId": "vpce-2"]]])
    #expect(effect.resources(in: document, type: type).compactMap { type.identity(of: $0) } == ["vpce-1"])
  }

  @Test(arguments: [
    ("kms-key", #"{"KeyMetadata":{"KeyState":"Enabled"}}"#, Reading.present),
    ("macie-job", #"{"jobStatus":"COMPLETE"}"#, .over), ("macie-job", #"{"jobStatus":"RUNNING"}"#, .present),
    ("ec2-vpc-endpoint", #"{"VpcEndpoints":[{"State":"deleting"}]}"#, .present),
    ("ec2-vpc-endpoint", #"{"VpcEndpoints":[{"State":"deleted"}]}"#, .absent),
    ("ec2-vpc-endpoint", #"{"VpcEndpoints":[]}"#, .absent), ("ec2-vpc-endpoint", "{}", .absent),
    ("kms-grant", #"{"Grants":[]}"#, .absent),
    ("logs-log-group", #"{"logGroups":[{"logGroupName":"g2"}]}"#, .absent),
    ("logs-log-group", #"{"logGroups":[{"logGroupName":"g"}]}"#, .present), ("logs-log-group", "{}", .absent),
  ])
  func `an answer tells what is there`(_ name: String, _ answer: String, _ expected: Reading) throws {
    let question = try #require(catalog.type(name)?.read)
    let about: JSON = ["logGroupName": "g", "jobId": "j", "KeyId": "k"]
    #expect(question.reading(Value(plain: try JSON.parse(answer)), about: about) == expected)
  }

  @Test(arguments: [
    ("macie-session", "AccessDeniedException", "Macie is not enabled.", Reading.absent as Reading?),
    ("macie-session", "AccessDeniedException", "User is not authorized", nil),
    ("kms-key", "NotFoundException", "x", .absent), ("s3-bucket", "404", "Not Found", .absent),
    ("s3-bucket", "403", "Forbidden", .foreign), ("iam-role", "NoSuchEntity", "x", .absent),
  ])
  func `an error tells what is there, or nothing`(
    _ name: String, _ code: String, _ message: String, _ expected: Reading?
  ) throws {
    let question = try #require(catalog.type(name)?.read)
    #expect(question.reading(ServiceFault(code: code, message: message, httpStatus: 400)) == expected)
  }
}
