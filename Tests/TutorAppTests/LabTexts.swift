// Lessons of our own for tests, written as labs are published: no annotation, nothing made for Cairn.

enum LabTexts {
  /// Its scan cannot find anything, for two reasons: nobody let Macie use the key, and the numbers are not valid.
  static let unannotated = """
    # Lab: Look for customer numbers before you share a file

    A short exercise with KMS, S3 and Macie. Use `us-east-1`.

    > **Warning**
    > This costs a few cents. Do the cleanup.

    ## Step 1: Make a key

    ```bash
    # the key, and a name for it
    KEY=$(aws kms create-key --description "Support export" --query 'KeyMetadata.KeyId' --output text)
    aws kms create-alias --alias-name alias/support-export --target-key-id $KEY
    ```

    ## Step 2: Make a bucket

    ```bash
    ACCOUNT=$(aws sts get-caller-identity --query Account --output text)
    BUCKET=support-export-$ACCOUNT
    aws s3api create-bucket --bucket $BUCKET
    aws s3api put-bucket-encryption --bucket $BUCKET --server-side-encryption-configuration \\
      '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":"'"$KEY"'"}}]}'
    mkdir -p export && cd export
    ```

    ## Step 3: Put a file in it

    ```bash
    cat > customers.csv <<EOF
    Customer,SSN
    Ada Example,666-12-3456
    Bob Example,900-65-4321
    EOF
    aws s3 cp customers.csv s3://$BUCKET/in/customers.csv
    ```

    ## Step 4: Scan it

    ```bash
    aws macie2 enable-macie
    aws macie2 create-classification-job --job-type ONE_TIME --name support-scan \\
      --s3-job-definition '{"bucketDefinitions":[{"accountId":"'$ACCOUNT'","buckets":["'$BUCKET'"]}]}'
    ```

    ## Checkpoints

    ### Checkpoint 1: Encryption

    ```bash
    aws s3api get-bucket-encryption --bucket $BUCKET
    ```

    You should see `"SSEAlgorithm": "aws:kms"`.

    ### Checkpoint 2: Findings

    Wait 10 minutes for the scan.

    ```bash
    aws macie2 list-findings
    ```

    ## Cleanup

    ```bash
    aws macie2 disable-macie
    aws s3 rm s3://$BUCKET --recursive
    aws s3api delete-bucket --bucket $BUCKET
    aws kms delete-alias --alias-name alias/support-export
    aws kms schedule-key-deletion --key-id $KEY --pending-window-in-days 7
    ```

    """

  /// A lesson of one step with these blocks, ids `step-1-1`, `step-1-2` and so on.
  static func blocks(_ programs: String..., info: String = "bash") -> String {
    "# Blocks\n\n## Step 1: Do it\n<!-- section: {id: step-1} -->\n\n"
      + programs.map { "```\(info)\n\($0)\n```\n" }.joined(separator: "\n")
  }
}
