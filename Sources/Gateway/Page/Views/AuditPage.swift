import ChatProtocols
import GatewayCore
import TextKit

/// Answers side by side, blind, for a person to rate: one key a pair.
struct AuditPage {
  let queue: RatingQueue
  let visitor: PageVisitor?
  let mayRate: Bool

  var main: PageMarkup {
    """
    <h1>Audit</h1>
    <p>\(NumberFormat.count(queue.items.count)) pairs wait, you rated \(NumberFormat.count(queue.rated)) of those that were drawn from \
    \(NumberFormat.count(queue.pairs)). Which tier gave which answer is not shown, and chance says which stands first. Judge against \
    the request alone.</p>
    \(queue.items.first.map(pair) ?? empty)
    """
  }

  private var empty: PageMarkup {
    .missing(
      queue.pairs == 0
        ? "There is nothing to rate: no request of the last 30 days has two rated answers whose texts are kept. Set shadow with a judge, and telemetry.prompts: full."
        : "All drawn pairs are rated. New ones come with new labels.")
  }

  private func pair(_ item: RatingQueue.Item) -> PageMarkup {
    """
    <section aria-labelledby="request"><h2 id="request">Request</h2>
    <p class="faint">\(item.task ?? "no kind of task is known")</p>
    <pre tabindex="0" class="prompt">\(LoggedText.request(item.request))</pre>
    </section>
    <div class="pair">
    <section aria-labelledby="first"><h2 id="first">First answer</h2><pre tabindex="0">\(LoggedText.answer(item.left.answer))</pre></section>
    <section aria-labelledby="second"><h2 id="second">Second answer</h2><pre tabindex="0">\(LoggedText.answer(item.right.answer))</pre></section>
    </div>
    \(mayRate ? form(item) : .missing("Your key may read. To rate, log in with one whose role is rate or administer."))
    """
  }

  private func form(_ item: RatingQueue.Item) -> PageMarkup {
    let buttons = PairVerdict.allCases.map { verdict -> PageMarkup in
      """
      <button name="verdict" value="\(verdict.rawValue)" data-key="\(verdict.key)" aria-keyshortcuts="\(verdict.key)">\
      <kbd>\(verdict.key)</kbd> \(verdict.name)</button>
      """
    }
    return """
      <form method="post" action="/audit" class="verdicts" aria-label="Your rating">
      \(PageText.token(visitor))
      <input type="hidden" name="request_id" value="\(item.requestID)">
      \(buttons)
      </form>
      """
  }
}

extension PageRoute {
  static let audit = page("/audit") { call throws(GatewayError) in
    let queue = try await call.ratingQueue()
    return PageText(call: call, part: "/audit", title: "Audit").response(
      AuditPage(queue: queue, visitor: call.visitor, mayRate: call.visitor?.role ?? .read >= .rate).main, isLive: false)
  }

  static let auditData = data("/admin/api/audit") { call throws(GatewayError) in
    let queue = try await call.ratingQueue()
    let next = queue.items.first.map { item -> JSONNode in
      .object([
        ("request_id", .string(item.requestID)), ("task", item.task.map(JSONNode.string) ?? .null),
        ("request", .string(LoggedText.request(item.request))), ("left", .string(LoggedText.answer(item.left.answer))),
        ("right", .string(LoggedText.answer(item.right.answer))),
      ])
    }
    return .json(
      JSONNode.object([
        ("waiting", .integer(queue.items.count)), ("rated", .integer(queue.rated)), ("pairs", .integer(queue.pairs)),
        ("next", next ?? .null),
      ]).jsonBytes)
  }

  static let rate = PageRoute(method: "POST", template: "/audit", kind: .page, role: .rate) {
    call throws(GatewayError) in
    try await call.rate()
    return OutgoingResponse(status: 303, headers: [("location", "/audit")], body: .whole([]))
  }

  static let rateData = action("/admin/api/ratings", role: .rate) { call throws(GatewayError) in
    let item = try await call.rate()
    return .json(JSONNode.object([("request_id", .string(item.requestID))]).jsonBytes)
  }
}

extension PageCall {
  /// What the visitor may rate: texts are not for those who only read.
  fileprivate func ratingQueue() async throws(GatewayError) -> RatingQueue {
    guard visitor?.role ?? .read >= .rate else { return RatingQueue([], for: "") }
    let hours = PagePeriod.month.range(endingAt: now)
    let pairs = try await read { store throws(TelemetryStoreError) in try store.pairs(hours) }
    let rater = visitor?.name ?? ""
    return RatingQueue(pairs, for: rater, done: page.recentRatings.ids(by: rater))
  }

  /// Notes what the visitor says of a pair that was drawn for them.
  @discardableResult
  fileprivate func rate() async throws(GatewayError) -> RatingQueue.Item {
    guard let verdict = form["verdict"].flatMap(PairVerdict.init) else {
      throw GatewayError(
        .invalidValue, message: "verdict: expected left, right, both or neither, found another", param: "verdict")
    }
    let rater = visitor?.name ?? ""
    let id = form["request_id"] ?? ""
    guard let telemetry = shared.telemetry,
      let item = try await ratingQueue().items.first(where: { $0.requestID == id })
    else {
      throw GatewayError(
        .unknownRequestID,
        message: "request_id: expected a pair that waits for you, found another; load the page again",
        param: "request_id")
    }
    let qualities = verdict.qualities
    for (answer, quality, probability) in [
      (item.left, qualities.left, item.leftProbability), (item.right, qualities.right, item.rightProbability),
    ] {
      try await telemetry.rate(
        GivenRating(
          requestID: id, name: answer.tier, quality: quality, rater: rater, probability: probability, time: now))
    }
    shared.metrics.feedback["rating"].add(2)
    page.recentRatings.add(id, by: rater)
    return item
  }
}
