import NIOCore
struct ServerSentEvent { var name: String?; var data: [UInt8] }
struct ServerSentEventParser {
  mutating func consume(_ b: some Sequence<UInt8>) throws(ProviderFault) -> [ServerSentEvent] { [] }
}
