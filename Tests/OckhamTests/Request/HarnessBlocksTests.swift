import Testing

@testable import Ockham

/// Where blocks are, against plain searches.
struct HarnessBlocksTests {
  /// A byte is found wherever it stands, eight at a time or at the end, among bytes that differ from it by one bit.
  @Test func bytesAreFoundAtEveryPlace() {
    for byte in [0x3C, 0x00, 0x0A, 0x5D, 0x80, 0xFF] as [UInt8] {
      for other in [byte ^ 0x80, byte ^ 0x01, byte &- 1, byte &+ 1] {
        for count in 0...27 {
          var text = [UInt8](repeating: other, count: count)
          for start in 0...count { #expect(HarnessBlocks.next(byte, in: text.span, from: start) == nil) }
          for place in text.indices {
            text[place] = byte
            for start in 0...count {
              #expect(HarnessBlocks.next(byte, in: text.span, from: start) == (start <= place ? place : nil))
            }
            text[place] = other
          }
        }
      }
    }
  }

  /// Merged, ranges cover what they covered, in order, without touching; in whatever order they came.
  @Test func mergingKeepsWhatIsCovered() {
    var draws = SplitMix64(seed: 8)
    for _ in 0..<2000 {
      let ranges = (0..<draws.next() % 6).map { _ in
        let start = Int(draws.next() % 20)
        return start..<start + 1 + Int(draws.next() % 5)
      }
      let merged = HarnessBlocks.merged(ranges)
      #expect(Set(merged.flatMap { Array($0) }) == Set(ranges.flatMap { Array($0) }))
      #expect(zip(merged, merged.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound })
      #expect(HarnessBlocks.merged(ranges.reversed()) == merged && HarnessBlocks.merged(merged) == merged)
    }
  }

  /// Blocks of two names by a stack for each of them, tag by tag.
  @Test func blocksAreThoseOfAStack() {
    var draws = SplitMix64(seed: 21)
    let tags = ["<env>", "</env>", "<reminder>", "</reminder>", "<b>", "</b>", "x"]
    for _ in 0..<3000 {
      let list = (0..<draws.next() % 9).map { _ in tags[Int(draws.next() % UInt64(tags.count))] }
      var (open, ranges, place): ([String: [Int]], [Range<Int>], Int) = ([:], [], 0)
      for tag in list {
        let name = tag.filter(\.isLetter)
        if tag.hasPrefix("</"), name != "b" {
          if let start = open[name]?.popLast() { ranges.append(start..<place + tag.utf8.count) }
        } else if tag.hasPrefix("<"), name != "b" {
          open[name, default: []].append(place)
        }
        place += tag.utf8.count
      }
      let text = Array(list.joined().utf8)
      #expect(HarnessBlocks(in: text.span).ranges == HarnessBlocks.merged(ranges), "\(list.joined())")
    }
  }

  /// Names are their letters and digits, in any case and with any marks between; attributes are no part of them.
  @Test(
    arguments: [
      ("<system-reminder>", true), ("<SYSTEM_REMINDER>", true), ("<systemReminder >", true),
      ("<system.reminder:>", true),
      ("<system reminder>", true), (#"<system-reminder id="a>">"#, true), ("<system-reminder a='b' c=\"d\">", true),
      ("<system-reminder/>", false), ("<system-reminders2>", false), ("< system-reminder>", true), ("<système>", false),
      ("<system-reminder\n>", false), ("<system-reminder a=\"b\nc\">", false), ("<system-reminder<>", false),
      ("<\(String(repeating: "-", count: 400))system-reminder>", true),
      ("<\(String(repeating: "-", count: 600))system-reminder>", false),
      ("<\(String(repeating: "x", count: 49))>", false), ("<>", false),
    ] as [(String, Bool)])
  func tagsAreRead(tag: String, opens: Bool) {
    let text = Array((tag + "inside</system-reminder>").utf8)
    #expect(HarnessBlocks(in: text.span).ranges == (opens ? [0..<text.count] : []), "\(tag)")
  }

  /// The last message but those of the system says whether a tool answered.
  @Test(
    arguments: [
      ([], false), ([.tool], true), ([.user, .tool], true), ([.tool, .user], false), ([.tool, .system], true),
      ([.tool, .assistant], false), ([.system], false), ([.tool, .system, .system], true),
      ([.tool, .user, .system], false),
    ] as [([Role], Bool)])
  func toolsContinueATurn(roles: [Role], isContinuation: Bool) {
    let request = Request(segments: roles.map { Segment(role: $0, text: "x") })
    #expect(request.isToolContinuation == isContinuation)
  }
}
