import Glibc

/// glibc functions that Swift's import of Glibc hides because they are not POSIX; found by name at run time.
enum GNU {
  private typealias AddChangeDirectory =
    @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, UnsafePointer<CChar>) -> CInt
  private typealias Pipe = @convention(c) (UnsafeMutablePointer<CInt>, CInt) -> CInt

  /// `posix_spawn_file_actions_addchdir_np`, glibc 2.29.
  static func addChangeDirectory(
    _ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>, _ path: String
  ) -> CInt {
    guard let symbol = dlsym(nil, "posix_spawn_file_actions_addchdir_np") else { return ENOSYS }
    // The symbol has the type that <spawn.h> gives it.
    return unsafeBitCast(symbol, to: AddChangeDirectory.self)(actions, path)
  }

  private typealias AddCloseFrom =
    @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, CInt) -> CInt

  /// `posix_spawn_file_actions_addclosefrom_np`, glibc 2.34; an older one leaves descriptors to their close-on-exec.
  static func addCloseFrom(_ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>, _ first: CInt) {
    guard let symbol = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") else { return }
    // The symbol has the type that <spawn.h> gives it.
    _ = unsafeBitCast(symbol, to: AddCloseFrom.self)(actions, first)
  }

  /// A pipe whose ends no child inherits by accident: (read, write), or nil where there are no descriptors left.
  static func pipe() -> (read: CInt, write: CInt)? {
    guard let symbol = dlsym(nil, "pipe2") else { return nil }
    var ends: [CInt] = [-1, -1]
    // The symbol has the type that <unistd.h> gives it.
    guard unsafeBitCast(symbol, to: Pipe.self)(&ends, O_CLOEXEC) == 0 else { return nil }
    return (ends[0], ends[1])
  }

  private typealias MemoryFile = @convention(c) (UnsafePointer<CChar>, CUnsignedInt) -> CInt

  /// A nameless file in memory (`memfd_create`, glibc 2.27), close-on-exec; -1 where there is none to be had.
  static func memoryFile() -> CInt {
    guard let symbol = dlsym(nil, "memfd_create") else { return -1 }
    // The symbol has the type that <sys/mman.h> gives it; 1 is MFD_CLOEXEC.
    return unsafeBitCast(symbol, to: MemoryFile.self)("here-document", 1)
  }
}
