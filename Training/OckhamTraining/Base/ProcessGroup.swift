/// Processes that train one model together, each on a part of the rows.
///
/// All run the same program on the same log and must call the same functions in the same order, on one thread at a time.
package protocol ProcessGroup: Sendable {
  /// Which of the processes this is, from 0.
  var rank: Int { get }

  /// How many there are.
  var count: Int { get }

  /// Replaces every value by its sum over all processes: the same bits for each of them.
  func sum(_ values: inout [Double])

  /// Ends taking part; a status other than 0 ends the other processes too.
  func leave(status: Int32)
}
