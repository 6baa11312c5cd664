import ChatProtocols
import TextKit
import Testing

@testable import GatewayCore

/// The items of a stored conversation, page by page.
struct InputItemPageTests {
  /// A response with so many items before its own answer, every third with an id of its own.
  private static func entry(_ count: Int, outputs: Int = 1) throws -> ResponseStore.Entry {
    let store = ResponseStore()
    store.use(StoredResponsesConfiguration())
    var last: ResponseTurn?
    let items = (0..<count).map { number in
      #"{\#(number % 3 == 0 ? #""id":"own\#(number)","# : "")"role":"user","content":"\#(number)"}"#
    }
    // In turns of two, as conversations grow.
    for start in stride(from: 0, to: count, by: 2) {
      let turn = items[start..<min(count, start + 2)].joined(separator: ",")
      store.keep("turn\(start)", of: nil, body: [], items: Array(turn.utf8), after: last, at: 0)
      last = store.entry("turn\(start)", of: nil, at: 0)?.turn
    }
    let output = (0..<outputs).map { #"{"type":"message","role":"assistant","content":"answer \#($0)"}"# }
      .joined(separator: ",")
    store.keep(
      "r", of: nil, body: Array(#"{"id":"resp_1","output":[\#(output)]}"#.utf8), items: Array(output.utf8), after: last,
      at: 0)
    return try #require(store.entry("r", of: nil, at: 0))
  }

  private static func texts(_ page: JSONNode) -> [String] {
    (page["data"]?.elements ?? []).compactMap { $0["content"]?.elements?.first?["text"]?.string }
  }

  /// A client that follows `last_id` while there is more sees each item once, in order, whatever the size of the pages.
  @Test(arguments: [0, 1, 2, 5, 9], ["asc", "desc"]) func pagesAddUpToTheWhole(count: Int, order: String) throws {
    let entry = try Self.entry(count, outputs: count % 3)
    let all = (0..<count).map(String.init)
    for limit in 1...count + 1 {
      var (seen, after, isMore, pages): ([String], String, Bool, Int) = ([], "", true, 0)
      while isMore, pages <= count {
        let page = try InputItemPage(query: "limit=\(limit)&order=\(order)&after=\(after)&include=x").list(of: entry)
        seen += Self.texts(page)
        let ids = (page["data"]?.elements ?? []).map { $0["id"]?.string }
        #expect(ids.first ?? nil == page["first_id"]?.string && ids.last ?? nil == page["last_id"]?.string)
        #expect(Self.texts(page).count == min(limit, count - (seen.count - Self.texts(page).count)))
        after = page["last_id"]?.string ?? ""
        isMore = page["has_more"]?.boolean == true
        pages += 1
      }
      #expect(seen == (order == "asc" ? all : all.reversed()) && pages == max(1, (count + limit - 1) / limit))
    }
  }

  /// Ids are those of the client, or made of the response and the place: the same on every page.
  @Test func itemsHaveIdsThatStay() throws {
    let entry = try Self.entry(5)
    let page = try InputItemPage(query: "order=asc").list(of: entry)
    let ids = page["data"]?.elements?.compactMap { $0["id"]?.string }
    #expect(ids == ["own0", "msg_resp_1_1", "msg_resp_1_2", "own3", "msg_resp_1_4"])
    let last = try InputItemPage(query: "limit=1").list(of: entry)
    #expect(last["data"]?.elements?.first == page["data"]?.elements?.last)
  }

  @Test(arguments: [
    ("limit=0", "limit"), ("limit=101", "limit"), ("limit=", "limit"), ("limit=ten", "limit"), ("order=up", "order"),
    ("order", "order"), ("limit=5&limit=1000", "limit"),
  ])
  func badQueriesAreNamed(query: String, param: String) {
    let error = gatewayError { _ = try InputItemPage(query: query) }
    #expect(error?.code == .invalidValue && error?.param == param && error?.status == 400)
    #expect(error?.message.contains("expected") == true)
  }

  @Test func anIdOfAnotherResponseIsAnError() throws {
    let entry = try Self.entry(3)
    // The answer is no input, and is behind no item.
    for id in ["own1", "msg_resp_2_1", "msg_resp_1_3"] {
      let error = gatewayError { _ = try InputItemPage(query: "after=\(id)").list(of: entry) }
      #expect(error?.param == "after", "\(id)")
    }
  }

  @Test func withoutAQueryTheLatestTwentyCome() throws {
    for query in [nil, "", "&&", "after=", "unknown=1"] as [String?] {
      let page = try InputItemPage(query: query).list(of: Self.entry(30))
      #expect(Self.texts(page) == (10..<30).reversed().map(String.init) && page["has_more"]?.boolean == true)
    }
  }
}
