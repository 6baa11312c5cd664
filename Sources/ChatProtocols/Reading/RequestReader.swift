package import Ockham

/// Reads what the router looks at from the JSON of a chat completion request that was checked.
///
/// Who serves requests hands it in: the gateway has the reader of logs do it, so that a model is asked about what it learned
/// from, and the formats of clients stay free of the log and its libraries.
package typealias RequestReader = @Sendable (_ chatBody: [UInt8]) throws(GatewayError) -> Request
