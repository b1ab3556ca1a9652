import Wire

/// What a learner made in the network of one Region. What is there from the start is `DefaultNetwork`.
struct EC2Region: Sendable, Codable, Equatable {
  var endpoints: [String: VPCEndpoint] = [:]
}

struct VPCEndpoint: Sendable, Codable, Equatable {
  struct Interface: Sendable, Codable, Equatable {
    var id: String
    var subnet: String
    var address: String
  }

  var id: String
  /// `Interface` or `Gateway`.
  var type: String
  var service: String
  /// `pending`, `available`, `deleting`, `deleted`.
  var state: String
  var policy: String
  var groups: [String] = []
  var routeTables: [String] = []
  var interfaces: [Interface] = []
  var privateDNS = false
  var privateDNSOnlyForInbound: Bool?
  /// The eight letters in the endpoint's DNS names.
  var dnsLabel: String
  var created: Timestamp
  /// When the next change of state is due; nil if none is.
  var due: Timestamp?
  var tags: [Tag] = []
  var clientToken: String?
  var request: StoredValue?
}

/// The network every account has in every Region: default VPC, a subnet per zone, default security group.
/// Its ids follow from account and Region alone, so that it takes no place in the state.
struct DefaultNetwork {
  struct Subnet {
    var id: String
    var zone: String
    var zoneID: String
    var block: String
    var base: String
  }

  var vpc: String
  var group: String
  var routeTable: String
  var subnets: [Subnet]

  init(account: String, region: String) {
    // FNV-1a: any stable hash does.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in (account + region).utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    var generator = SeededGenerator(seed: hash)
    vpc = "vpc-" + generator.hex(17)
    group = "sg-" + generator.hex(17)
    routeTable = "rtb-" + generator.hex(17)
    let letters = region == "us-east-1" ? "abcdef" : "abc"
    let code = Self.code(region)
    subnets = []
    for (i, letter) in letters.enumerated() {
      subnets.append(
        Subnet(
          id: "subnet-" + generator.hex(17), zone: "\(region)\(letter)", zoneID: "\(code)-az\(i + 1)",
          block: "172.31.\(i * 16).0/20", base: "172.31.\(i * 16)"))
    }
  }

  /// `us-east-1` is `use1`, `ap-southeast-2` is `apse2`.
  private static func code(_ region: String) -> String {
    let directions = [
      "east": "e", "west": "w", "north": "n", "south": "s", "central": "c", "northeast": "ne",
      "southeast": "se",
      "northwest": "nw", "southwest": "sw",
    ]
    let parts = region.split(separator: "-").map(String.init)
    guard parts.count >= 3 else { return region }
    return parts[0] + (directions[parts[1]] ?? parts[1]) + parts[parts.count - 1]
  }
}
