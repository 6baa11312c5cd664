import ChatProtocols
import Evaluation
import GatewayCore
import TextKit

/// The parts of the page that the log is behind, for people and for programs.
extension PageRoute {
  static let overview = page("/") { call throws(GatewayError) in
    let selection = call.selection
    let audit: (report: AuditReport, asOf: Double, all: Traffic)
    do throws(GatewayError) { audit = try await call.audit(selection) } catch {
      guard error.code == .notConfigured else { throw error }
      return PageText(call: call, part: "/", title: "Overview").response(
        "<h1>Overview</h1>\(PageMarkup.missing(error.message))")
    }
    let page = OverviewPage(
      call: call, selection: selection, report: audit.report, asOf: audit.asOf, all: audit.all)
    return PageText(call: call, part: "/", title: "Overview").response(page.main)
  }

  static let overviewData = data("/admin/api/overview") { call throws(GatewayError) in
    let selection = call.selection
    let audit = try await call.audit(selection)
    return .json(
      JSONNode.object([
        ("made_up", .boolean(call.runtime.configuration.isDemo)), ("selection", selection.json),
        ("as_of", .number(audit.asOf)), ("report", OverviewJSON(audit.report).node),
      ]).jsonBytes)
  }

  static let requests = page("/requests") { call throws(GatewayError) in
    if let id = call.query["id"] {
      return OutgoingResponse(
        status: 303, headers: [("location", "/requests/\(PageSelection.escaped(id))")], body: .whole([]))
    }
    let query = TrafficQuery(call)
    let rows = try await call.read { store throws(TelemetryStoreError) in try store.requests(query) }
    let audit = try await call.audit(call.selection)
    let page = RequestsPage(
      selection: call.selection, query: query, rows: rows, total: query.count(in: audit.report.total), all: audit.all)
    return PageText(call: call, part: "/requests", title: "Requests").response(page.main, isLive: query.offset == 0)
  }

  static let requestsData = data("/admin/api/requests") { call throws(GatewayError) in
    let query = TrafficQuery(call)
    let rows = try await call.read { store throws(TelemetryStoreError) in try store.requests(query) }
    let total = query.count(in: try await call.audit(call.selection).report.total)
    return .json(
      JSONNode.object([
        ("made_up", .boolean(call.runtime.configuration.isDemo)), ("selection", call.selection.json),
        ("total", .integer(total)), ("offset", .integer(query.offset)),
        ("requests", .array(rows.map(\.json))),
      ]).jsonBytes)
  }

  static let request = page("/requests/{id}") { call throws(GatewayError) in
    let page = try await requestPage(call)
    return PageText(call: call, part: "/requests", title: "Request").response(page.main, isLive: false)
  }

  static let requestData = data("/admin/api/requests/{id}") { call throws(GatewayError) in
    .json(try await requestPage(call).json.jsonBytes)
  }

  private static func requestPage(_ call: PageCall) async throws(GatewayError) -> RequestPage {
    guard let store = call.shared.telemetry?.store else { _ = try call.auditStore(); throw unknownRequest }
    let stored: StoredRequest?
    do throws(TelemetryStoreError) { stored = try await store.request(call.parameter) } catch {
      throw PageCall.unreadable(error)
    }
    guard let stored else { throw unknownRequest }
    let model = call.runtime.scoringModel
    let explanation = Result { () throws(RequestExplanation.Failure) in try RequestExplanation(stored, model: model) }
    return RequestPage(
      stored: stored, tierNames: call.runtime.tierNames, explanation: explanation,
      showsTexts: call.visitor?.role ?? .read >= .rate)
  }

  private static let unknownRequest = GatewayError(
    .unknownRequestID,
    message:
      "Expected the id of a request that the log still keeps, found another. It is the answer's x-ockham-request-id.")

  static let thresholds = page("/thresholds") { call throws(GatewayError) in
    let audit = try await call.audit(call.selection)
    let page = ThresholdsPage(selection: call.selection, report: audit.report, all: audit.all)
    return PageText(call: call, part: "/thresholds", title: "Thresholds").response(page.main, isLive: false)
  }

  static let thresholdsData = data("/admin/api/thresholds") { call throws(GatewayError) in
    let audit = try await call.audit(call.selection)
    return .json(ThresholdsPage(selection: call.selection, report: audit.report, all: audit.all).json.jsonBytes)
  }
}
