import Foundation
import GatewayCore
import NIOCore

extension ListenAddress {
  /// Why serving at this address ended, with what was expected and what to do.
  func problem(_ error: any Error) -> String {
    guard let code = (error as? IOError)?.errnoCode else { return "\(host):\(port): \(error)" }
    let (found, remedy): (String, String) =
      switch code {
      case EADDRINUSE:
        ("a port in use", "stop the program that listens there, or name another port with --listen or listen")
      case EADDRNOTAVAIL: ("an address of another machine", "name an address of this machine with --listen or listen")
      case EACCES, EPERM: ("a port that this user may not use", "name a port above 1023 with --listen or listen")
      default: ("\(error)", "name another address with --listen or listen")
      }
    return "\(host):\(port): expected a free address to listen on, found \(found); \(remedy)"
  }
}
