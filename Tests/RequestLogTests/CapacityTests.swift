import Testing

@testable import RequestLog

/// Arrays of a fixed size must hold what is read into them: one field too many would end the reader.
@Suite struct CapacityTests {
  @Test func everyKindOfObjectHasRoomForItsFields() {
    func check<Name: JSONFieldName>(_: Name.Type) {
      #expect(Name.allCases.count <= JSONFields<Name>.capacity, "\(Name.self)")
      #expect(Name.allCases.map(\.rawValue) == Array(0..<Name.allCases.count), "\(Name.self) counts from 0")
    }
    check(RecordField.self)
    check(OutcomeField.self)
    check(MessageField.self)
    check(PartField.self)
    check(ToolField.self)
    check(ModelAnswerField.self)
    check(LogprobField.self)
    check(StepField.self)
  }
}
