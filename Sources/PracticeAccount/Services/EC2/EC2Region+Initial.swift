import Wire

/// An Availability Zone.
struct Zone: Sendable, Hashable {
  var name: String
  var id: String

  /// The letters of zones where they are not a, b and c. Source: EC2 user guide, "Regions and Zones".
  private static let letters = [
    "us-east-1": "abcdef", "us-west-1": "ac", "us-west-2": "abcd", "ap-northeast-1": "acd",
    "ap-northeast-2": "abcd", "ca-central-1": "abd",
  ]

  static func all(in region: String) -> [Zone] {
    let code = code(region)
    return (letters[region] ?? "abc").enumerated().map {
      Zone(name: "\(region)\($1)", id: "\(code)-az\($0 + 1)")
    }
  }

  /// `us-east-1` is `use1`, `ap-southeast-2` is `apse2`.
  static func code(_ region: String) -> String {
    let directions = [
      "east": "e", "west": "w", "north": "n", "south": "s", "central": "c", "northeast": "ne",
      "southeast": "se", "northwest": "nw", "southwest": "sw",
    ]
    let parts = region.split(separator: "-").map(String.init)
    guard parts.count >= 3 else { return region }
    return parts[0] + (directions[parts[1]] ?? parts[1]) + parts[parts.count - 1]
  }
}

/// A generator whose numbers follow from a text alone.
func generator(for text: String) -> SeededGenerator {
  // FNV-1a: any stable hash does.
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
  return SeededGenerator(seed: hash)
}

extension EC2Region {
  /// What every account has in every Region (Amazon VPC user guide, "Default VPCs"). Its ids follow from account
  /// and Region.
  static func initial(account: String, region: String, hasDefaultVPC: Bool) -> EC2Region {
    var network = EC2Region()
    guard hasDefaultVPC else { return network }
    var generator = generator(for: account + region)
    network.addDefaultVPC(region: region, from: &generator)
    return network
  }

  private static let defaultBlock = IPv4Block(base: 0xAC1F_0000, bits: 16)

  /// A default VPC: 172.31.0.0/16, a /20 in every zone, an internet gateway and a route to it.
  @discardableResult
  mutating func addDefaultVPC(region: String, from generator: inout SeededGenerator) -> VPC {
    let vpc = VPC(
      id: "vpc-" + generator.hex(17), block: Self.defaultBlock, isDefault: true, hasDNSHostnames: true)
    let table = add(vpc, from: &generator)
    for zone in Zone.all(in: region) { addDefaultSubnet(in: zone, of: vpc, from: &generator) }
    let gateway = InternetGateway(id: "igw-" + generator.hex(17), vpc: vpc.id)
    gateways[gateway.id] = gateway
    routeTables[table]?.routes = [.init(destination: IPv4Block(base: 0, bits: 0), gateway: gateway.id)]
    return vpc
  }

  /// A VPC with what comes with it: its default security group and its main route table, whose id is returned.
  @discardableResult
  mutating func add(_ vpc: VPC, from generator: inout SeededGenerator) -> String {
    vpcs[vpc.id] = vpc
    let group = "sg-" + generator.hex(17)
    let table = "rtb-" + generator.hex(17)
    groups[group] = SecurityGroup(
      id: group, name: "default", description: "default VPC security group", vpc: vpc.id,
      rules: [
        SecurityGroupRule(
          id: "sgr-" + generator.hex(17), isEgress: false, protocolName: "-1", peer: .group(group)),
        .everythingOut(from: &generator),
      ])
    routeTables[table] = RouteTable(
      id: table, vpc: vpc.id, associations: [.init(id: "rtbassoc-" + generator.hex(17))])
    return table
  }

  /// The first /20 of the VPC that is free.
  @discardableResult
  mutating func addDefaultSubnet(
    in zone: Zone, of vpc: VPC, from generator: inout SeededGenerator
  ) -> Subnet? {
    let blocks = (0..<16).map { IPv4Block(base: vpc.block.base | UInt32($0) << 12, bits: 20) }
    let taken = subnets.values.filter { $0.vpc == vpc.id }.map(\.block)
    guard let block = blocks.first(where: { block in !taken.contains { $0.overlaps(block) } }) else {
      return nil
    }
    let subnet = Subnet(
      id: "subnet-" + generator.hex(17), vpc: vpc.id, zone: zone.name, zoneID: zone.id, block: block,
      isDefault: true, mapsPublicAddresses: true)
    subnets[subnet.id] = subnet
    return subnet
  }

  var defaultVPC: VPC? { vpcs.values.first(where: \.isDefault) }

  func defaultGroup(of vpc: String) -> SecurityGroup? {
    groups.values.first { $0.vpc == vpc && $0.name == "default" }
  }

  func mainRouteTable(of vpc: String) -> RouteTable? {
    routeTables.values.first { $0.vpc == vpc && $0.isMain }
  }
}

extension SecurityGroupRule {
  /// What every new group has.
  static func everythingOut(from generator: inout SeededGenerator) -> SecurityGroupRule {
    SecurityGroupRule(
      id: "sgr-" + generator.hex(17), isEgress: true, protocolName: "-1", peer: .ipv4("0.0.0.0/0"))
  }
}

extension Realm {
  func initialNetwork(_ region: String) -> EC2Region {
    .initial(
      account: current.accountID, region: region, hasDefaultVPC: current.settings.hasDefaultVPC)
  }

  func network(_ region: String) -> EC2Region { current.ec2[region] ?? initialNetwork(region) }
}

extension Call {
  /// The network of the call's Region; what equals the beginning is not kept.
  var network: EC2Region {
    get { realm.network(region) }
    set { realm.state.ec2[region] = newValue == realm.initialNetwork(region) ? nil : newValue }
  }
}
