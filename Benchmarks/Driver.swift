import Glibc

// What a benchmark of several processes has to do with the script that starts them.

/// What the script said in the environment.
func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// Becomes the script that knows how to set this up.
func becomeDriver(_ script: String, _ words: [String]) {
  var buffer = [CChar](repeating: 0, count: 4096)
  let count = readlink("/proc/self/exe", &buffer, buffer.count)
  let own = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  let all = [script] + words + ["--bench", own]
  var arguments: [UnsafeMutablePointer<CChar>?] = all.map { strdup($0) } + [nil]
  fflush(nil)
  execv(script, &arguments)
  print("\(script) cannot be run from here: go to the repository's root")
}
