import Foundation
import PracticeServer
import Testing

/// A second outside judge: boto3.
@Suite(.enabled(if: pythonWithBoto3 != nil, "no Python with boto3 on this machine"))
struct Boto3Tests {
  private static let script = """
    import boto3, io, json, os, sys
    from boto3.s3.transfer import TransferConfig
    from botocore.exceptions import ClientError
    # boto3 before 1.28 does not know AWS_ENDPOINT_URL, and would ask AWS itself.
    client = lambda name, **options: boto3.client(name, endpoint_url=os.environ['AWS_ENDPOINT_URL'], **options)
    s3, kms, iam, macie, ec2 = (client(n) for n in ('s3', 'kms', 'iam', 'macie2', 'ec2'))
    def same(found, expected):
        if found != expected: sys.exit(f'{found!r} is not {expected!r}')
    def code(call, **input):
        try: call(**input)
        except ClientError as e: return e.response['Error']['Code']
        return 'none'
    key = kms.create_key(Tags=[{'TagKey': 'lab', 'TagValue': 'x'}])['KeyMetadata']
    same(kms.list_resource_tags(KeyId=key['KeyId'])['Tags'], [{'TagKey': 'lab', 'TagValue': 'x'}])
    for i in range(3): kms.create_alias(AliasName=f'alias/a{i}', TargetKeyId=key['KeyId'])
    aliases = [a for p in kms.get_paginator('list_aliases').paginate(PaginationConfig={'PageSize': 2}) for a in p['Aliases']]
    same(sum(a['AliasName'].startswith('alias/a') and not a['AliasName'].startswith('alias/aws') for a in aliases), 3)
    s3.create_bucket(Bucket='lab-1')
    same(code(s3.create_bucket, Bucket='lab-eu', CreateBucketConfiguration={'LocationConstraint': 'eu-west-1'}), 'IllegalLocationConstraintException')
    s3.put_bucket_encryption(Bucket='lab-1', ServerSideEncryptionConfiguration={'Rules': [{'ApplyServerSideEncryptionByDefault':
        {'SSEAlgorithm': 'aws:kms', 'KMSMasterKeyID': key['Arn']}, 'BucketKeyEnabled': True}]})
    for name in ('a b/é+.txt', 'x/1', 'x/2', 'y'):
        s3.put_object(Bucket='lab-1', Key=name, Body=name.encode(), Metadata={'note': 'hello'})
    got = s3.get_object(Bucket='lab-1', Key='a b/é+.txt')
    same((got['Body'].read().decode(), got['Metadata'], got['SSEKMSKeyId']), ('a b/é+.txt', {'note': 'hello'}, key['Arn']))
    same(s3.get_object(Bucket='lab-1', Key='x/1', Range='bytes=1-')['Body'].read(), b'/1')
    keys = [o['Key'] for p in s3.get_paginator('list_objects_v2').paginate(Bucket='lab-1', PaginationConfig={'PageSize': 1}) for o in p['Contents']]
    same(keys, ['a b/é+.txt', 'x/1', 'x/2', 'y'])
    listed = s3.list_objects_v2(Bucket='lab-1', Delimiter='/')
    same(([p['Prefix'] for p in listed['CommonPrefixes']], [o['Key'] for o in listed['Contents']]), (['a b/', 'x/'], ['y']))
    big = os.urandom(11 << 20)
    s3.upload_fileobj(io.BytesIO(big), 'lab-1', 'big', Config=TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20))
    back = io.BytesIO(); s3.download_fileobj('lab-1', 'big', back)
    same(back.getvalue() == big, True)
    same(s3.head_object(Bucket='lab-1', Key='big')['ETag'].endswith('-3"'), True)
    from botocore.config import Config
    url = client('s3', config=Config(signature_version='s3v4')).generate_presigned_url('get_object', Params={'Bucket': 'lab-1', 'Key': 'y'})
    import urllib.request; same(urllib.request.urlopen(url).read(), b'y')
    s3.put_bucket_versioning(Bucket='lab-1', VersioningConfiguration={'Status': 'Enabled'})
    s3.put_object(Bucket='lab-1', Key='y', Body=b'2'); s3.delete_object(Bucket='lab-1', Key='y')
    versions = s3.list_object_versions(Bucket='lab-1', Prefix='y')
    same((len(versions['Versions']), len(versions['DeleteMarkers'])), (2, 1))
    same(code(s3.delete_bucket, Bucket='lab-1'), 'BucketNotEmpty')
    s3.put_bucket_policy(Bucket='lab-1', Policy=json.dumps({'Version': '2012-10-17', 'Statement': [{'Effect': 'Deny', 'Principal': '*',
        'Action': 's3:PutObject', 'Resource': 'arn:aws:s3:::lab-1/*', 'Condition': {'StringNotEquals': {'s3:x-amz-server-side-encryption': 'aws:kms'}}}]}))
    same(code(s3.put_object, Bucket='lab-1', Key='z', Body=b'', ServerSideEncryption='AES256'), 'AccessDenied')
    s3.delete_bucket_policy(Bucket='lab-1')
    all = s3.list_object_versions(Bucket='lab-1')
    gone = s3.delete_objects(Bucket='lab-1', Delete={'Objects': [{'Key': v['Key'], 'VersionId': v['VersionId']}
        for v in all['Versions'] + all['DeleteMarkers']]})
    same((len(gone['Deleted']), gone.get('Errors')), (7, None))
    s3.delete_bucket(Bucket='lab-1')
    iam.create_role(RoleName='r', AssumeRolePolicyDocument=json.dumps({'Version': '2012-10-17', 'Statement': [
        {'Effect': 'Allow', 'Principal': {'Service': 'sagemaker.amazonaws.com'}, 'Action': 'sts:AssumeRole'}]}), Tags=[{'Key': 'a', 'Value': 'b'}])
    same(iam.get_role(RoleName='r')['Role']['AssumeRolePolicyDocument']['Statement'][0]['Action'], 'sts:AssumeRole')
    iam.attach_role_policy(RoleName='r', PolicyArn='arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess')
    same(code(iam.delete_role, RoleName='r'), 'DeleteConflict')
    same(code(iam.get_role, RoleName='none'), 'NoSuchEntity')
    vpc = ec2.describe_vpcs(Filters=[{'Name': 'is-default', 'Values': ['true']}])['Vpcs'][0]['VpcId']
    subnet = ec2.describe_subnets(Filters=[{'Name': 'vpc-id', 'Values': [vpc]}])['Subnets'][0]['SubnetId']
    def endpoint(**more):
        return ec2.create_vpc_endpoint(VpcId=vpc, ServiceName='com.amazonaws.us-east-1.s3', VpcEndpointType='Interface', SubnetIds=[subnet], **more)
    same(code(endpoint, PrivateDnsEnabled=True), 'InvalidParameter')
    made = endpoint(PrivateDnsEnabled=False, TagSpecifications=[{'ResourceType': 'vpc-endpoint', 'Tags': [{'Key': 'lab', 'Value': 'x'}]}])['VpcEndpoint']
    same((made['State'], made['SubnetIds'], made['Tags']), ('pending', [subnet], [{'Key': 'lab', 'Value': 'x'}]))
    same(ec2.describe_vpc_endpoints(Filters=[{'Name': 'tag:lab', 'Values': ['x']}])['VpcEndpoints'][0]['VpcEndpointId'], made['VpcEndpointId'])
    same(ec2.delete_vpc_endpoints(VpcEndpointIds=[made['VpcEndpointId'], 'vpce-0'])['Unsuccessful'][0]['Error']['Code'], 'InvalidVpcEndpoint.NotFound')
    same(code(ec2.describe_vpc_endpoints, VpcEndpointIds=['vpce-0']), 'InvalidVpcEndpointId.NotFound')
    macie.enable_macie()
    same('USA_SOCIAL_SECURITY_NUMBER' in [i['id'] for i in macie.list_managed_data_identifiers()['items']], True)
    same(macie.get_automated_discovery_configuration()['status'], 'ENABLED')
    print('fine')
    """

  @Test func boto3SeesAnAccount() async throws {
    let python = try #require(pythonWithBoto3)
    try await withServer { _, server in
      let session = try CommandSession(server)
      let command = CommandRow("\(python) script.py", 0, "^fine\n$")
      try Self.script.write(
        to: session.folder.appendingPathComponent("script.py"), atomically: true, encoding: .utf8)
      try await session.run([command], aws: "false", endpoint: server.endpointURL)
    }
  }
}
