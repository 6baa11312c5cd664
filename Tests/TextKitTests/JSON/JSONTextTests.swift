import Testing

@testable import TextKit

@Suite struct JSONTextTests {
  private let document = JSONNode.object([
    ("rows", .integer(3)), ("share", .figures([0.5, nil, .infinity, 2])), ("name", .string("a \"b\"")),
    ("by", .array([.object([("x", .figure(1e20))])])), ("none", .array([])),
  ])

  @Test func membersKeepTheirOrderAndPlainListsTheirLine() {
    #expect(
      document.text() == """
        {
          "rows": 3,
          "share": [0.5, null, null, 2],
          "name": "a \\"b\\"",
          "by": [
            {
              "x": 1e+20
            }
          ],
          "none": []
        }
        """)
  }

  @Test func oneLineReadsBack() throws {
    let text = document.text(indent: nil)
    #expect(!text.contains("\n"))
    #expect(try JSONParser.parse(Array(text.utf8)) == document)
  }
}
