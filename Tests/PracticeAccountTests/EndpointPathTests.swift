import PracticeAccount
import ServiceModels
import SigV4
import Testing
import Wire

/// What comes by a VPC endpoint meets its policy, its security groups and conditions on it.
struct EndpointPathTests {
  private struct Lab {
    var test: TestAccount
    var vpc: String
    var group: String
    var endpoint: String

    /// The same call, sent to `host`.
    func error(_ service: String, _ operation: String, _ input: Value, host: String? = nil) async throws
      -> String
    {
      var request = try test.request(service, operation, input)
      request.headers["Host"] = (host ?? "\(endpoint).localhost") + ":4000"
      request.host = request.headers["Host"] ?? ""
      request.headers["Authorization"] = nil
      let context =
        service == "s3"
        ? SigningContext.s3(region: "us-east-1", date: test.clock.now)
        : SigningContext(region: "us-east-1", service: service, date: test.clock.now)
      let response = await test.account.respond(
        to: signed(request, with: test.account.accessKey, in: context))
      do {
        _ = try test.found(service, operation).response(response)
        return "none"
      } catch ProtocolError.fault(let fault) {
        return "\(fault.httpStatus) \(fault.code)"
      }
    }
  }

  /// An S3 interface endpoint of a group that lets HTTPS in, and a bucket.
  private func make(type: String = "Interface") async throws -> Lab {
    let test = try TestAccount()
    try await test.call("s3", "CreateBucket", ["Bucket": "lab-1"])
    let vpc = try #require(try await test.call("ec2", "DescribeVpcs").at("Vpcs.0.VpcId"))
    let group = try #require(
      try await test.call("ec2", "CreateSecurityGroup", ["GroupName": "g", "Description": "d"])["GroupId"])
    try await test.call(
      "ec2", "AuthorizeSecurityGroupIngress",
      ["GroupId": group, "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "172.31.0.0/16"])
    let subnet = try #require(try await test.call("ec2", "DescribeSubnets").at("Subnets.0.SubnetId"))
    let table = try #require(
      try await test.call("ec2", "DescribeRouteTables").at("RouteTables.0.RouteTableId"))
    var input: Fields = [
      "VpcId": vpc, "ServiceName": "com.amazonaws.us-east-1.s3", "VpcEndpointType": .string(type),
    ]
    if type == "Interface" {
      input["SubnetIds"] = [subnet]
      input["SecurityGroupIds"] = [group]
      input["PrivateDnsEnabled"] = false
    } else {
      input["RouteTableIds"] = [table]
    }
    let endpoint = try #require(
      try await test.call("ec2", "CreateVpcEndpoint", .object(input)).at("VpcEndpoint.VpcEndpointId")?.string)
    try test.account.clock.advance(seconds: 300)
    return Lab(test: test, vpc: vpc.string ?? "", group: group.string ?? "", endpoint: endpoint)
  }

  private static let object: Value = ["Bucket": "lab-1", "Key": "k"]

  @Test func `its policy decides, whatever else allows`() async throws {
    for type in ["Interface", "Gateway"] {
      let lab = try await make(type: type)
      #expect(try await lab.error("s3", "ListObjectsV2", ["Bucket": "lab-1"]) == "none")
      #expect(try await lab.error("s3", "PutObject", Self.object) == "none")
      // The lab's own mistake: the bucket's objects, not the bucket.
      let policy =
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::lab-1/*"}]}"#
      try await lab.test.call(
        "ec2", "ModifyVpcEndpoint",
        ["VpcEndpointId": .string(lab.endpoint), "PolicyDocument": .string(policy)])
      #expect(try await lab.error("s3", "GetObject", Self.object) == "none")
      #expect(try await lab.error("s3", "ListObjectsV2", ["Bucket": "lab-1"]) == "403 AccessDenied")
      #expect(try await lab.test.error("s3", "ListObjectsV2", ["Bucket": "lab-1"]) == "none")
      let remark = try #require(lab.test.account.remarks().last)
      #expect(remark.text.contains("VPC endpoint policy"), "\(remark.text)")
    }
  }

  @Test func `a bucket can ask for the endpoint, and the address is one of the VPC`() async throws {
    let lab = try await make()
    try await lab.test.call("s3", "PutObject", Self.object)
    for (condition, throughIt, pastIt) in [
      (#""StringNotEquals":{"aws:SourceVpce":"\#(lab.endpoint)"}"#, "none", "403 AccessDenied"),
      (#""StringNotEquals":{"aws:SourceVpc":"\#(lab.vpc)"}"#, "none", "403 AccessDenied"),
      (#""NotIpAddress":{"aws:VpcSourceIp":"172.31.0.4/32"}"#, "none", "403 AccessDenied"),
      (#""NotIpAddress":{"aws:SourceIp":"127.0.0.1/32"}"#, "403 AccessDenied", "none"),
    ] {
      let policy =
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::lab-1/*","Condition":{\#(condition)}}]}"#
      try await lab.test.call("s3", "PutBucketPolicy", ["Bucket": "lab-1", "Policy": .string(policy)])
      #expect(try await lab.error("s3", "GetObject", Self.object) == throughIt, "\(condition)")
      #expect(
        try await lab.error("s3", "GetObject", Self.object, host: "localhost") == pastIt, "\(condition)")
    }
  }

  @Test func `the bucket may stand in the host, as in the endpoint's DNS names`() async throws {
    let lab = try await make()
    let name = try #require(
      try await lab.test.call("ec2", "DescribeVpcEndpoints").at("VpcEndpoints.0.DnsEntries.0.DnsName")?.string
    )
    for host in [
      "\(lab.endpoint).localhost", "bucket.\(lab.endpoint).localhost", name.replacing("*", with: "bucket"),
    ] {
      #expect(try await lab.error("s3", "HeadBucket", ["Bucket": "lab-1"], host: host) == "none")
    }
    // Virtual-hosted: the path is empty, the host names the bucket.
    for host in ["lab-1.\(lab.endpoint).localhost", "lab-1.bucket.\(lab.endpoint).localhost"] {
      var request = try lab.test.request("s3", "ListObjectsV2", ["Bucket": "lab-1"])
      request.path = "/"
      request.headers["Host"] = host
      request.host = host
      let response = await lab.test.account.respond(to: lab.test.resigned(request))
      #expect(response.status == 200, "\(host)")
    }
  }

  /// Hosts that name no endpoint: S3 takes what stands before `localhost` for a bucket, others do not look.
  @Test(arguments: [
    "vpce-x", "vpce-", "vpce-0123456789abcdef", "vpce-0123456789abcdef01", "vpce-0123456789abcdefg",
    "xvpce-0123456789abcdef0",
    "vpce-0123456789abcdef0.example",
  ])
  func `what only looks like an endpoint is none`(name: String) async throws {
    let lab = try await make()
    #expect(try await lab.error("kms", "ListKeys", [:], host: name + ".localhost") == "none")
    var request = try lab.test.request("s3", "ListObjectsV2", ["Bucket": "lab-1"])
    request.path = "/"
    request.host = name + ".localhost"
    request.headers["Host"] = request.host
    #expect(await lab.test.account.respond(to: lab.test.resigned(request)).status == 404)
  }

  @Test func `what keeps a connection from coming about`() async throws {
    let lab = try await make()
    let list: Value = ["Bucket": "lab-1"]
    #expect(try await lab.error("kms", "ListKeys", [:]) == "503 EndpointUnreachable")
    #expect(
      try await lab.error("s3", "HeadBucket", list, host: "vpce-0123456789abcdef0.localhost") == "503 503")
    let group = Value.string(lab.group)
    try await lab.test.call(
      "ec2", "RevokeSecurityGroupIngress",
      ["GroupId": group, "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "172.31.0.0/16"])
    #expect(try await lab.error("s3", "ListObjectsV2", list) == "503 EndpointUnreachable")
    #expect(lab.test.account.remarks().last?.text.contains("port 443") == true)
    let home = try #require(
      try await lab.test.call("ec2", "DescribeSecurityGroups").at("SecurityGroups.0.GroupId"))
    try await lab.test.call(
      "ec2", "AuthorizeSecurityGroupIngress",
      ["GroupId": group, "IpPermissions": [["IpProtocol": "-1", "UserIdGroupPairs": [["GroupId": home]]]]])
    #expect(try await lab.error("s3", "ListObjectsV2", list) == "none")
    try await lab.test.call("ec2", "DeleteVpcEndpoints", ["VpcEndpointIds": [.string(lab.endpoint)]])
    #expect(try await lab.error("s3", "ListObjectsV2", list) == "503 EndpointUnreachable")
    let gateway = try await make(type: "Gateway")
    let table = try #require(
      try await gateway.test.call("ec2", "DescribeRouteTables").at("RouteTables.0.RouteTableId"))
    try await gateway.test.call(
      "ec2", "ModifyVpcEndpoint",
      ["VpcEndpointId": .string(gateway.endpoint), "RemoveRouteTableIds": [table]])
    #expect(try await gateway.error("s3", "ListObjectsV2", list) == "503 EndpointUnreachable")
  }
}
