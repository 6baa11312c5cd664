import Testing

@testable import TextKit

/// Tables and emphasis for terminals, of cells that strangers wrote.
@Suite struct TextTableTests {
  private let plain = TextStyle(isColoured: false)
  private let coloured = TextStyle(isColoured: true)

  @Test func columnsAreAligned() {
    var table = TextTable(["model", "dollars", "note"], wordColumns: [0, 2])
    table.append(["a", "1.00", "first"])
    table.append(["größer 👩‍👩‍👧", "10.50", ""])
    #expect(
      table.text() == """
        model     dollars  note
        --------  -------  -----
        a            1.00  first
        größer 👩‍👩‍👧    10.50
        """)
    #expect(TextTable(["a", "bc"]).text() == "a  bc\n-  --", "titles stand without rows")
  }

  /// Whatever cells hold: a line per row, none longer than its columns, no space at its end, nothing that commands a terminal.
  @Test func cellsCannotBreakTheTable() {
    let hostile = [
      "a\nb", "\r\n\r\n", "\u{1B}[31mred", "\u{202E}txt", "  padded  ", "", "\u{2028}",
      String(repeating: "x", count: 500),
      "e" + String(repeating: "\u{301}", count: 500), "<script>", "\u{0}",
    ]
    for first in hostile {
      for second in hostile {
        var table = TextTable(["name", "value"])
        table.append([first, second])
        table.append(["end", "1"], isEmphasised: true)
        let lines = table.text().split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 4 && lines.allSatisfy { !$0.hasSuffix(" ") })
        let width = lines[1].count
        #expect(lines.allSatisfy { $0.count <= width } && width <= 2 * TextTable.maximumCellScalars + 2)
        #expect(lines.joined().unicodeScalars.allSatisfy { !SafeText.isHidden($0) })
        // The last column is one of numbers: its cells end where it ends.
        #expect(lines[3].count == width && lines[3].hasPrefix("end ") && lines[3].hasSuffix(" 1"))
      }
    }
  }

  @Test func theRowInQuestionStandsOut() {
    var table = TextTable(["a"])
    table.append(["one"])
    table.append(["two"], isEmphasised: true)
    #expect(table.text() == "a\n---\none\ntwo")
    #expect(table.text(coloured) == "a\n\u{1B}[2m---\u{1B}[0m\none\n\u{1B}[1mtwo\u{1B}[0m")
  }

  /// Own emphasis passes, and no other escape: neither of another kind, nor a part of one, nor with a mark upon it.
  @Test(arguments: [
    "\u{1B}[31mred\u{1B}[39m", "\u{1B}", "\u{1B}[", "\u{1B}[1", "\u{1B}[1\u{301}m", "\u{1B}[1m\u{301}",
    "\u{1B}]0;x\u{7}",
    "\u{1B}[1;31m", "\u{1B}[2J", "\u{1B}\u{1B}[5m", "\u{9B}1m", "a\u{1B}[m",
  ]) func nothingElseCommandsTheTerminal(text: String) {
    let line = coloured.strong("own") + text + coloured.faint("own")
    let safe = coloured.safe(line)
    #expect(safe.hasPrefix("\u{1B}[1mown\u{1B}[0m") && safe.hasSuffix("\u{1B}[2mown\u{1B}[0m"))
    let between = safe.dropFirst(coloured.strong("own").count).dropLast(coloured.faint("own").count)
    #expect(between.unicodeScalars.allSatisfy { !SafeText.isHidden($0) }, "\(between.debugDescription)")
    #expect(plain.safe(line).unicodeScalars.allSatisfy { !SafeText.isHidden($0) })
    #expect(plain.strong("a") + plain.faint("b") == "ab")
  }
}
