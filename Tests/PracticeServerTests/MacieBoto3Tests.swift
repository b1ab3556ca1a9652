import Foundation
import PracticeServer
import Testing

/// boto3 drives what the source lab does not need of Macie and Logs.
@Suite(.enabled(if: pythonWithBoto3 != nil, "no Python with boto3 on this machine"))
struct MacieBoto3Tests {
  private static let script = """
    import boto3, os, sys, time
    from botocore.exceptions import ClientError
    client = lambda name: boto3.client(name, endpoint_url=os.environ['AWS_ENDPOINT_URL'])
    s3, macie, logs = (client(n) for n in ('s3', 'macie2', 'logs'))
    def same(found, expected):
        if found != expected: sys.exit(f'{found!r} is not {expected!r}')
    def code(call, **input):
        try: call(**input)
        except ClientError as e: return e.response['Error']['Code']
        return 'none'
    s3.create_bucket(Bucket='lab-1')
    same(code(macie.list_findings), 'AccessDeniedException')
    macie.enable_macie()
    own = macie.create_custom_data_identifier(name='badge', regex=r'EMP-\\d{4}', keywords=['badge'], tags={'a': 'b'})['customDataIdentifierId']
    same(macie.test_custom_data_identifier(regex=r'EMP-\\d{4}', keywords=['badge'], sampleText='badge EMP-1234, EMP-12')['matchCount'], 1)
    same(code(macie.create_custom_data_identifier, name='x', regex='(?=a)'), 'ValidationException')
    same(code(macie.create_custom_data_identifier, name='x', regex='(a+)+$'), 'none')
    same(macie.batch_get_custom_data_identifiers(ids=[own, 'x'])['notFoundIdentifierIds'], ['x'])
    same(macie.list_tags_for_resource(resourceArn=macie.get_custom_data_identifier(id=own)['arn'])['tags'], {'a': 'b'})
    job = macie.create_classification_job(jobType='SCHEDULED', name='daily', initialRun=False, samplingPercentage=50,
        scheduleFrequency={'weeklySchedule': {'dayOfWeek': 'FRIDAY'}}, customDataIdentifierIds=[own],
        s3JobDefinition={'bucketCriteria': {'includes': {'and': [{'simpleCriterion': {'comparator': 'EQ', 'key': 'S3_BUCKET_NAME', 'values': ['lab-1']}}]}},
            'scoping': {'excludes': {'and': [{'simpleScopeTerm': {'comparator': 'EQ', 'key': 'OBJECT_EXTENSION', 'values': ['png']}}]}}})['jobId']
    seen = macie.describe_classification_job(jobId=job)
    same((seen['jobStatus'], seen['scheduleFrequency'], seen['statistics']['numberOfRuns']), ('IDLE', {'weeklySchedule': {'dayOfWeek': 'FRIDAY'}}, 0.0))
    macie.update_classification_job(jobId=job, jobStatus='USER_PAUSED')
    same([j['jobStatus'] for j in macie.list_classification_jobs()['items']], ['USER_PAUSED'])
    macie.update_classification_job(jobId=job, jobStatus='CANCELLED')
    rule = macie.create_findings_filter(name='quiet', action='ARCHIVE', findingCriteria={'criterion': {'category': {'eq': ['POLICY']}}})['id']
    macie.create_sample_findings()
    ids = [i for p in macie.get_paginator('list_findings').paginate(PaginationConfig={'PageSize': 4}) for i in p['findingIds']]
    same(len(ids), 11)
    found = macie.get_findings(findingIds=ids, sortCriteria={'attributeName': 'type', 'orderBy': 'DESC'})['findings']
    same((found[0]['type'], found[0]['sample'], [f['archived'] for f in found].count(True)), ('SensitiveData:S3Object/Personal', True, 6))
    groups = macie.get_finding_statistics(groupBy='resourcesAffected.s3Bucket.name')['countsByGroup']
    same([(g['groupKey'], g['count']) for g in groups], [('macie-sample-finding-bucket', 11)])
    macie.delete_findings_filter(id=rule)
    s3.delete_public_access_block(Bucket='lab-1')
    policy = macie.list_findings(findingCriteria={'criterion': {'sample': {'eq': ['false']}}})['findingIds']
    same(macie.get_findings(findingIds=policy)['findings'][0]['type'], 'Policy:IAMUser/S3BlockPublicAccessDisabled')
    same(macie.describe_buckets(criteria={'bucketName': {'prefix': 'lab'}})['buckets'][0]['publicAccess']['effectivePermission'], 'NOT_PUBLIC')
    same(macie.describe_buckets(criteria={'bucketName': {'prefix': 'x'}})['buckets'], [])
    same(macie.get_bucket_statistics()['bucketCount'], 1)
    same([t['type'] for t in macie.get_usage_totals()['usageTotals']][0], 'DATA_INVENTORY_EVALUATION')
    same(macie.list_members()['members'], [])
    logs.create_log_group(logGroupName='/lab/app')
    same(code(logs.create_log_group, logGroupName='/lab/app'), 'ResourceAlreadyExistsException')
    logs.put_retention_policy(logGroupName='/lab/app', retentionInDays=7)
    logs.create_log_stream(logGroupName='/lab/app', logStreamName='one')
    now = int(time.time() * 1000)
    answer = logs.put_log_events(logGroupName='/lab/app', logStreamName='one', logEvents=[
        {'timestamp': now - 20 * 86400000 + 86399000 * 20, 'message': '{"level": "info", "ms": 12}'}, {'timestamp': now, 'message': '{"level": "error", "ms": 900}'}])
    same('rejectedLogEventsInfo' in answer, False)
    events = logs.filter_log_events(logGroupName='/lab/app', filterPattern='{ $.level = "error" && $.ms > 100 }')['events']
    same([e['message'] for e in events], ['{"level": "error", "ms": 900}'])
    same(code(logs.put_log_events, logGroupName='/lab/app', logStreamName='one', logEvents=[{'timestamp': now, 'message': 'a'}, {'timestamp': now - 1, 'message': 'b'}]), 'InvalidParameterException')
    same(logs.describe_log_groups(logGroupNamePrefix='/lab')['logGroups'][0]['retentionInDays'], 7)
    logs.delete_log_group(logGroupName='/lab/app')
    macie.disable_macie()
    same(code(macie.get_macie_session), 'AccessDeniedException')
    print('fine')
    """

  @Test func `boto3 uses Macie and Logs`() async throws {
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
