import Evaluation
import Registry
import TextKit

extension ScoredLog {
  /// SHA-256 over what a guarantee is made from: each row's id, weight, and by tier its probability, quality and cost, in the order of the rows.
  /// Anyone who has the log can reckon it; no text of a request goes into it.
  var numbersSHA256: String {
    var bytes: [UInt8] = []
    func append(_ value: Double) {
      let bits = value.isNaN ? Double.nan.bitPattern : value.bitPattern
      for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift))) }
    }
    for row in 0..<rowCount {
      bytes += Array(origins[row].id.utf8) + [0]
      append(weights[row])
      for tier in 0..<tierCount {
        append(Double(probability[row, tier]))
        append(quality[row, tier])
        append(cost[row, tier])
      }
    }
    return ContentDigest.hexadecimal(of: bytes)
  }
}
