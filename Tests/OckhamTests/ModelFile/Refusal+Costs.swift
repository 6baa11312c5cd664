@testable import Ockham

/// Files whose head of expected costs is damaged.
extension Refusal {
  private static func doubles(
    _ tensor: String, _ shape: [Int], _ values: [Double], at index: Int, expected: String
  ) -> Refusal {
    Refusal(
      "value: \(tensor) \(values)", of: .full, .tensorValue(tensor: tensor, index: index, expected: expected)
    ) { $0.set(tensor, Tensor(name: tensor, shape: shape, doubles: values)) }
  }

  private static func doubleShape(_ tensor: String, _ found: [Int], expected: String) -> Refusal {
    Refusal(
      "shape: \(tensor) \(found)", of: .full,
      .tensorShape(tensor: tensor, expected: expected, found: "F64 \(found)")
    ) {
      let zeros = [Double](repeating: 0, count: found.reduce(1, *))
      $0.set(tensor, Tensor(name: tensor, shape: found, doubles: zeros))
    }
  }

  static var costs: [Refusal] {
    let dense = DenseFeatures.names.count
    let names = ["cost.bias", "cost.range", "cost.smearing", "cost.price", "cost.mean_step"]
    return names.map { missing($0, .full) } + [
      Refusal("cost head without its weights", of: .full, .unexpectedTensor("cost.bias")) {
        $0.set("cost.weight", nil)
      },
      shape("cost.weight", [dense, 3], expected: "F32 [\(dense), 2]", .full),
      shape("cost.range", [2], expected: "F32 [2, 2]", .full),
      shape("cost.smearing", [3], expected: "F32 [2]", .full),
      shape("cost.price", [2, 2], expected: "F64 [2, 2]", .full),
      doubleShape("cost.price", [2], expected: "F64 [2, 2]"),
      doubleShape("cost.mean_step", [2], expected: "F64 [1]"),
    ] + costValues
  }

  private static var costValues: [Refusal] {
    let (factor, price) = ("a factor above 0 and up to 1000000", "a price from 0 to 1000000 USD")
    let (range, upper) = ("a logarithm from -64 to 64", "an upper end not below the lower one")
    return [
      value("cost.weight", 5, .nan, .full),
      value("cost.range", 0, .nan, .full), value("cost.range", 3, 64.5, expected: range, .full),
      value("cost.range", 2, -0.5, expected: upper, .full),
      value("cost.smearing", 1, .infinity, .full), value("cost.smearing", 1, 0, expected: factor, .full),
      value("cost.smearing", 0, 1e7, expected: factor, .full),
      doubles("cost.price", [2, 2], [0, 0, -1e-9, 0], at: 2, expected: price),
      doubles("cost.price", [2, 2], [0, 0, 0, .nan], at: 3, expected: price),
      doubles("cost.price", [2, 2], [1e7, 0, 0, 0], at: 0, expected: price),
      doubles("cost.mean_step", [1], [.infinity], at: 0, expected: "a finite number"),
    ]
  }
}
