import Foundation

/// The address space of this process and its limit (`ulimit -v`).
package enum AddressSpace {
  /// The limit in bytes; `nil` for none.
  package static let limit: UInt64? = {
    var limit = rlimit()
    #if canImport(Darwin)
      let result = unsafe getrlimit(RLIMIT_AS, &limit)
    #else
      let result = unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    #endif
    return result == 0 && limit.rlim_cur < UInt64.max >> 1 ? UInt64(limit.rlim_cur) : nil
  }()

  /// Whether so many bytes could be had at this moment.
  static func hasRoom(bytes: Int) -> Bool {
    let found = unsafe mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let found = unsafe found, unsafe found != MAP_FAILED else { return false }
    return unsafe munmap(found, bytes) == 0
  }
}
