import Glibc
import Lessons

// Standard output and standard error. What the program says goes out without control characters, whatever a lesson
// or an account put into it; only `cairn aws` writes bytes as they are.

func writeOutput(_ text: String) {
  _ = writeBytes(Array(text.withoutControls.utf8), to: 1)
}

/// `text` may be coloured; whoever made it has taken care of what is not its own.
func writeError(_ text: String) {
  _ = writeBytes(Array(text.utf8), to: 2)
}

/// Writes all of `bytes`. False if nobody reads them any more or they cannot be written.
@discardableResult
func writeBytes(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
  var rest = bytes[...]
  while !rest.isEmpty {
    let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if written < 0 {
      if errno == EINTR { continue }
      return false
    }
    rest = rest.dropFirst(written)
  }
  return true
}
