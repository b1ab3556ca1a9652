import Resources
import ServiceModels
import TestKit
import Testing

@Suite struct CatalogReaderTests {
  @Test(arguments: [
    ("{", "x.json: line 1, column"),
    (#"{"service":"kms","typs":[]}"#, "x.json: typs: there is no member of this name"),
    (
      #"{"service":"kms","types":[{"type":"a","title":"A","key":["K"]}]}"#,
      "types[0].rank: a whole number is missing"
    ),
    (
      #"{"service":"kms","types":[{"type":"a","title":"A","key":[],"rank":1}]}"#,
      "types[0].key: at least one part"
    ),
    (
      #"{"service":"kms","types":[{"type":"a","title":"A","key":["K"],"rank":1,"read":{"operation":"R","present":"a[["}}]}"#,
      "types[0].read.present"
    ),
    (
      #"{"service":"kms","types":[{"type":"a","title":"A","key":["K"],"rank":1,"parent":{"type":"b","key":["K"]}}]}"#,
      "there is no type b"
    ),
    (
      #"{"service":"kms","types":[{"type":"a","title":"A","key":["K"],"rank":1,"creates":[{"operation":"C","prts":{}}]}]}"#,
      "types[0].creates[0].prts: there is no member of this name"
    ),
  ])
  func `a wrong entry is refused with its place`(_ text: String, _ expected: String) {
    let error = #expect(throws: CatalogError.self) {
      try ResourceCatalog(files: [(name: "x.json", text: Array(text.utf8))])
    }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
  }

  @Test(arguments: [
    (#""read":{"operation":"DescribeKy"}"#, "a.read: kms has no operation DescribeKy"),
    (#""read":{"operation":"DescribeKey"}"#, "a.read: DescribeKey needs KeyId"),
    (#""read":{"operation":"DescribeKey","input":{"KeyId":"=K","X":1}}"#, "a.read: no member X"),
    (
      #""read":{"operation":"DescribeKey","input":{"KeyId":"=K"},"created":"KeyMetadata.Arn"}"#,
      "a.read: no timestamp at KeyMetadata.Arn"
    ),
    (
      #""creates":[{"operation":"CreateKey","parts":{"K":"output.KeyMetadata.Id"}}]"#,
      "a.creates CreateKey.parts.K: finds nothing"
    ),
    (
      #""remove":[{"each":{"operation":"ListKeys","items":"output.Kys","title":"k"},"call":"DisableKey","input":{"KeyId":"=K"}}]"#,
      "a.remove[0].each.items: finds nothing"
    ),
  ])
  func `an entry that differs from the service models is named`(_ member: String, _ expected: String) throws {
    let text = #"{"service":"kms","types":[{"type":"a","title":"A","key":["K"],"rank":1,\#(member)}]}"#
    let catalog = try ResourceCatalog(files: [(name: "x.json", text: Array(text.utf8))])
    let models = ModelCatalog(directory: repositoryRoot + "/assets/models")
    #expect(try catalog.problems(models) == [expected])
  }
}
