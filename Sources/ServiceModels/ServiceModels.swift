// ServiceModels: AWS's service models as data, and the wire protocols that they describe.
//
// A model says which operations a service has, what goes in and what comes out. From it this
// room builds and parses requests and responses of the protocols json, query, ec2, rest-json
// and rest-xml, in both directions: a client needs one pair, the practice account the other.
//
// Decisions:
// - One representation. A packed file (see `PackedFile`) is mapped and read in place; botocore's
//   JSON is packed in memory first. Either way the accessors below read the same words.
// - Shapes are materialised when somebody asks and then kept: an operation costs what it touches.
// - No I/O but mapping a model file and reading raw ones; no clock, no randomness, no network: callers pass them in.
// - Data from outside (files, bodies) never traps: it is a typed error or an absent value.
// - It refuses to know any one service but through its model; S3's few departures from its own
//   model (bucket in the path, HostId in errors) are tables in the protocol files.
