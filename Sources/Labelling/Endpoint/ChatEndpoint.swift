import Foundation
import FoundationNetworking
package import Judging
package import RequestLog
import TextKit

/// A chat endpoint of OpenAI's form: `POST …/chat/completions`.
package struct ChatEndpoint: Sendable {
  let url: URL
  let model: String
  private let apiKey: String?
  private let session: URLSession

  /// The limits in seconds that a call may have: the system counts whole seconds, and cannot count to infinity.
  package static let timeLimits = 1.0...86_400

  /// - Parameters:
  ///   - address: such as `https://api.example.com/v1`; `/chat/completions` is added where it is missing.
  ///   - apiKey: sent as a bearer token; never over plain HTTP but to this machine.
  ///   - timeLimitSeconds: within ``timeLimits``.
  ///   - option: what names the address on the command line, for errors.
  /// - Throws: ``LabelError/badEndpoint(option:expected:found:)``.
  package init(
    address: String, model: String, apiKey: String?, timeLimitSeconds: Double, connections: Int,
    option: String = "--endpoint"
  ) throws(LabelError) {
    let suffix = "/chat/completions"
    let base = address.hasSuffix("/") ? String(address.dropLast()) : address
    guard let url = URL(string: base.hasSuffix(suffix) ? base : base + suffix), let host = url.host,
      let scheme = url.scheme, ["http", "https"].contains(scheme), url.user == nil
    else {
      throw .badEndpoint(
        option: option, expected: "an http or https address without a user name", found: "another text")
    }
    guard scheme == "https" || apiKey == nil || Self.isThisMachine(host) else {
      throw .badEndpoint(option: option, expected: "https, as a key is sent", found: "http")
    }
    self.url = url
    self.model = model
    self.apiKey = apiKey
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = timeLimitSeconds
    configuration.timeoutIntervalForResource = timeLimitSeconds
    configuration.httpMaximumConnectionsPerHost = connections
    session = URLSession(configuration: configuration, delegate: RedirectRefusal(), delegateQueue: nil)
  }

  /// Asks a judge's question at temperature 0.
  func complete(_ question: JudgeRequest) async throws(JudgeFailure) -> JudgeReply {
    guard let reply = Self.reply(in: try await post(body(question))) else { throw .malformed }
    return reply
  }

  /// Sends a request's body and returns the answer's.
  func post(_ body: [UInt8]) async throws(JudgeFailure) -> JSONNode {
    var request = URLRequest(url: url)
    request.httpMethod = "POST"
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    if let apiKey { request.setValue("Bearer \(apiKey)", forHTTPHeaderField: "Authorization") }
    request.httpBody = Data(body)
    let (data, response) = try await send(request)
    guard let response = response as? HTTPURLResponse else { throw .malformed }
    guard response.statusCode == 200 else {
      throw .status(response.statusCode, retryAfterSeconds: RetryAfter.seconds(in: Self.headers(of: response)))
    }
    guard let root = try? JSONParser.parse(Array(data)) else { throw .malformed }
    return root
  }

  private static func headers(of response: HTTPURLResponse) -> [(name: String, value: String)] {
    response.allHeaderFields.map { ("\($0.key)", "\($0.value)") }
  }

  private func send(_ request: URLRequest) async throws(JudgeFailure) -> (Data, URLResponse?) {
    let session = session
    let result: Result<(Data, URLResponse?), JudgeFailure> = await withCheckedContinuation { continuation in
      let task = session.dataTask(with: request) { data, response, error in
        switch error {
        case nil: continuation.resume(returning: .success((data ?? Data(), response)))
        case let error as URLError where error.code == .timedOut: continuation.resume(returning: .failure(.timeout))
        default: continuation.resume(returning: .failure(.connection))
        }
      }
      task.resume()
    }
    return try result.get()
  }

  private func body(_ question: JudgeRequest) -> [UInt8] {
    let messages = [("system", question.system), ("user", question.user)].map { role, text in
      JSONNode.object(["role": .string(role), "content": .string(text)])
    }
    return JSONNode.object([
      "model": .string(model), "temperature": .integer(0),
      "max_tokens": question.maximumReplyTokens.map(JSONNode.integer), "messages": .array(messages),
    ]).jsonBytes
  }

  private static func reply(in root: JSONNode) -> JudgeReply? {
    guard let text = root["choices"]?.elements?.first?["message"]?["content"]?.string else { return nil }
    return JudgeReply(
      text: text, inputTokens: count(root["usage"]?["prompt_tokens"]),
      outputTokens: count(root["usage"]?["completion_tokens"]))
  }

  /// A count of tokens as a provider states it.
  static func count(_ node: JSONNode?) -> Int? {
    node?.number.flatMap { Int(exactly: $0) }.flatMap { $0 < 0 ? nil : $0 }
  }

  private static func isThisMachine(_ host: String) -> Bool {
    ["localhost", "127.0.0.1", "::1", "[::1]"].contains(host)
  }
}

/// Follows no redirect: the key is meant for one host.
private final class RedirectRefusal: NSObject, URLSessionTaskDelegate, Sendable {
  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
  ) { completionHandler(nil) }
}

extension ChatEndpoint {
  /// A judge at this endpoint, with a journal on disk.
  /// - Throws: ``LabelError/judge(_:)`` where the journal cannot be opened.
  package func judge(
    journalPath: String, budget: JudgeBudget, retry: RetryPolicy = RetryPolicy(), bothOrdersShare: Double = 1
  ) throws(LabelError) -> PairJudge {
    let journal: FileJournal
    do throws(JudgeError) { journal = try FileJournal(path: journalPath) } catch { throw LabelError(error) }
    return PairJudge(
      model: model, journal: journal, budget: budget, retry: retry, bothOrdersShare: bothOrdersShare,
      transport: complete)
  }
}

extension JudgeBudget {
  /// - Parameter tokenPrice: the judge's; `nil` counts every call as free.
  package convenience init(capUSD: Double?, tokenPrice: TokenPrice?) {
    self.init(capUSD: capUSD) { tokenPrice?.costUSD(inputTokens: $0, outputTokens: $1) ?? 0 }
  }
}
