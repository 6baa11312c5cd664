/// Folders that reach each other: the strongly connected components of more than one folder.
/// Tarjan, Depth-First Search and Linear Graph Algorithms, SIAM J. Comput. 1(2), 1972.
struct Knots {
  private let next: [String: [String]]
  private var order: [String: Int] = [:]
  private var low: [String: Int] = [:]
  private var stack: [String] = []
  private var found: [[String]] = []

  static func of(_ arrows: some Sequence<Arrow>) -> [[String]] {
    var knots = Knots(next: Dictionary(grouping: arrows, by: \.from).mapValues { $0.map(\.to).sorted() })
    for folder in knots.next.keys.sorted() where knots.order[folder] == nil { knots.visit(folder) }
    return knots.found
  }

  private init(next: [String: [String]]) { self.next = next }

  private mutating func visit(_ folder: String) {
    order[folder] = order.count
    low[folder] = order[folder]
    stack.append(folder)
    for other in next[folder] ?? [] {
      if order[other] == nil {
        visit(other)
        low[folder] = min(low[folder]!, low[other]!)
      } else if stack.contains(other) {
        low[folder] = min(low[folder]!, order[other]!)
      }
    }
    guard low[folder] == order[folder], let start = stack.firstIndex(of: folder) else { return }
    let knot = Array(stack[start...])
    stack.removeSubrange(start...)
    if knot.count > 1 { found.append(knot.sorted()) }
  }
}
