import Glibc

// cairn-fuzz: libFuzzer's two entry points, and the readers of outside data by name. One program holds them all;
// `CAIRN_FUZZ` in its environment chooses one. A target gives a reader whatever bytes come; the reader may refuse them
// with its typed error, and may not trap, hang, overflow the stack or eat the memory. Some targets ask for more: what
// was read, written and read again is the same.
//
// The rooms are built for testing, so that a target reaches readers that no other room sees.

/// A target: whatever bytes come.
typealias Target = (borrowing [UInt8]) -> Void

/// The target called `name`.
private func target(_ name: String) -> Target? {
  switch name {
  case "xml": readXML
  case "json": readJSON
  case "responses": Service.readResponse
  case "endpoints": findEndpoint
  case "events": readEvents
  case "requests": Service.writeRequest
  case "server": Service.readRequest
  case "models": readModel
  case "signatures": readSignature
  case "wire": readWire
  case "ini": readINI
  case "jmespath": readJMESPath
  case "shorthand": readShorthand
  case "shell": readShell
  default: nil
  }
}

/// Chosen once, before the first input; libFuzzer calls from one thread.
nonisolated(unsafe) private var chosen: Target = { _ in }

@_cdecl("LLVMFuzzerInitialize")
public func initialize(
  _ count: UnsafeMutablePointer<CInt>?, _ words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
  let name = environment("CAIRN_FUZZ") ?? ""
  guard let found = target(name) else {
    complain("cairn-fuzz: CAIRN_FUZZ names no target: \"\(name)\"")
    exit(2)
  }
  chosen = found
  // A handler that runs on the stack that has just overflowed could not name the input.
  let size = 1 << 17
  var stack = stack_t()
  stack.ss_sp = malloc(size)
  stack.ss_size = size
  sigaltstack(&stack, nil)
  return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  chosen(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}

func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

func complain(_ text: String) {
  let line = Array("\(text)\n".utf8)
  _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
}

/// Ends the run and leaves the input behind, with a line that says which promise was broken.
func broken(_ promise: String) -> Never {
  complain("cairn-fuzz: broken: \(promise)")
  abort()
}
