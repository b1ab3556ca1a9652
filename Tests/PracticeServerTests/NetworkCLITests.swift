import Foundation
import PracticeAccount
import PracticeServer
import Testing

/// AWS CLI v2 and boto3, unmodified, build a network around VPC endpoints, tag things, and go through an endpoint.
@Suite(.serialized)
struct NetworkCLITests {
  private static let steps: [CommandRow] = [
    CommandRow(
      "VPC_ID=$(aws ec2 describe-vpcs --filters Name=is-default,Values=true --query 'Vpcs[0].VpcId' --output text); echo $VPC_ID",
      0, "^vpc-[0-9a-f]{17}\n$"),
    CommandRow(
      "SUBNET_ID=$(aws ec2 describe-subnets --filters Name=vpc-id,Values=$VPC_ID --query 'Subnets[0].SubnetId' --output text); echo $SUBNET_ID",
      0, "^subnet-[0-9a-f]{17}\n$"),
    CommandRow(
      #"LAB_GROUP=$(aws ec2 create-security-group --group-name endpoint --description "HTTPS from the VPC" --vpc-id $VPC_ID --query GroupId --output text); echo $LAB_GROUP"#,
      0, "^sg-[0-9a-f]{17}\n$"),
    CommandRow(
      "aws ec2 authorize-security-group-ingress --group-id $LAB_GROUP --protocol tcp --port 443 --cidr 172.31.0.0/16",
      0, #"(?s)"SecurityGroupRuleId": "sgr-.*"CidrIpv4": "172.31.0.0/16""#),
    CommandRow(
      "aws ec2 authorize-security-group-ingress --group-id $LAB_GROUP --protocol tcp --port 443 --cidr 172.31.0.0/16",
      254,
      error:
        "(InvalidPermission.Duplicate) when calling the AuthorizeSecurityGroupIngress operation: the specified rule \"peer: "
        + "172.31.0.0/16, TCP, from port: 443, to port: 443, ALLOW\" already exists"),
    CommandRow(
      "ENDPOINT_ID=$(aws ec2 create-vpc-endpoint --vpc-id $VPC_ID --service-name com.amazonaws.us-east-1.s3 --vpc-endpoint-type Interface --subnet-ids $SUBNET_ID --security-group-ids $LAB_GROUP --no-private-dns-enabled --tag-specifications 'ResourceType=vpc-endpoint,Tags=[{Key=lab,Value=x}]' --query VpcEndpoint.VpcEndpointId --output text); echo $ENDPOINT_ID",
      0, "^vpce-[0-9a-f]{17}\n$"),
    CommandRow(
      "aws ec2 delete-security-group --group-id $LAB_GROUP", 254, error: "(DependencyViolation)"),
    CommandRow(
      "aws ec2 delete-subnet --subnet-id $SUBNET_ID --dry-run", 254, error: "(DependencyViolation)"),
    CommandRow(
      "aws ec2 create-vpc --cidr-block 10.0.0.0/16 --dry-run", 254,
      error:
        "(DryRunOperation) when calling the CreateVpc operation: Request would have succeeded, but DryRun flag is set."
    ),
    CommandRow(
      "aws resourcegroupstaggingapi get-resources --tag-filters Key=lab,Values=x --resource-type-filters ec2:vpc-endpoint --query 'ResourceTagMappingList[].ResourceARN' --output text",
      0, "^arn:aws:ec2:us-east-1:111122223333:vpc-endpoint/vpce-[0-9a-f]{17}\n$"),
    CommandRow(
      "aws resourcegroupstaggingapi tag-resources --resource-arn-list arn:aws:s3:::none-1 arn:aws:ec2:us-east-1:111122223333:vpc/$VPC_ID --tags lab=y",
      0, #"(?s)"arn:aws:s3:::none-1": \{.*"StatusCode": 404,.*"ErrorCode": "NoSuchBucket""#),
    CommandRow(
      "aws resourcegroupstaggingapi get-tag-values --key lab --query TagValues --output text", 0, "^x\ty\n$"),
    CommandRow(
      "aws resourcegroupstaggingapi untag-resources --resource-arn-list arn:aws:ec2:us-east-1:111122223333:vpc/$VPC_ID --tag-keys lab",
      0, #""FailedResourcesMap": \{\}"#),
    CommandRow(
      "aws ec2 modify-vpc-endpoint --vpc-endpoint-id $ENDPOINT_ID --remove-security-group-ids $LAB_GROUP",
      254,
      error: "must have at least one security group"),
    CommandRow(
      "aws ec2 delete-vpc-endpoints --vpc-endpoint-ids $ENDPOINT_ID", 0, #""Unsuccessful": \[\]"#),
  ]

  private static let afterwards: [CommandRow] = [
    CommandRow(
      "aws ec2 describe-vpc-endpoints --vpc-endpoint-ids $ENDPOINT_ID", 254,
      error: "(InvalidVpcEndpointId.NotFound)"),
    CommandRow("aws ec2 delete-security-group --group-id $LAB_GROUP"),
  ]

  @Test(.enabled(if: awsCLI != nil, "no AWS CLI v2 on this machine"))
  func `an endpoint with a group of its own, tagged, and gone without a trace`() async throws {
    let aws = try #require(awsCLI)
    try await withServer { account, server in
      let fresh = account.dump()
      let session = try CommandSession(server)
      try await session.run(Self.steps, aws: aws, endpoint: server.endpointURL)
      try account.clock.advance(seconds: 600)
      var rows = Self.afterwards
      // Later versions print the group's id.
      rows[1].output = ""
      try await session.run(rows, aws: aws, endpoint: server.endpointURL)
      #expect(account.dump() == fresh)
    }
  }

  /// Names under `localhost` are this machine's (RFC 6761); not every resolver knows, so that the script says it.
  private static let script = """
    import boto3, json, os, socket, sys
    from botocore.config import Config
    from botocore.exceptions import ClientError
    ask = socket.getaddrinfo
    socket.getaddrinfo = lambda host, *rest, **more: ask('127.0.0.1' if str(host).endswith('localhost') else host, *rest, **more)
    url = os.environ['AWS_ENDPOINT_URL']
    ec2, s3 = (boto3.client(n, endpoint_url=url) for n in ('ec2', 's3'))
    def same(found, expected):
        if found != expected: sys.exit(f'{found!r} is not {expected!r}')
    def code(call, **input):
        try: call(**input)
        except ClientError as e: return e.response['Error']['Code']
        return 'none'
    s3.create_bucket(Bucket='lab-1')
    vpc = ec2.create_vpc(CidrBlock='10.0.0.0/16')['Vpc']['VpcId']
    ec2.get_waiter('vpc_available').wait(VpcIds=[vpc])
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock='10.0.1.0/24')['Subnet']['SubnetId']
    table = ec2.create_route_table(VpcId=vpc)['RouteTable']['RouteTableId']
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    policy = {'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Principal': '*', 'Action': 's3:*', 'Resource': 'arn:aws:s3:::lab-1/*'}]}
    made = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName='com.amazonaws.us-east-1.s3', RouteTableIds=[table], PolicyDocument=json.dumps(policy))['VpcEndpoint']
    same(made['State'], 'available')
    routes = ec2.describe_route_tables(RouteTableIds=[table])['RouteTables'][0]['Routes']
    same([r['GatewayId'] for r in routes], ['local', made['VpcEndpointId']])
    for style in ('path', 'virtual'):
        through = boto3.client('s3', endpoint_url=url.replace('127.0.0.1', made['VpcEndpointId'] + '.localhost'),
            config=Config(s3={'addressing_style': style}, retries={'max_attempts': 0}))
        through.put_object(Bucket='lab-1', Key='k', Body=b'x')
        same(through.get_object(Bucket='lab-1', Key='k')['Body'].read(), b'x')
        same(code(through.list_objects_v2, Bucket='lab-1'), 'AccessDenied')
    same(code(s3.list_objects_v2, Bucket='lab-1'), 'none')
    s3.put_bucket_policy(Bucket='lab-1', Policy=json.dumps({'Version': '2012-10-17', 'Statement': [{'Effect': 'Deny', 'Principal': '*',
        'Action': 's3:GetObject', 'Resource': 'arn:aws:s3:::lab-1/*', 'Condition': {'StringNotEquals': {'aws:SourceVpce': made['VpcEndpointId']}}}]}))
    same((code(s3.get_object, Bucket='lab-1', Key='k'), code(through.get_object, Bucket='lab-1', Key='k')), ('AccessDenied', 'none'))
    same(code(ec2.delete_vpc, VpcId=vpc), 'DependencyViolation')
    print('fine')
    """

  @Test(.enabled(if: pythonWithBoto3 != nil, "no Python with boto3 on this machine"))
  func `boto3 goes through a gateway endpoint and meets its policy`() async throws {
    let python = try #require(pythonWithBoto3)
    try await withServer { _, server in
      let session = try CommandSession(server)
      try Self.script.write(
        to: session.folder.appendingPathComponent("script.py"), atomically: true, encoding: .utf8)
      try await session.run(
        [CommandRow("\(python) script.py", 0, "^fine\n$")], aws: "false", endpoint: server.endpointURL)
    }
  }
}
