import Foundation
import PracticeServer
import Testing

/// S3 as its usual clients see it: presigned URLs, multipart transfers, conditional writes, redirects.
@Suite(.enabled(if: pythonWithBoto3 != nil, "no Python with boto3 on this machine"))
struct S3ClientTests {
  private static let script = """
    import boto3, io, os, sys, urllib.request, urllib.error, http.client
    from boto3.s3.transfer import TransferConfig
    from botocore.config import Config
    from botocore.exceptions import ClientError
    url = os.environ['AWS_ENDPOINT_URL']
    def client(region='us-east-1', **config):
        return boto3.client('s3', endpoint_url=url, region_name=region, config=Config(signature_version='s3v4', **config))
    s3 = client()
    def same(found, expected):
        if found != expected: sys.exit(f'{found!r} is not {expected!r}')
    def code(call, **input):
        try: call(**input)
        except ClientError as e: return e.response['Error']['Code']
        return 'none'
    s3.create_bucket(Bucket='lab-1')
    # Presigned URLs, by clients that know nothing of AWS.
    def send(method, address, body=None, **headers):
        try: answer = urllib.request.urlopen(urllib.request.Request(address, body, headers, method=method))
        except urllib.error.HTTPError as e: answer = e
        return answer.status, answer.read(), answer.headers
    def presigned(name, **more): return s3.generate_presigned_url(name, Params={'Bucket': 'lab-1', 'Key': 'a b/é', **more}, ExpiresIn=60)
    same(send('PUT', presigned('put_object'), b'hello')[0], 200)
    same(send('GET', presigned('get_object'))[1], b'hello')
    same(send('HEAD', presigned('head_object'))[2]['Content-Length'], '5')
    status, body, headers = send('GET', presigned('get_object', ResponseContentType='text/x', ResponseContentDisposition='attachment'))
    same((headers['Content-Type'], headers['Content-Disposition']), ('text/x', 'attachment'))
    same(send('GET', presigned('get_object'), Range='bytes=1-2')[1], b'el')
    status, body, _ = send('GET', presigned('get_object').replace('a%20b', 'a%20c'))
    same((status, b'SignatureDoesNotMatch' in body), (403, True))
    same(send('DELETE', presigned('get_object'))[0], 403)
    same(send('GET', s3.generate_presigned_url('list_objects_v2', Params={'Bucket': 'lab-1'}))[0], 200)
    status, body, _ = send('GET', s3.generate_presigned_url('get_object', Params={'Bucket': 'lab-1', 'Key': 'k'}, ExpiresIn=700000))
    same((status, b'AuthorizationQueryParametersError' in body), (400, True))
    status, body, _ = send('GET', url + '/lab-1/k')
    same((status, b'AccessDenied' in body), (403, True))
    # Transfers in parts of 8 MB, as every client makes them.
    big = os.urandom(20 << 20)
    for more in ({}, {'ChecksumAlgorithm': 'SHA256'}, {'ChecksumAlgorithm': 'SHA1'}, {'ChecksumAlgorithm': 'CRC32'}):
        s3.upload_fileobj(io.BytesIO(big), 'lab-1', 'big', ExtraArgs=more, Config=TransferConfig(multipart_threshold=8 << 20, multipart_chunksize=8 << 20))
        back = io.BytesIO(); s3.download_fileobj('lab-1', 'big', back)
        same(back.getvalue() == big, True)
    same(s3.head_object(Bucket='lab-1', Key='big', PartNumber=3)['ContentLength'], 4 << 20)
    s3.copy({'Bucket': 'lab-1', 'Key': 'big'}, 'lab-1', 'copy', Config=TransferConfig(multipart_threshold=8 << 20, multipart_chunksize=8 << 20))
    same(s3.get_object(Bucket='lab-1', Key='copy')['Body'].read() == big, True)
    # Conditions.
    same(code(s3.put_object, Bucket='lab-1', Key='once', Body=b'1', IfNoneMatch='*'), 'none')
    same(code(s3.put_object, Bucket='lab-1', Key='once', Body=b'2', IfNoneMatch='*'), 'PreconditionFailed')
    etag = s3.head_object(Bucket='lab-1', Key='once')['ETag']
    same(code(s3.put_object, Bucket='lab-1', Key='once', Body=b'3', IfMatch=etag), 'none')
    same(code(s3.delete_object, Bucket='lab-1', Key='once', IfMatch=etag), 'PreconditionFailed')
    same(code(s3.get_object, Bucket='lab-1', Key='once', IfNoneMatch='*'), '304')
    # Checksums that are wrong.
    same(code(s3.put_object, Bucket='lab-1', Key='x', Body=b'x', ChecksumSHA256='n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg='), 'BadDigest')
    same(code(s3.put_object, Bucket='lab-1', Key='x', Body=b'x', ContentMD5='1B2M2Y8AsgTpgAmY7PhCfg=='), 'BadDigest')
    # A bucket elsewhere: boto3 follows by itself.
    client('eu-west-1').create_bucket(Bucket='lab-eu', CreateBucketConfiguration={'LocationConstraint': 'eu-west-1'})
    client('eu-west-1').put_object(Bucket='lab-eu', Key='k', Body=b'eu')
    same(s3.get_object(Bucket='lab-eu', Key='k')['Body'].read(), b'eu')
    same(s3.head_bucket(Bucket='lab-eu')['BucketRegion'], 'eu-west-1')
    same(code(s3.list_directory_buckets), 'NotImplemented')
    # Paths that a careless server would follow.
    for path in ('/lab-1/../../etc/passwd', '/lab-1/%2e%2e/%2e%2e/etc/passwd', '/../lab-1/once', '/lab-1/..%2fonce', '//lab-1/once'):
        line = http.client.HTTPConnection(url.split('/')[2]); line.request('GET', path)
        same(line.getresponse().status in (400, 403, 404), True)
    print('fine')
    """

  @Test func boto3AndPlainClientsAreServed() async throws {
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

/// The same by the AWS CLI v2.
@Suite(.enabled(if: awsCLI != nil, "no AWS CLI v2 on this machine"))
struct S3CommandTests {
  private static let rows: [CommandRow] = [
    CommandRow("aws s3 mb s3://lab-1", 0, "make_bucket: lab-1"),
    CommandRow("head -c 20000000 /dev/urandom >big; aws s3 cp big s3://lab-1/a/big --quiet"),
    CommandRow("aws s3 cp s3://lab-1/a/big back --quiet; cmp big back"),
    CommandRow(
      "aws s3 cp s3://lab-1/a/big s3://lab-1/b/big --quiet; aws s3 cp s3://lab-1/b/big - | cmp big -"),
    CommandRow(
      "aws s3api head-object --bucket lab-1 --key a/big --part-number 3", 0,
      #"(?s)"ContentLength": 3222784,.*"PartsCount": 3"#),
    CommandRow("curl -sS $(aws s3 presign s3://lab-1/a/big) | cmp big -"),
    CommandRow(
      "curl -sS $(aws s3 presign s3://lab-1/a/big --expires-in 600 | sed 's/Expires=600/Expires=601/')", 0,
      "<Code>SignatureDoesNotMatch</Code>"),
    CommandRow(
      "mkdir -p d/e; echo 1 >d/1; echo 2 >d/e/2; touch -d yesterday d/1 d/e/2; aws s3 sync d s3://lab-1/d --quiet; aws s3 sync d s3://lab-1/d"
    ),
    CommandRow("aws s3 ls s3://lab-1 --recursive", 0, " a/big\n.* b/big\n.* d/1\n.* d/e/2\n$"),
    CommandRow("aws s3 mv s3://lab-1/d/1 s3://lab-1/1 --quiet; aws s3 cp s3://lab-1/1 -", 0, "^1\n$"),
    CommandRow(
      "aws s3api put-object-acl --bucket lab-1 --key 1 --acl public-read", 254,
      error:
        "(AccessControlListNotSupported) when calling the PutObjectAcl operation: The bucket does not allow ACLs"
    ),
    CommandRow("aws s3api get-bucket-acl --bucket lab-1", 0, #"(?s)"Type": "CanonicalUser".*"FULL_CONTROL""#),
    CommandRow(
      "aws s3api create-bucket --bucket lab-eu --region eu-west-1 --create-bucket-configuration LocationConstraint=eu-west-1",
      0, "lab-eu"),
    CommandRow("echo eu | aws s3 cp - s3://lab-eu/k; aws s3 cp s3://lab-eu/k -", 0, "^eu\n$"),
    CommandRow(
      "aws s3api put-bucket-lifecycle-configuration --bucket lab-1 --lifecycle-configuration "
        + #"'{"Rules":[{"ID":"r","Status":"Enabled","Filter":{"Prefix":"a/"},"Expiration":{"Days":1}}]}' >/dev/null; "#
        + "aws s3api get-bucket-lifecycle-configuration --bucket lab-1 --query 'Rules[0].Expiration.Days'", 0,
      "^1\n$"),
    CommandRow(
      "aws s3 rb s3://lab-1 --force >/dev/null; aws s3 rb s3://lab-eu --force --region eu-west-1 >/dev/null"),
    CommandRow("aws s3 ls"),
  ]

  @Test func theCommandsOfS3DoWhatTheySay() async throws {
    let aws = try #require(awsCLI)
    try await withServer { _, server in
      try await CommandSession(server).run(Self.rows, aws: aws, endpoint: server.endpointURL)
    }
  }
}
