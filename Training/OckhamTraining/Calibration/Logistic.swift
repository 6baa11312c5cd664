#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The logistic function and its loss, in double precision.
enum Logistic {
  /// σ(z) = 1 / (1 + e^−z), without overflow.
  static func sigmoid(_ z: Double) -> Double {
    let decay = exp(-abs(z))
    return (z >= 0 ? 1 : decay) / (1 + decay)
  }

  /// log(p / (1 − p)) of a probability above 0 and below 1.
  static func logit(_ p: Double) -> Double { log(p) - log1p(-p) }

  /// log(1 + e^z) − y z: the cross-entropy of P = σ(z) against a label y in 0…1, without overflow.
  static func loss(_ z: Double, label: Double) -> Double {
    log1p(exp(-abs(z))) + max(z, 0) - label * z
  }
}
