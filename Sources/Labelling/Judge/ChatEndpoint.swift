import TextKit
import Ockham
import Foundation
import FoundationNetworking

/// A chat endpoint of OpenAI's form: `POST …/chat/completions`.
package struct ChatEndpoint: Sendable {
  /// What came back.
  struct Reply: Sendable {
    var text: String
    var inputTokens: Int?
    var outputTokens: Int?
  }

  /// Why no reply came.
  enum Failure: Error, Sendable {
    /// Another status than 200, and the pause that the server asks for.
    case status(Int, retryAfterSeconds: Double?)
    /// No answer in time.
    case timeout
    /// No connection, or one that broke.
    case connection
    /// An answer that is no chat completion.
    case malformed
  }

  let url: URL
  let model: String
  private let apiKey: String?
  private let session: URLSession

  /// - Parameters:
  ///   - address: such as `https://api.example.com/v1`; `/chat/completions` is added where it is missing.
  ///   - apiKey: sent as a bearer token; never over plain HTTP but to this machine.
  /// - Throws: ``LabelError/badEndpoint(expected:found:)``.
  package init(
    address: String, model: String, apiKey: String?, timeLimitSeconds: Double, connections: Int
  ) throws(LabelError) {
    let suffix = "/chat/completions"
    let base = address.hasSuffix("/") ? String(address.dropLast()) : address
    guard let url = URL(string: base.hasSuffix(suffix) ? base : base + suffix), let host = url.host,
      let scheme = url.scheme, ["http", "https"].contains(scheme), url.user == nil
    else { throw .badEndpoint(expected: "an http or https address without a user name", found: "another text") }
    guard scheme == "https" || apiKey == nil || Self.isThisMachine(host) else {
      throw .badEndpoint(expected: "https, as a key is sent", found: "http")
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

  /// Asks for a completion at temperature 0.
  func complete(system: String, user: String, maximumTokens: Int) async throws(Failure) -> Reply {
    var request = URLRequest(url: url)
    request.httpMethod = "POST"
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    if let apiKey { request.setValue("Bearer \(apiKey)", forHTTPHeaderField: "Authorization") }
    request.httpBody = Data(body(system: system, user: user, maximumTokens: maximumTokens).utf8)
    let (data, response) = try await send(request)
    guard let response = response as? HTTPURLResponse else { throw .malformed }
    guard response.statusCode == 200 else {
      let header = response.value(forHTTPHeaderField: "Retry-After")
      throw .status(response.statusCode, retryAfterSeconds: header.flatMap { RetryPolicy.retryAfterSeconds($0) })
    }
    guard let reply = Self.reply(in: Array(data)) else { throw .malformed }
    return reply
  }

  private func send(_ request: URLRequest) async throws(Failure) -> (Data, URLResponse?) {
    let session = session
    let result: Result<(Data, URLResponse?), Failure> = await withCheckedContinuation { continuation in
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

  private func body(system: String, user: String, maximumTokens: Int) -> String {
    let quote = JSONText.quote
    return "{\"model\":\(quote(model)),\"temperature\":0,\"max_tokens\":\(maximumTokens),\"messages\":["
      + "{\"role\":\"system\",\"content\":\(quote(system))},{\"role\":\"user\",\"content\":\(quote(user))}]}"
  }

  private static func reply(in bytes: [UInt8]) -> Reply? {
    guard let root = try? JSONParser.parse(bytes),
      let text = root["choices"]?.elements?.first?["message"]?["content"]?.string
    else { return nil }
    return Reply(
      text: text, inputTokens: count(root["usage"]?["prompt_tokens"]),
      outputTokens: count(root["usage"]?["completion_tokens"]))
  }

  private static func count(_ node: JSONNode?) -> Int? {
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
