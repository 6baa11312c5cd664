/// Processes that train one model together, each on a part of the rows.
///
/// All run the same program on the same log and must call the same functions in the same order, on one thread at a time.
package protocol Team: Sendable {
  /// Which of the processes this is, from 0.
  var rank: Int { get }

  /// How many there are.
  var count: Int { get }

  /// Replaces every value by its sum over all processes: the same bits for each of them.
  func sum(_ values: inout [Double])

  /// Ends taking part; a status other than 0 ends the other processes too.
  func leave(status: Int32)
}

/// The sum of the parts of an objective that the processes of a team evaluate.
///
/// A solver that minimises it takes the same steps in every process. One evaluation sends 8 bytes per variable to the first
/// process and back.
struct TeamObjective<Part: Objective>: Objective {
  private(set) var part: Part
  private let team: any Team

  /// - Parameter part: this process's share; the objective is the sum of all.
  init(_ part: Part, team: any Team) {
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
