import Foundation
import Testing

@testable import ChatProtocols

struct GatewayErrorTests {
  /// What the page on the gateway says of each code: `| `code`, `code` | status | … |`.
  private func documented() throws -> [String: Int?] {
    let root = URL(filePath: #filePath).appending(path: "../../../..").standardized
    let page = try String(
      contentsOf: root.appending(path: "Sources/Ockham/Ockham.docc/Gateway.md"), encoding: .utf8)
    let rows = page.split(separator: "\n").drop { $0 != "| code | status | |" }.dropFirst(2).prefix {
      $0.hasPrefix("|")
    }
    var statuses: [String: Int?] = [:]
    for row in rows {
      let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      for code in cells[0].split(separator: ", ") { statuses[code.filter { $0 != "`" }] = .some(Int(cells[1])) }
    }
    return statuses
  }

  @Test func everyCodeHasTheStatusOfThePage() throws {
    var documented = try documented()
    // Named below the table, or without a status of its own.
    documented["invalid_http"] = 400
    documented["stream_interrupted"] = 502
    #expect(Set(documented.keys) == Set(GatewayError.Code.allCases.map(\.rawValue)))
    for code in GatewayError.Code.allCases {
      #expect(documented[code.rawValue] == code.status, "\(code)")
      #expect(GatewayError(code, message: "").status == code.status)
    }
  }

  @Test func aProvidersStatusCounts() {
    #expect(GatewayError(.upstreamRejected, status: 418, message: "").status == 418)
  }
}
