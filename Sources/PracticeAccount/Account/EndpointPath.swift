import ServiceModels
import Wire

/// A request that was sent to a VPC endpoint, as its host says: `vpce-ID.localhost`, `BUCKET.vpce-ID.localhost`, or a DNS
/// name of the endpoint (`BUCKET.bucket.vpce-ID-LABEL.s3.REGION.vpce.amazonaws.com`).
struct EndpointPath: Sendable {
  var endpoint: String
  /// What stands before the endpoint: S3's bucket.
  var bucket: String?

  init?(_ request: HTTPRequest) {
    let host = request.headers["Host"] ?? request.host
    guard host.contains("vpce-") else { return nil }
    let name = host.lowercased().prefix { $0 != ":" }
    let labels = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let index = labels.firstIndex(where: { Self.id(in: $0) != nil }),
      let id = Self.id(in: labels[index])
    else { return nil }
    let rest = labels[(index + 1)...].joined(separator: ".")
    guard rest == "localhost" || rest.contains(".vpce.amazonaws.com") else { return nil }
    endpoint = id
    var before = Array(labels[..<index])
    // S3's names begin with the kind of endpoint (S3 user guide, "AWS PrivateLink for Amazon S3").
    if before.last == "bucket" { before.removeLast() }
    bucket = before.isEmpty ? nil : before.joined(separator: ".")
  }

  /// `vpce-` and 17 digits, whatever follows after a hyphen.
  private static func id(in label: String) -> String? {
    guard label.hasPrefix("vpce-") else { return nil }
    let id = label.dropFirst(5).prefix { $0.isHexDigit }
    let tail = label.dropFirst(5 + id.count)
    return id.count == 17 && (tail.isEmpty || tail.hasPrefix("-")) ? "vpce-\(id)" : nil
  }

  /// The request as it would have come past the endpoint.
  func plain(_ request: HTTPRequest) -> HTTPRequest {
    var request = request
    let host = (bucket.map { $0 + "." } ?? "") + "localhost"
    request.headers["Host"] = host
    request.host = host
    return request
  }
}

/// An endpoint that lets a request through, and from where in its VPC the request comes.
struct ReachedEndpoint: Sendable {
  var id: String
  var vpc: String
  /// The address of the instance that is thought to send the request.
  var address: String
  var policy: String
}

extension Realm {
  /// What a request meets at the endpoint. It is thought to come from an instance in the endpoint's VPC that has the VPC's
  /// default security group and the first address of a subnet: of the interface's, or of one that is routed to the
  /// gateway.
  ///
  /// - Throws: what takes the place of a connection that AWS would leave without an answer.
  func reach(_ path: EndpointPath, service: String, region: String) throws(ServiceFault) -> ReachedEndpoint {
    func unreachable(_ reason: String) -> ServiceFault {
      remark("ec2", path.endpoint, "A \(service) call got no answer from \(path.endpoint): \(reason).")
      return fault(
        "EndpointUnreachable",
        "No connection to \(path.endpoint): \(reason). AWS would not answer at all; the client would wait in vain.",
        503)
    }
    let network = network(region)
    guard let endpoint = network.endpoints[path.endpoint], endpoint.isThere else {
      throw unreachable("there is no such VPC endpoint in \(region)")
    }
    guard endpoint.state == "available" else { throw unreachable("its state is \(endpoint.state)") }
    let short = service == "resourcegroupstaggingapi" ? "tagging" : service
    guard endpoint.service == "com.amazonaws.\(region).\(short)" else {
      throw unreachable("it leads to \(endpoint.service)")
    }
    let from =
      endpoint.type == "Gateway" ? network.subnetRouted(to: endpoint) : endpoint.interfaces.first?.subnet
    guard let subnet = from.flatMap({ network.subnets[$0] }) else {
      throw unreachable(
        endpoint.type == "Gateway"
          ? "no subnet's route table has a route to it" : "it has no network interface in any subnet")
    }
    let address = subnet.block.address(4)
    if endpoint.type == "Interface", !network.admits(address, to: endpoint) {
      throw unreachable(
        "none of its security groups (\(endpoint.groups.joined(separator: ", "))) lets traffic in on port 443 from "
          + "\(address) or from the default security group")
    }
    return ReachedEndpoint(id: endpoint.id, vpc: endpoint.vpc, address: address, policy: endpoint.policy)
  }
}

extension EC2Region {
  /// The first subnet whose route table, its own or the main one, has the gateway's route.
  fileprivate func subnetRouted(to endpoint: VPCEndpoint) -> String? {
    subnets.values.filter { $0.vpc == endpoint.vpc }.sorted { ($0.zone, $0.id) < ($1.zone, $1.id) }.first {
      subnet in
      let own = routeTables.values.first { $0.associations.contains { $0.subnet == subnet.id } }
      let table = own ?? mainRouteTable(of: endpoint.vpc)
      return table.map { endpoint.routeTables.contains($0.id) } ?? false
    }?.id
  }

  /// Whether a rule of the endpoint's groups lets HTTPS in from the address, or from the VPC's default group.
  fileprivate func admits(_ address: String, to endpoint: VPCEndpoint) -> Bool {
    let home = defaultGroup(of: endpoint.vpc)?.id
    return endpoint.groups.compactMap { groups[$0] }.flatMap(\.rules).contains { rule in
      guard !rule.isEgress else { return false }
      guard rule.protocolName == "-1" || rule.protocolName == "tcp",
        (rule.fromPort ?? 0) <= 443, 443 <= (rule.toPort ?? 65_535)
      else { return false }
      return switch rule.peer {
      case .ipv4(let block): AddressRange(block)?.contains(address) ?? false
      case .group(let id): id == home
      case .ipv6, .prefixList: false
      }
    }
  }
}

extension AccessQuestion {
  /// The question as it is asked of what came by an endpoint (IAM user guide, "AWS global condition context keys").
  func by(_ endpoint: ReachedEndpoint, in realm: Realm) -> AccessQuestion {
    var copy = self
    copy.endpoint = NamedPolicy(name: "of \(endpoint.id)", document: realm.document(endpoint.policy))
    copy.context["aws:SourceVpce"] = [endpoint.id]
    copy.context["aws:SourceVpc"] = [endpoint.vpc]
    copy.context["aws:VpcSourceIp"] = [endpoint.address]
    return copy
  }
}
