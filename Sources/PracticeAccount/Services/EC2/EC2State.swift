import Wire

/// The network of one Region. As long as it is what every account begins with (`EC2Region.initial`) it takes no
/// place in the account's state.
struct EC2Region: Sendable, Codable, Equatable {
  var vpcs: [String: VPC] = [:]
  var subnets: [String: Subnet] = [:]
  var groups: [String: SecurityGroup] = [:]
  var routeTables: [String: RouteTable] = [:]
  var gateways: [String: InternetGateway] = [:]
  var endpoints: [String: VPCEndpoint] = [:]
}

/// What has an id and tags.
protocol NetworkResource {
  var id: String { get }
  var tags: [Tag] { get set }
}

struct VPC: NetworkResource, Sendable, Codable, Equatable {
  var id: String
  var block: IPv4Block
  var isDefault = false
  var tenancy = "default"
  var supportsDNS = true
  var hasDNSHostnames = false
  var metersAddresses = false
  var tags: [Tag] = []
}

struct Subnet: NetworkResource, Sendable, Codable, Equatable {
  var id: String
  var vpc: String
  var zone: String
  var zoneID: String
  var block: IPv4Block
  var isDefault = false
  var mapsPublicAddresses = false
  var tags: [Tag] = []
}

struct SecurityGroup: NetworkResource, Sendable, Codable, Equatable {
  var id: String
  var name: String
  var description: String
  var vpc: String
  var rules: [SecurityGroupRule]
  var tags: [Tag] = []
}

/// One rule with one peer, as AWS counts them.
struct SecurityGroupRule: NetworkResource, Sendable, Codable, Equatable {
  enum Peer: Sendable, Codable, Hashable {
    case ipv4(String)
    case ipv6(String)
    case prefixList(String)
    case group(String)
  }

  var id: String
  var isEgress: Bool
  /// `tcp`, `udp`, `icmp`, `icmpv6`, a number, or `-1` for all.
  var protocolName: String
  /// Nil together with `toPort`, for protocols without ports.
  var fromPort: Int64?
  var toPort: Int64?
  var peer: Peer
  var description: String?
  var tags: [Tag] = []

  /// Whether both let the same traffic through.
  func isSame(as other: SecurityGroupRule) -> Bool {
    (isEgress, protocolName, fromPort, toPort) == (
      other.isEgress, other.protocolName, other.fromPort, other.toPort
    )
      && peer == other.peer
  }
}

/// The local route and those of gateway endpoints follow from elsewhere and are not kept here.
struct RouteTable: NetworkResource, Sendable, Codable, Equatable {
  struct Association: Sendable, Codable, Equatable {
    var id: String
    /// Nil: the table is its VPC's main one.
    var subnet: String?
  }

  struct Route: Sendable, Codable, Equatable {
    var destination: IPv4Block
    var gateway: String
  }

  var id: String
  var vpc: String
  var associations: [Association] = []
  var routes: [Route] = []
  var tags: [Tag] = []

  var isMain: Bool { associations.contains { $0.subnet == nil } }
}

struct InternetGateway: NetworkResource, Sendable, Codable, Equatable {
  var id: String
  var vpc: String?
  var tags: [Tag] = []
}

struct VPCEndpoint: NetworkResource, Sendable, Codable, Equatable {
  struct Interface: NetworkResource, Sendable, Codable, Equatable {
    var id: String
    var subnet: String
    var address: String
    var tags: [Tag] = []
  }

  var id: String
  var vpc: String
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

  /// Neither on its way out nor gone.
  var isAlive: Bool { ["pending", "available"].contains(state) }
  /// Whether it still holds on to subnets, groups and its VPC: until its interfaces are gone.
  var isThere: Bool { state != "deleted" }
}
