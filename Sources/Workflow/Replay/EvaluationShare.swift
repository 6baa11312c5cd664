package import RequestLog
import Statistics
import TextKit

/// The conversations that are kept from every training, tuning and choice of thresholds, so that their labels can judge any model.
///
/// Which ones they are follows from a salt and the conversation's name alone, of a request by itself from its id: the same in every
/// log and at any time.
package struct EvaluationShare: Sendable, Hashable {
  /// Decides which conversations.
  package var salt: String
  /// How many of them, above 0 and below 1.
  package var share: Double

  package init(salt: String, share: Double = 0.2) {
    self.salt = salt
    self.share = share
  }

  /// Whether a conversation is kept for evaluation: the upper 53 bits of a mixed FNV-1a hash of salt, a zero byte and name.
  package func contains(_ name: String) -> Bool {
    var hash = ContentHash(salt)
    hash.append(0)
    for byte in name.utf8 { hash.append(byte) }
    return Double(SplitMix64.mixed(hash.value) >> 11) * 0x1p-53 < share
  }

  /// Whether a record is one of its turns.
  package func contains(_ record: LogRecord) -> Bool { contains(record.conversation ?? record.id) }
}
