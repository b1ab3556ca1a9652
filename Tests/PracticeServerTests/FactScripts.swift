/// What `FactTests` has Python do.
enum FactScripts {
  /// Clients that never try again, and what the scripts compare with.
  static let tools = """
    import boto3, botocore.auth, datetime, functools, json, os, sys, urllib.request
    from botocore.config import Config
    from botocore.exceptions import ClientError, HTTPClientError
    url = os.environ['AWS_ENDPOINT_URL']
    @functools.cache
    def client(name, region='us-east-1'):
        return boto3.client(name, endpoint_url=url, region_name=region, config=Config(retries={'total_max_attempts': 1}))
    class Lazy:
        def __init__(self, name): self.name = name
        def __getattr__(self, call): return getattr(client(self.name), call)
    s3, kms, iam, sts, macie, ec2, logs = map(Lazy, ('s3', 'kms', 'iam', 'sts', 'macie2', 'ec2', 'logs'))
    A = '111122223333'
    def same(found, expected):
        if found != expected: sys.exit(f'{found!r} is not {expected!r}')
    def error(call, **input):
        try: call(**input)
        except ClientError as e:
            e = e.response; return f"{e['ResponseMetadata']['HTTPStatusCode']} {e['Error']['Code']}: {e['Error']['Message']}"
        return 'none'
    def fails(expected, call, **input):
        found = error(call, **input)
        if not found.startswith(expected): sys.exit(f'{found!r} is not {expected!r}')
    def order(word, input=''):
        return urllib.request.urlopen(urllib.request.Request(f'{url}/_cairn/{word}', input.encode(),
            {'X-Cairn-Token': sys.argv[1]}, method='POST')).read().decode()
    def advance(seconds): order('advance', str(seconds))
    ROLE = f'arn:aws:iam::{A}:role/aws-service-role/macie.amazonaws.com/AWSServiceRoleForAmazonMacie'
    ROOT = {'Sid': 'Enable IAM User Permissions', 'Effect': 'Allow', 'Principal': {'AWS': f'arn:aws:iam::{A}:root'}, 'Action': 'kms:*', 'Resource': '*'}
    MACIE = {'Effect': 'Allow', 'Principal': {'AWS': ROLE}, 'Action': ['kms:Decrypt'], 'Resource': '*'}
    def policy(*statements): return json.dumps({'Version': '2012-10-17', 'Statement': statements})
    TRUST = policy({'Effect': 'Allow', 'Principal': {'Service': 'sagemaker.amazonaws.com'}, 'Action': 'sts:AssumeRole'})
    def encrypted(bucket, key):
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={'Rules': [{'ApplyServerSideEncryptionByDefault':
            {'SSEAlgorithm': 'aws:kms', 'KMSMasterKeyID': key}, 'BucketKeyEnabled': True}]})
    def start(bucket, **more):
        return dict(jobType='ONE_TIME', name='scan', s3JobDefinition={'bucketDefinitions': [{'accountId': A, 'buckets': [bucket]}]}, **more)
    def found(job): return macie.list_findings(findingCriteria={'criterion': {'classificationDetails.jobId': {'eq': [job]}}})['findingIds']

    """

  /// The lab as published, each of its two faults alone, and neither.
  static let scans = """
    SOURCE = 'Name,Email,SSN,CreditScore\\nJohn Doe,john@example.com,000-11-2222,750\\nJane Smith,jane.smith@email.com,999-88-7777,810\\n'
    FIXED = SOURCE.replace('000-11-2222', '123-45-6789').replace('999-88-7777', '456-78-9012')
    key = kms.create_key()['KeyMetadata']['KeyId']
    s3.create_bucket(Bucket='lab-1'); encrypted('lab-1', key)
    fails('400 MalformedPolicyDocumentException: Policy contains a statement with one or more invalid principals.',
        kms.put_key_policy, KeyId=key, Policy=policy(ROOT, MACIE))
    fails('403 AccessDeniedException: Macie is not enabled', macie.create_classification_job, **start('lab-1'))
    macie.enable_macie()
    fails('400 MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the future.',
        kms.put_key_policy, KeyId=key, Policy=policy(MACIE))
    def scan():
        job = macie.create_classification_job(**start('lab-1'))['jobId']
        same(macie.describe_classification_job(jobId=job)['jobStatus'], 'RUNNING')
        advance(600)
        seen = macie.describe_classification_job(jobId=job)
        same((seen['jobStatus'], seen['lastRunErrorStatus']), ('COMPLETE', {'code': 'NONE'}))
        return job, found(job)
    jobs = []
    for rows, statements, count, remark in (
        (SOURCE, [ROOT], 0, 'it would report nothing. 000-11-2222 (row 2, column SSN) is no Social Security number'),
        (SOURCE, [ROOT, MACIE], 0, 'and reports nothing'),
        (FIXED, [ROOT], 0, 'skipped s3://lab-1/raw_training_data.csv without an error: no statement in the policy of key'),
        (FIXED, [ROOT, MACIE], 1, None)):
        kms.put_key_policy(KeyId=key, Policy=policy(*statements))
        s3.put_object(Bucket='lab-1', Key='raw_training_data.csv', Body=rows.encode())
        before = len(order('remarks'))
        job, ids = scan()
        jobs.append(job)
        same(len(ids), count)
        if remark and remark not in order('remarks')[before:]: sys.exit(order('remarks')[before:])
    # A job that is complete stays so, though Macie could read the object now; its name may be had again.
    same([found(j) for j in jobs[:3]], [[], [], []])
    same(error(macie.update_classification_job, jobId=jobs[0], jobStatus='RUNNING') == 'none', False)
    finding = macie.get_findings(findingIds=ids)['findings'][0]
    same((finding['type'], finding['severity'], finding['count']), ('SensitiveData:S3Object/Personal', {'description': 'High', 'score': 3}, 1))
    result = finding['classificationDetails']['result']
    data, = result['sensitiveData']; detection, = data['detections']
    same((data['category'], data['totalCount'], detection['type'], detection['count']), ('PERSONAL_INFORMATION', 2, 'USA_SOCIAL_SECURITY_NUMBER', 2))
    same([(c['row'], c['column'], c['columnName']) for c in detection['occurrences']['cells']], [(2, 3, 'SSN'), (3, 3, 'SSN')])
    same((result['sizeClassified'], result['mimeType']), (117, 'text/csv'))
    # Two jobs within ten seconds are too many. Every run makes findings of its own.
    job = macie.create_classification_job(**start('lab-1', clientToken='t'))['jobId']
    same(macie.create_classification_job(**start('lab-1', clientToken='t'))['jobId'], job)
    fails('429 ThrottlingException', macie.create_classification_job, **start('lab-1'))
    advance(600)
    same((len(found(job)), len(macie.list_findings()['findingIds'])), (1, 2))
    print('fine')
    """

  /// Everything of the lab and of a learner's own; the blunt order, which AWS refuses; and the order that works, twice.
  static let teardown = """
    fresh = order('dump')
    key = kms.create_key()['KeyMetadata']['KeyId']
    kms.create_alias(AliasName='alias/lab', TargetKeyId=key)
    s3.create_bucket(Bucket='lab-1'); encrypted('lab-1', key)
    s3.put_object(Bucket='lab-1', Key='data.csv', Body=b'x')
    iam.create_role(RoleName='lab', AssumeRolePolicyDocument=TRUST)
    iam.put_role_policy(RoleName='lab', PolicyName='inline', PolicyDocument=policy({'Effect': 'Allow', 'Action': 's3:*', 'Resource': '*'}))
    macie.enable_macie()
    job = macie.create_classification_job(**start('lab-1'))['jobId']
    # The learner's own.
    s3.put_object(Bucket='lab-1', Key='own/notes.txt', Body=b'y')
    fails('409 BucketNotEmpty: The bucket you tried to delete is not empty', s3.delete_bucket, Bucket='lab-1')
    s3.put_bucket_versioning(Bucket='lab-1', VersioningConfiguration={'Status': 'Enabled'})
    for name in ('data.csv', 'own/notes.txt'): s3.delete_object(Bucket='lab-1', Key=name)
    same(s3.list_objects_v2(Bucket='lab-1')['KeyCount'], 0)
    upload = s3.create_multipart_upload(Bucket='lab-1', Key='big')['UploadId']
    s3.upload_part(Bucket='lab-1', Key='big', UploadId=upload, PartNumber=1, Body=b'part')
    iam.attach_role_policy(RoleName='lab', PolicyArn='arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess')
    iam.create_instance_profile(InstanceProfileName='lab'); iam.add_role_to_instance_profile(InstanceProfileName='lab', RoleName='lab')
    vpc = ec2.describe_vpcs(Filters=[{'Name': 'is-default', 'Values': ['true']}])['Vpcs'][0]['VpcId']
    subnet = ec2.describe_subnets(Filters=[{'Name': 'vpc-id', 'Values': [vpc]}])['Subnets'][0]['SubnetId']
    group = ec2.create_security_group(GroupName='lab', Description='lab', VpcId=vpc)['GroupId']
    endpoint = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName='com.amazonaws.us-east-1.s3', VpcEndpointType='Interface', SubnetIds=[subnet],
        SecurityGroupIds=[group], PrivateDnsEnabled=False)['VpcEndpoint']['VpcEndpointId']
    # The blunt order.
    fails('409 BucketNotEmpty: The bucket you tried to delete is not empty. You must delete all versions in the bucket.', s3.delete_bucket, Bucket='lab-1')
    fails('409 DeleteConflict', iam.delete_role, RoleName='lab')
    fails('400 DependencyViolation', ec2.delete_security_group, GroupId=group)
    fails('400 UnmodifiableEntity', iam.delete_role, RoleName='AWSServiceRoleForAmazonMacie')
    # The order that works. What is gone already is no error.
    done = []
    def gone(codes, call, **input):
        status = error(call, **input).split(': ')[0]
        if status == 'none': return True
        if status.split(' ')[1] not in codes.split(): sys.exit(f'{status}, not {codes}: {call.__name__}')
        done.append(status.split(' ')[1])
    def teardown():
        gone('ConflictException ValidationException AccessDeniedException', macie.update_classification_job, jobId=job, jobStatus='CANCELLED')
        if error(s3.head_bucket, Bucket='lab-1', ExpectedBucketOwner=A) == 'none':
            for page in s3.get_paginator('list_object_versions').paginate(Bucket='lab-1'):
                for v in page.get('Versions', []) + page.get('DeleteMarkers', []):
                    s3.delete_object(Bucket='lab-1', Key=v['Key'], VersionId=v['VersionId'])
            for u in s3.list_multipart_uploads(Bucket='lab-1').get('Uploads', []):
                s3.abort_multipart_upload(Bucket='lab-1', Key=u['Key'], UploadId=u['UploadId'])
        gone('NoSuchBucket', s3.delete_bucket, Bucket='lab-1', ExpectedBucketOwner=A)
        gone('NotFoundException', kms.delete_alias, AliasName='alias/lab')
        gone('KMSInvalidStateException NotFoundException', kms.schedule_key_deletion, KeyId=key, PendingWindowInDays=7)
        gone('NoSuchEntity', iam.remove_role_from_instance_profile, InstanceProfileName='lab', RoleName='lab')
        gone('NoSuchEntity', iam.delete_instance_profile, InstanceProfileName='lab')
        gone('NoSuchEntity', iam.delete_role_policy, RoleName='lab', PolicyName='inline')
        gone('NoSuchEntity', iam.detach_role_policy, RoleName='lab', PolicyArn='arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess')
        gone('NoSuchEntity', iam.delete_role, RoleName='lab')
        answer = ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])['Unsuccessful']
        same({u['Error']['Code'] for u in answer} <= {'InvalidVpcEndpoint.NotFound', 'InvalidVpcEndpointId.NotFound'}, True)
        for _ in range(20):
            if error(ec2.delete_security_group, GroupId=group)[4:].split(':')[0] != 'DependencyViolation': break
            advance(30)
        gone('InvalidGroup.NotFound', ec2.delete_security_group, GroupId=group)
        gone('AccessDeniedException', macie.disable_macie)
        gone('NoSuchEntity', iam.delete_service_linked_role, RoleName='AWSServiceRoleForAmazonMacie')
        gone('ResourceNotFoundException', logs.delete_log_group, logGroupName='/aws/macie/classificationjobs')
    teardown()
    same(kms.describe_key(KeyId=key)['KeyMetadata']['KeyState'], 'PendingDeletion')
    first = done[:]; done.clear(); teardown()
    same(first, ['InvalidGroup.NotFound'])
    same(done, ['AccessDeniedException', 'NoSuchBucket', 'NotFoundException', 'KMSInvalidStateException'] + 5 * ['NoSuchEntity']
        + ['InvalidGroup.NotFound', 'AccessDeniedException', 'NoSuchEntity', 'ResourceNotFoundException'])
    same(order('dump'), fresh)
    advance(8 * 86400); done.clear(); teardown()
    same(done[3], 'NotFoundException')
    print('fine')
    """

  /// Somebody's Macie: what a lab may do beside it, and what disabling it costs.
  static let strangersMacie = """
    before = macie.get_macie_session()
    theirs = sorted(macie.list_findings()['findingIds'])
    same((before['status'], len(theirs)), ('ENABLED', 1))
    fails('409 ConflictException: Macie has already been enabled', macie.enable_macie)
    s3.create_bucket(Bucket='lab-1'); s3.put_object(Bucket='lab-1', Key='a.csv', Body=b'SSN\\n123-45-6789\\n')
    job = macie.create_classification_job(**start('lab-1'))['jobId']
    advance(600)
    same((len(found(job)), len(macie.list_findings()['findingIds'])), (1, 2))
    # The lab's teardown: what was not its own stays.
    s3.delete_object(Bucket='lab-1', Key='a.csv'); s3.delete_bucket(Bucket='lab-1')
    after = macie.get_macie_session()
    same({n: after[n] for n in ('status', 'createdAt', 'serviceRole')}, {n: before[n] for n in ('status', 'createdAt', 'serviceRole')})
    same(set(theirs) <= set(macie.list_findings()['findingIds']), True)
    same(sorted(j['name'] for j in macie.list_classification_jobs()['items']), ['hr-quarterly-scan', 'scan'])
    # Suspending keeps findings, disabling does not.
    macie.update_macie_session(status='PAUSED')
    same(error(macie.create_classification_job, **start('lab-1')) == 'none', False)
    macie.update_macie_session(status='ENABLED')
    same(set(theirs) <= set(macie.list_findings()['findingIds']), True)
    macie.disable_macie()
    fails('403 AccessDeniedException: Macie is not enabled', macie.disable_macie)
    macie.enable_macie()
    same((macie.list_findings()['findingIds'], macie.list_classification_jobs()['items']), ([], []))
    print('fine')
    """

  /// Regions and clocks.
  static let places = """
    # What the body says of the Region: nothing in us-east-1, the Region elsewhere.
    bodies = []
    def made(region, **more):
        one = client('s3', region)
        one.meta.events.register('before-send.s3.CreateBucket', lambda request, **_: bodies.append(request.body or b''), 'body')
        return error(one.create_bucket, **more)
    eu = {'CreateBucketConfiguration': {'LocationConstraint': 'eu-west-1'}}
    illegal = '400 IllegalLocationConstraintException: '
    same(made('us-east-1', Bucket='lab-1'), 'none')
    same(made('us-east-1', Bucket='lab-1'), 'none')
    same(made('us-east-1', Bucket='lab-eu', **eu).startswith(illegal), True)
    same(made('eu-west-1', Bucket='lab-eu').startswith(illegal), True)
    same(made('eu-west-1', Bucket='lab-eu', **eu), 'none')
    same(made('eu-west-1', Bucket='lab-eu', **eu).split(': ')[0], '409 BucketAlreadyOwnedByYou')
    same(made('us-east-1', Bucket='lab-2', CreateBucketConfiguration={'LocationConstraint': 'us-east-1'}),
        '400 InvalidLocationConstraint: The specified location-constraint is not valid')
    same([b'<LocationConstraint>eu-west-1<' in b for b in bodies], [False, False, True, False, True, True, False])
    same([bool(b) for b in bodies], [False, False, True, False, True, True, True])
    # A key elsewhere: the setting is taken, the upload is refused.
    key = client('kms', 'eu-west-1').create_key()['KeyMetadata']
    encrypted('lab-1', key['KeyId'])
    fails(f"400 KMS.NotFoundException: Key 'arn:aws:kms:us-east-1:{A}:key/{key['KeyId']}' does not exist", s3.put_object, Bucket='lab-1', Key='k', Body=b'x')
    encrypted('lab-1', key['Arn'])
    fails('400 KMS.NotFoundException: Invalid arn eu-west-1', s3.put_object, Bucket='lab-1', Key='k', Body=b'x')
    fails('400 NotFoundException: Invalid arn eu-west-1', kms.describe_key, KeyId=key['Arn'])
    # Macie elsewhere: the job ends, and only the log tells.
    there = client('macie2', 'eu-west-1'); there.enable_macie()
    fails('403 AccessDeniedException: Macie is not enabled', macie.get_macie_session)
    job = there.create_classification_job(**start('lab-1'))['jobId']
    advance(600)
    same(there.describe_classification_job(jobId=job)['jobStatus'], 'COMPLETE')
    events = client('logs', 'eu-west-1').filter_log_events(logGroupName='/aws/macie/classificationjobs', logStreamNames=[job])['events']
    same('BUCKET_IN_DIFFERENT_REGION' in [json.loads(e['message'])['eventType'] for e in events], True)
    # A machine whose clock is wrong.
    now = getattr(botocore.auth, 'get_current_datetime', None)
    if now:
        for minutes, text in ((-20, 'Signature expired: '), (20, 'Signature not yet current: ')):
            botocore.auth.get_current_datetime = lambda **more: now(**more) + datetime.timedelta(minutes=minutes)
            fails('403 SignatureDoesNotMatch: ' + text, sts.get_caller_identity)
            fails('403 SignatureDoesNotMatch: ' + text, iam.list_roles)
            fails('400 InvalidSignatureException: ' + text, kms.list_keys)
            fails('403 InvalidSignatureException: ' + text, macie.get_macie_session)
            fails('403 RequestTimeTooSkewed: The difference between the request time and the current time is too large.', s3.list_buckets)
            fails('400 RequestExpired: Request has expired.', ec2.describe_vpcs)
        botocore.auth.get_current_datetime = lambda **more: now(**more) + datetime.timedelta(minutes=4)
        same([error(c) for c in (sts.get_caller_identity, kms.list_keys, s3.list_buckets)], 3 * ['none'])
    print('fine')
    """

  static let expired = """
    text = 'The security token included in the request is expired'
    fails('403 ExpiredToken: ' + text, sts.get_caller_identity)
    fails('403 ExpiredToken: ' + text, iam.list_roles)
    fails('400 ExpiredTokenException: ' + text, kms.list_keys)
    fails('403 ExpiredTokenException: ' + text, macie.get_macie_session)
    fails('400 ExpiredToken: The provided token has expired.', s3.list_buckets)
    fails('400 RequestExpired: Request has expired.', ec2.describe_vpcs)
    print('fine')
    """

  static let squatted = """
    name = f'brainybee-ai-data-{A}'
    fails('409 BucketAlreadyExists: The requested bucket name is not available.', s3.create_bucket, Bucket=name)
    fails('403 403: Forbidden', s3.head_bucket, Bucket=name)
    fails('403 AccessDenied', s3.put_object, Bucket=name, Key='raw_training_data.csv', Body=b'x')
    # A name of one's own, which no stranger can have.
    own = f'ai-lab-{A}-us-east-1-an'
    same(s3.create_bucket(Bucket=own, BucketNamespace='account-regional')['BucketArn'], f'arn:aws:s3:::{own}')
    s3.head_bucket(Bucket=own, ExpectedBucketOwner=A)
    fails('403 403: Forbidden', s3.head_bucket, Bucket=own, ExpectedBucketOwner='999999999999')
    print('fine')
    """

  /// A key that can be found again; whether it was answered is noted.
  static let oneKey = """
    try: kms.create_key(Tags=[{'TagKey': 'lab-run', 'TagValue': 'r1'}])
    except HTTPClientError: sys.exit(1)
    open(sys.argv[1], 'w').write('yes')
    """

  /// How many keys of the run there are; one is made if there is none, and then there is one.
  static let keysOfTheRun = """
    tag = {'TagKey': 'lab-run', 'TagValue': 'r1'}
    def ours(): return [k['KeyId'] for k in kms.list_keys()['Keys'] if tag in kms.list_resource_tags(KeyId=k['KeyId'])['Tags']]
    same(len(ours()), int(sys.argv[2]))
    for _ in range(2):
        if not ours(): kms.create_key(Tags=[tag])
    same(len(ours()), 1)
    same(len(client('resourcegroupstaggingapi').get_resources(ResourceTypeFilters=['kms:key'], TagFilters=[{'Key': 'lab-run', 'Values': ['r1']}])['ResourceTagMappingList']), 1)
    same(kms.describe_key(KeyId=ours()[0])['KeyMetadata']['KeyState'], 'Enabled')
    print('fine')
    """
}
