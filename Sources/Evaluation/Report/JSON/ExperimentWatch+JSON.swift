package import TextKit

extension ExperimentWatch {
  /// The arms with what their conversations came to, and the differences from the control; `null` where too little is known.
  package var json: JSONNode {
    .object([
      "confidence": .number(1 - level),
      "arms": .array(
        arms.indices.map { arm in
          .object([
            "name": .string(arms[arm]), "conversations": .integer(conversations(of: arm)),
            "mean": .object(ReplayQuantity.allCases.map { ($0.rawValue, .figure(mean($0, of: arm))) }),
            "difference": arm == 0
              ? .null
              : .object(ReplayQuantity.allCases.map { ($0.rawValue, difference($0, of: arm)?.json ?? .null) }),
          ])
        }),
    ])
  }
}
