import Foundation
import Testing

@testable import Ockham

/// Files that are damaged in one way each.
struct RefusalTests {
  @Test func eachIsRefusedForItsReason() {
    for refusal in Refusal.all {
      #expect(throws: refusal.error, "\(refusal.name)") { _ = try Model(refusal.bytes) }
    }
    #expect(Refusal.all.count >= 100)
    #expect(Set(Refusal.all.map(\.name)).count == Refusal.all.count)
  }

  /// The messages as they are printed; `refusals.txt` is the list to review.
  @Test func messagesAreThoseOnFile() throws {
    let expected = String(decoding: try GoldenFiles.bytes("refusals.txt"), as: UTF8.self).split(separator: "\n")
    let found = Refusal.all.map { "\($0.name)\n  \($0.error)" }.joined(separator: "\n").split(separator: "\n")
    #expect(found.count == expected.count)
    for (found, expected) in zip(found, expected) { #expect(found == expected) }
  }

  @Test func everyKindOfErrorOccurs() {
    let kinds = Set(Refusal.all.map { String(describing: Mirror(reflecting: $0.error).children.first?.label ?? "") })
    #expect(kinds.count == 14)
  }

  @Test func longAndWildNamesAreCutInMessages() {
    let name = String(repeating: "x", count: 500) + "\n"
    #expect(ModelFileError.missingTensor(name).description.count < 200)
    #expect(!ModelFileError.missingTensor("a\nb\u{1B}[2J").description.contains { $0.isNewline || $0 == "\u{1B}" })
  }
}
