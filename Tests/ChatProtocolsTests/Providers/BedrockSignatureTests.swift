import Foundation
import Testing
import TextKit

@testable import ChatProtocols

/// Signatures and framing of AWS, against values that another implementation made: `Tests/Golden/aws/generate.py`.
struct BedrockSignatureTests {
  static func golden(_ name: String) throws -> [JSONNode] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Golden/aws")
    let node = try JSONParser.parse(Array(Data(contentsOf: folder.appending(path: name))))
    return try #require(node.elements)
  }

  /// The request of a golden case, signed here.
  private func signed(_ node: JSONNode) throws -> (request: UpstreamRequest, address: ProviderAddress) {
    let text = { (key: String) throws in try #require(node[key]?.string) }
    let headers = try #require(node["headers"]?.elements).map {
      ($0.elements?[0].string ?? "", $0.elements?[1].string ?? "")
    }
    var request = UpstreamRequest(
      method: try text("method"), path: try text("path"), headers: headers, body: Array(try text("body").utf8))
    var others = ["secret": try text("secret"), "region": try text("region")]
    others["session_token"] = node["token"]?.string
    RequestSignature(service: "bedrock").sign(
      &request, Credentials(key: try text("key"), others: others), baseURL: try text("base_url"),
      at: try #require(node["time"]?.number) + 0.75)
    return (request, ProviderAddress(baseURL: try text("base_url")))
  }

  @Test func signaturesAreThoseOfBotocore() throws {
    let cases = try Self.golden("signatures.json")
    #expect(cases.count == 8)
    for node in cases {
      let name = node["name"]?.string ?? ""
      let (request, address) = try signed(node)
      let headers = Dictionary(request.headers.map { ($0.name, $0.value) }) { $1 }
      #expect(headers["x-amz-date"] == node["date"]?.string, "\(name)")
      #expect(headers["x-amz-security-token"] == node["token"]?.string, "\(name)")
      let covered = (request.headers.filter { $0.name != "authorization" } + [("host", address.host)])
        .sorted { $0.name < $1.name }
      let canonical = RequestSignature.canonical(request, path: address.path, covered)
      #expect(canonical == node["canonical"]?.string, "\(name)")
      #expect(headers["authorization"] == node["authorization"]?.string, "\(name)")
    }
  }

  @Test func signingAgainReplacesTheSignature() throws {
    let node = try Self.golden("signatures.json")[2]
    var (request, _) = try signed(node)
    let before = request.headers.map { "\($0.name): \($0.value)" }.sorted()
    let others = [
      "secret": node["secret"]?.string ?? "", "region": node["region"]?.string ?? "",
      "session_token": node["token"]?.string ?? "",
    ]
    let credentials = Credentials(key: node["key"]?.string ?? "", others: others)
    RequestSignature(service: "bedrock").sign(
      &request, credentials, baseURL: node["base_url"]?.string ?? "", at: node["time"]?.number ?? 0)
    #expect(request.headers.map { "\($0.name): \($0.value)" }.sorted() == before)
  }

  @Test func keysOfBedrocksOwnAreBearers() {
    let signer = RequestSignature(service: "bedrock")
    var request = UpstreamRequest(path: "/x", headers: [], body: [])
    let key = Credentials(key: "ABSKQmVkcm9ja0FQSUtleQ==", others: ["secret": "s"])
    signer.sign(&request, key, baseURL: "https://a.test", at: 0)
    #expect(request.headers.map(\.value) == ["Bearer ABSKQmVkcm9ja0FQSUtleQ=="])
    #expect(signer.isComplete(Credentials(key: "ABSKx")))
    #expect(!signer.isComplete(Credentials(key: "AKIDEXAMPLE")))
    #expect(signer.isComplete(Credentials(key: "AKIDEXAMPLE", others: ["secret": "s"])))
  }

  @Test(arguments: [
    ("", "eu-west-1", "https://bedrock-runtime.eu-west-1.amazonaws.com", "eu-west-1"),
    ("", "cn-north-1", "https://bedrock-runtime.cn-north-1.amazonaws.com.cn", "cn-north-1"),
    (
      "https://bedrock-runtime-fips.us-east-2.amazonaws.com", nil,
      "https://bedrock-runtime-fips.us-east-2.amazonaws.com",
      "us-east-2"
    ),
    (
      "https://vpce-1.bedrock-runtime.us-west-2.vpce.amazonaws.com", nil,
      "https://vpce-1.bedrock-runtime.us-west-2.vpce.amazonaws.com", "us-west-2"
    ),
    ("http://127.0.0.1:9", "us-east-1", "http://127.0.0.1:9", "us-east-1"),
  ])
  func theRegionIsSaidOrInTheHost(_ baseURL: String, _ region: String?, _ whole: String, _ wholeRegion: String) throws {
    let address = try ProviderKind.bedrock.address(ProviderAddress(baseURL: baseURL, region: region))
    #expect(address.baseURL == whole && address.region == wholeRegion)
    #expect(address.isPublicService == whole.contains("amazonaws.com"))
  }

  @Test(arguments: ["", "http://127.0.0.1:9", "https://bedrock-runtime"]) func aRegionMustBeKnown(_ baseURL: String) {
    let fault = #expect(throws: ProviderAddress.Fault.self) {
      try ProviderKind.bedrock.address(ProviderAddress(baseURL: baseURL))
    }
    #expect(fault?.key == "region")
  }
}
