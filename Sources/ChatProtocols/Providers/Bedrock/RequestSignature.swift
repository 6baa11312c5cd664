import Crypto
import TextKit

/// AWS's Signature Version 4, as a header. Source: AWS Identity and Access Management User Guide, "Create a signed AWS API
/// request".
///
/// The host and all headers that the request has are signed, and so is its body. A path is signed with each of its percent
/// codes written as such a code again, as all services but S3 have it.
struct RequestSignature: RequestSigner {
  /// The name of the service in scopes: `bedrock`.
  let service: String

  /// The names of the parts of credentials beside the key.
  static let secretPart = "secret"
  static let sessionPart = "session_token"

  /// An access key of AWS with its secret; or a key of the service's own, which is a bearer's.
  func isComplete(_ credentials: Credentials) -> Bool {
    Self.isBearers(credentials.key) || credentials.others[Self.secretPart] != nil
  }

  /// Whether a key is no id of an access key: those have capital letters and digits only.
  private static func isBearers(_ key: String) -> Bool {
    !key.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
  }

  func sign(_ request: inout UpstreamRequest, _ credentials: Credentials, baseURL: String, at time: Double) {
    guard !Self.isBearers(credentials.key), let secret = credentials.others[Self.secretPart] else {
      return BearerKey().sign(&request, credentials, baseURL: baseURL, at: time)
    }
    let address = ProviderAddress(baseURL: baseURL)
    let now = Self.timestamp(time)
    let region = credentials.others[ProviderAddress.regionPart] ?? ""
    let scope = "\(now.prefix(8))/\(region)/\(service)/aws4_request"
    let own: Set<String> = ["authorization", "x-amz-date", "x-amz-security-token", "host"]
    request.headers.removeAll { own.contains($0.name) }
    request.headers.append(("x-amz-date", now))
    if let token = credentials.others[Self.sessionPart] { request.headers.append(("x-amz-security-token", token)) }
    let headers = (request.headers + [("host", address.host)]).sorted { $0.name < $1.name }
    let canonical = Self.canonical(request, path: address.path, headers)
    let text = ["AWS4-HMAC-SHA256", now, scope, Self.hexadecimal(SHA256.hash(data: Array(canonical.utf8)))]
    let key = ["\(now.prefix(8))", region, service, "aws4_request"].reduce(Array("AWS4\(secret)".utf8), Self.hmac)
    let signature = Self.hexadecimal(Self.hmac(key, text.joined(separator: "\n")))
    let names = headers.map(\.name).joined(separator: ";")
    let proof = "Credential=\(credentials.key)/\(scope), SignedHeaders=\(names), Signature=\(signature)"
    request.headers.append(("authorization", "AWS4-HMAC-SHA256 \(proof)"))
  }

  /// The request as both sides write it before it is signed.
  /// - Parameter headers: in the order of their names.
  static func canonical(
    _ request: UpstreamRequest, path: String, _ headers: [(name: String, value: String)]
  ) -> String {
    let parts = request.path.split(separator: "?", maxSplits: 1)
    let whole = path + String(parts.first ?? "")
    let query = (parts.count > 1 ? parts[1] : "").split(separator: "&").map { part in
      let name = part.prefix { $0 != "=" }
      return (name: String(name), value: String(part.dropFirst(name.count + 1)))
    }
    let sorted = query.sorted { ($0.name, $0.value) < ($1.name, $1.value) }.map { "\($0.name)=\($0.value)" }
    var lines = [request.method, whole.isEmpty ? "/" : encodedAgain(whole), sorted.joined(separator: "&")]
    for header in headers { lines.append("\(header.name):\(plain(header.value))") }
    lines.append("")
    lines.append(headers.map(\.name).joined(separator: ";"))
    lines.append(hexadecimal(SHA256.hash(data: request.body)))
    return lines.joined(separator: "\n")
  }

  private static func encodedAgain(_ path: String) -> String {
    path.split(separator: "/", omittingEmptySubsequences: false).map { PathSegment.escaped(String($0)) }
      .joined(separator: "/")
  }

  /// A value without white space around it, runs of blanks inside as one.
  private static func plain(_ value: String) -> String {
    value.split { $0 == " " || $0 == "\t" }.joined(separator: " ")
  }

  private static func hmac(_ key: [UInt8], _ text: String) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
  }

  private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// `20260301T120000Z`.
  private static func timestamp(_ time: Double) -> String {
    let whole = time.rounded(.down)
    return CivilTime.timestamp(seconds: min(max(0, whole), CivilTime.secondsRange.upperBound))
      .filter { $0 != "-" && $0 != ":" }
  }
}
