@testable import Ockham

/// The golden model with response heads, and a cascade over it.
enum CascadeModel {
  static func bytes() throws -> [UInt8] {
    var file = try TensorFile(Files.bytes("Tests/Golden/runtime/responses.safetensors"))
    file.metadata["parts"] = #"["response","cascade"]"#
    file.metadata["cascade"] = #"{"start":[0,1,2],"check":[0,1]}"#
    file.tensors += [
      Tensor(name: "cascade.tier_cost_usd", shape: [3], doubles: [0.0001, 0.001, 0.02]),
      Tensor(name: "cascade.spread", shape: [2], floats: [0.5, 0.25]),
      Tensor(name: "cascade.price", shape: [2], doubles: [2, 0]),
    ]
    file.sortTensors()
    return file.sealed().encoded()
  }
}
