/// A sum as a finite number: one that overflowed is cut to the largest there is, and a NaN, which is what is left when two
/// overflows meet, becomes the lowest. Weights of any trained model stay far below; those of a hostile file need not.
@inline(__always) func finite(_ sum: Float) -> Float {
  min(.greatestFiniteMagnitude, max(-.greatestFiniteMagnitude, sum))
}
