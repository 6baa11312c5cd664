/// The sum of the parts of an objective that the processes of a team evaluate.
///
/// A solver that minimises it takes the same steps in every process. One evaluation sends 8 bytes per variable to the first
/// process and back.
struct GroupObjective<Part: Objective>: Objective {
  private(set) var part: Part
  private let team: any ProcessGroup

  /// - Parameter part: this process's share; the objective is the sum of all.
  init(_ part: Part, team: any ProcessGroup) {
    self.part = part
    self.team = team
  }

  var dimension: Int { part.dimension }

  mutating func evaluate(at point: [Double], gradient: inout [Double]) -> Double {
    let value = part.evaluate(at: point, gradient: &gradient)
    gradient.append(value)
    team.sum(&gradient)
    return gradient.removeLast()
  }

  mutating func curvature() -> Curvature {
    var result = part.curvature()
    result.sum(over: team)
    return result
  }
}
