/// How much one may hold of what all share: eight times what is free.
///
/// One alone gets eight ninths, two get eight seventeenths each, and something is always left for who comes next: no one has
/// to be told who counts on what. Source: Choudhury, Hahne, "Dynamic queue length thresholds for shared-memory packet
/// switches", IEEE/ACM Transactions on Networking 6 (2), 1998.
enum FairShare {
  private static let factor = 8

  /// Whether somebody who holds `held` may take `wanted` more of what has `free` left. All at least 0; `wanted` at least 1.
  static func allows(_ wanted: Int = 1, held: Int, free: Int) -> Bool {
    wanted <= free && held + wanted - 1 < Self.factor * (free - wanted + 1)
  }
}
