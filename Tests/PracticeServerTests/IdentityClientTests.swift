import Foundation
import PracticeServer
import Testing

/// Sessions, as unmodified clients open and use them.
struct IdentityClientTests {
  private static let script = """
    import boto3, json, os, sys
    from botocore.exceptions import ClientError
    def client(name, **options): return boto3.client(name, endpoint_url=os.environ['AWS_ENDPOINT_URL'], **options)
    iam, sts = client('iam'), client('sts')
    def same(found, expected):
        if found != expected: sys.exit(f'{found!r} is not {expected!r}')
    def code(call, **input):
        try: call(**input)
        except ClientError as e: return e.response['Error']['Code']
        return 'none'
    def keys(credentials): return dict(aws_access_key_id=credentials['AccessKeyId'],
        aws_secret_access_key=credentials['SecretAccessKey'], aws_session_token=credentials['SessionToken'])
    account = sts.get_caller_identity()['Account']
    allow = lambda *actions: json.dumps({'Version': '2012-10-17', 'Statement': [
        {'Effect': 'Allow', 'Action': list(actions), 'Resource': '*'}]})
    trust = json.dumps({'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Principal': {'AWS': account},
        'Action': 'sts:AssumeRole', 'Condition': {'StringEquals': {'sts:ExternalId': '42'}}}]})
    role = iam.create_role(RoleName='reader', Path='/lab/', AssumeRolePolicyDocument=trust)['Role']['Arn']
    iam.get_waiter('role_exists').wait(RoleName='reader')
    made = iam.create_policy(PolicyName='lists', PolicyDocument=allow('s3:ListAllMyBuckets', 'kms:*'))['Policy']['Arn']
    iam.attach_role_policy(RoleName='reader', PolicyArn=made)
    same(code(sts.assume_role, RoleArn=role, RoleSessionName='me'), 'AccessDenied')
    session = sts.assume_role(RoleArn=role, RoleSessionName='me', ExternalId='42', Policy=allow('s3:*'))
    same(session['AssumedRoleUser']['Arn'], f'arn:aws:sts::{account}:assumed-role/reader/me')
    there = lambda name: client(name, **keys(session['Credentials']))
    same(there('sts').get_caller_identity()['Arn'], session['AssumedRoleUser']['Arn'])
    same(there('s3').list_buckets()['Buckets'], [])
    same(code(there('s3').create_bucket, Bucket='lab-1'), 'AccessDenied')
    same(code(there('kms').list_keys), 'AccessDeniedException')
    same(code(there('ec2').describe_vpcs), 'UnauthorizedOperation')
    try: there('ec2').describe_vpcs()
    except ClientError as e: message = e.response['Error']['Message'].split('failure message: ')[1]
    decoded = json.loads(sts.decode_authorization_message(EncodedMessage=message)['DecodedMessage'])
    same((decoded['allowed'], decoded['context']['action']), (False, 'ec2:DescribeVpcs'))
    half = dict(keys(session['Credentials']), aws_session_token=None)
    same(code(client('sts', **half).get_caller_identity), 'InvalidClientTokenId')
    same(code(client('sts').assume_role_with_web_identity, RoleArn=role, RoleSessionName='me', WebIdentityToken='none'),
        'InvalidIdentityToken')
    found = iam.simulate_principal_policy(PolicySourceArn=role, ActionNames=['kms:ListKeys', 'sqs:SendMessage'])
    same([r['EvalDecision'] for r in found['EvaluationResults']], ['allowed', 'implicitDeny'])
    same(found['EvaluationResults'][0]['MatchedStatements'][0]['SourcePolicyId'], 'lists')
    names = [p['PolicyName'] for page in iam.get_paginator('list_policies').paginate(PaginationConfig={'PageSize': 7})
        for p in page['Policies']]
    same((len(names) == len(set(names)), 'SecurityAudit' in names, 'lists' in names), (True, True, True))
    same(iam.get_account_summary()['SummaryMap']['Users'], 1)
    user = iam.create_user(UserName='ann', PermissionsBoundary='arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess')['User']
    same(user['PermissionsBoundary']['PermissionsBoundaryType'], 'Policy')
    iam.create_group(GroupName='g'); iam.add_user_to_group(GroupName='g', UserName='ann')
    same([u['UserName'] for u in iam.get_group(GroupName='g')['Users']], ['ann'])
    details = iam.get_account_authorization_details()
    same(sorted(u['UserName'] for u in details['UserDetailList']), ['ann', 'learner'])
    same(details['RoleDetailList'][0]['AssumeRolePolicyDocument']['Statement'][0]['Action'], 'sts:AssumeRole')
    same(code(iam.delete_user, UserName='ann'), 'DeleteConflict')
    iam.remove_user_from_group(GroupName='g', UserName='ann'); iam.delete_user(UserName='ann')
    print('fine')
    """

  @Test(.enabled(if: pythonWithBoto3 != nil, "no Python with boto3 on this machine"))
  func `boto3 assumes a role and is held to its rights`() async throws {
    let python = try #require(pythonWithBoto3)
    try await withServer { _, server in
      let session = try CommandSession(server)
      try Self.script.write(
        to: session.folder.appendingPathComponent("script.py"), atomically: true, encoding: .utf8)
      try await session.run(
        [CommandRow("\(python) script.py", 0, "^fine\n$")], aws: "false", endpoint: server.endpointURL)
    }
  }

  private static let trust =
    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}]}"#

  private static let rows: [CommandRow] = [
    CommandRow("echo '\(trust)' > trust.json"),
    CommandRow(
      "aws iam create-role --role-name r --assume-role-policy-document file://trust.json --query Role.Arn --output text",
      0, "^arn:aws:iam::111122223333:role/r\n$"),
    CommandRow(
      "aws iam attach-role-policy --role-name r --policy-arn arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"),
    CommandRow(
      "aws sts assume-role --role-arn arn:aws:iam::111122223333:role/r --role-session-name me > session.json"),
    CommandRow(
      """
      read -r id secret token <<< "$(python3 -c "import json; c = json.load(open('session.json'))['Credentials']; \
      print(c['AccessKeyId'], c['SecretAccessKey'], c['SessionToken'])")"; AWS_ACCESS_KEY_ID=$id \
      AWS_SECRET_ACCESS_KEY=$secret AWS_SESSION_TOKEN=$token aws sts get-caller-identity --query Arn --output text
      """, 0, "^arn:aws:sts::111122223333:assumed-role/r/me\n$"),
    CommandRow(
      """
      AWS_ACCESS_KEY_ID=$id AWS_SECRET_ACCESS_KEY=$secret AWS_SESSION_TOKEN=$token aws s3api create-bucket --bucket b
      """, 254, nil, error: "(AccessDenied) when calling the CreateBucket operation"),
    CommandRow(
      "AWS_ACCESS_KEY_ID=$id AWS_SECRET_ACCESS_KEY=$secret AWS_SESSION_TOKEN=old aws sts get-caller-identity",
      254, nil,
      error: "(InvalidClientTokenId) when calling the GetCallerIdentity operation"),
    CommandRow(
      """
      aws iam simulate-principal-policy --policy-source-arn arn:aws:iam::111122223333:role/r --action-names s3:GetObject \
      s3:PutObject --query 'EvaluationResults[].EvalDecision' --output text
      """, 0, "^allowed\timplicitDeny\n$"),
    CommandRow(
      "aws iam detach-role-policy --role-name r --policy-arn arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"),
    CommandRow("aws iam delete-role --role-name r"),
    CommandRow(
      "aws sts assume-role --role-arn arn:aws:iam::111122223333:role/r --role-session-name me", 254, nil,
      error: "is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/r"),
  ]

  @Test(.enabled(if: awsCLI != nil, "no AWS CLI of version 2 on this machine"))
  func `the AWS CLI works with a session`() async throws {
    let aws = try #require(awsCLI)
    try await withServer { _, server in
      try await CommandSession(server).run(Self.rows, aws: aws, endpoint: server.endpointURL)
    }
  }
}
