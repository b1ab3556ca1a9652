import TestKit
import Testing
import Wire

@testable import ServiceModels

@Suite struct RoutingTests {
  @Test(
    arguments: [
      ("GET", "127.0.0.1:80", "/", "", "ListBuckets"),
      ("GET", "127.0.0.1:80", "/", "x-id=ListDirectoryBuckets", "ListDirectoryBuckets"),
      ("PUT", "127.0.0.1:80", "/lab", "", "CreateBucket"),
      ("PUT", "127.0.0.1:80", "/lab/", "", "CreateBucket"),
      ("DELETE", "127.0.0.1:80", "/lab", "", "DeleteBucket"),
      ("HEAD", "127.0.0.1:80", "/lab", "", "HeadBucket"),
      ("GET", "127.0.0.1:80", "/lab", "list-type=2&prefix=&encoding-type=url", "ListObjectsV2"),
      ("GET", "127.0.0.1:80", "/lab", "prefix=a", "ListObjects"),
      ("GET", "127.0.0.1:80", "/lab", "versions", "ListObjectVersions"),
      ("GET", "127.0.0.1:80", "/lab", "versions=", "ListObjectVersions"),
      ("GET", "127.0.0.1:80", "/lab", "uploads", "ListMultipartUploads"),
      ("GET", "127.0.0.1:80", "/lab", "encryption", "GetBucketEncryption"),
      ("PUT", "127.0.0.1:80", "/lab", "encryption", "PutBucketEncryption"),
      ("POST", "127.0.0.1:80", "/lab", "delete", "DeleteObjects"),
      ("PUT", "127.0.0.1:80", "/lab/a/b.csv", "", "PutObject"),
      ("PUT", "127.0.0.1:80", "/lab/a/b.csv", "x-id=PutObject", "PutObject"),
      ("PUT", "127.0.0.1:80", "/lab/k", "partNumber=1&uploadId=u", "UploadPart"),
      ("POST", "127.0.0.1:80", "/lab/k", "uploads", "CreateMultipartUpload"),
      ("POST", "127.0.0.1:80", "/lab/k", "uploadId=u", "CompleteMultipartUpload"),
      ("DELETE", "127.0.0.1:80", "/lab/k", "uploadId=u", "AbortMultipartUpload"),
      ("DELETE", "127.0.0.1:80", "/lab/k", "versionId=v", "DeleteObject"),
      ("GET", "127.0.0.1:80", "/lab/k", "uploadId=u", "ListParts"),
      ("GET", "127.0.0.1:80", "/lab/k", "tagging", "GetObjectTagging"),
      ("GET", "127.0.0.1:80", "/lab", "lifecycle", "GetBucketLifecycleConfiguration"),
      ("PUT", "lab.localhost:80", "/", "", "CreateBucket"),
      ("PUT", "lab.localhost:80", "/a/b.csv", "", "PutObject"),
      ("GET", "my.lab.s3.us-east-1.amazonaws.com", "/k", "", "GetObject"),
      ("GET", "s3.us-east-1.amazonaws.com", "/", "", "ListBuckets"),
      ("PATCH", "127.0.0.1:80", "/lab", "", nil),
      ("GET", "127.0.0.1:80", "/lab", "analytics", "ListBucketAnalyticsConfigurations"),
      ("GET", "127.0.0.1:80", "/lab", "analytics&id=1", "GetBucketAnalyticsConfiguration"),
    ] as [(String, String, String, String, String?)])
  func `S3 requests find their operation`(
    method: String, host: String, path: String, query: String, name: String?
  ) throws {
    let model = try bundle.model("s3")
    let request = HTTPRequest(method: method, scheme: "http", host: host, path: path, query: query)
    #expect(model.route(request)?.name == name)
    if host.hasPrefix("lab.") || host.hasPrefix("my.lab."), let operation = model.route(request) {
      let input = try operation.input(from: request)
      #expect(input["Bucket"]?.string == (host.hasPrefix("lab.") ? "lab" : "my.lab"))
    }
  }

  @Test func `a copy is told from an upload by its source`() throws {
    let model = try bundle.model("s3")
    var request = HTTPRequest(
      method: "PUT", host: "127.0.0.1", path: "/lab/k", headers: ["X-Amz-Copy-Source": "/a/b"])
    #expect(model.route(request)?.name == "CopyObject")
    request.query = "partNumber=2&uploadId=u"
    #expect(model.route(request)?.name == "UploadPartCopy")
  }

  @Test(
    arguments: [
      ("kms", "TrentService.CreateKey", "CreateKey"), ("kms", "TrentService.Bogus", nil),
      ("kms", "Other.CreateKey", nil),
      ("kms", "", nil), ("logs", "Logs_20140328.DescribeLogGroups", "DescribeLogGroups"),
    ] as [(String, String, String?)])
  func `json requests name their target`(service: String, target: String, name: String?) throws {
    let request = HTTPRequest(method: "POST", host: "h", headers: ["X-Amz-Target": target])
    #expect(try bundle.model(service).route(request)?.name == name)
  }

  @Test(
    arguments: [
      ("sts", "Action=GetCallerIdentity&Version=2011-06-15", "", "GetCallerIdentity"),
      ("iam", "Version=2010-05-08&Action=CreateRole", "", "CreateRole"),
      ("sts", "", "Action=GetCallerIdentity", "GetCallerIdentity"),
      ("ec2", "Action=DescribeVpcs", "", "DescribeVpcs"), ("ec2", "Action=Bogus", "", nil),
      ("ec2", "", "", nil),
    ] as [(String, String, String, String?)])
  func `query requests name their action`(service: String, body: String, query: String, name: String?) throws
  {
    let request = HTTPRequest(method: "POST", host: "h", query: query, body: .bytes(Array(body.utf8)))
    #expect(try bundle.model(service).route(request)?.name == name)
  }

  @Test(
    arguments: [
      ("POST", "/macie", "EnableMacie"), ("DELETE", "/macie", "DisableMacie"),
      ("GET", "/jobs/abc", "DescribeClassificationJob"),
      ("POST", "/jobs/list", "ListClassificationJobs"), ("POST", "/findings/describe", "GetFindings"),
      ("GET", "/tags/arn%3Aaws%3Amacie2%3Aus-east-1%3A1%3Aclassification-job%2Fx", "ListTagsForResource"),
      ("GET", "/nosuch", nil),
    ] as [(String, String, String?)])
  func `rest-json requests find their operation`(method: String, path: String, name: String?) throws {
    let request = HTTPRequest(method: method, host: "127.0.0.1", path: path)
    #expect(try bundle.model("macie2").route(request)?.name == name)
  }
}
