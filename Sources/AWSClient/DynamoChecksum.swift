import Digests
import ServiceModels
import Wire

/// DynamoDB's own checksum of its answers, `x-amz-crc32` (botocore `retries/special.py`).
enum DynamoChecksum {
  static func fails(_ response: HTTPResponse, _ operation: Operation) -> Bool {
    guard operation.model.service == "dynamodb", let text = response.headers["x-amz-crc32"],
      let expected = UInt32(text), case .bytes(let body) = response.body
    else { return false }
    return crc32(body) != expected
  }
}
