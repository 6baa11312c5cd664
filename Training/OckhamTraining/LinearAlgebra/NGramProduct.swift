/// The two kernels of a ``NGramMatrix``: each reads a run of buckets once, 4 bytes an entry.
///
/// Tables are `[2^k × stride]` in double precision with an even stride, cut into SIMD blocks of 8, 4 and 2 lanes. A bucket is
/// masked to the table's size, so that no content of a file can lead outside of it.
enum NGramProduct {
  /// `out[place ..< place + stride] += scale · Σ table[bucket, :]`.
  @inline(__always)
  static func gather(
    _ buckets: Span<UInt32>, mask: UInt32, scale: Double, table: Span<Double>, stride: Int,
    into out: inout MutableSpan<Double>, at place: Int
  ) {
    var lane = 0
    while stride - lane >= 8 {
      gatherBlock(SIMD8<Double>.self, buckets, mask, scale, table, stride, lane, &out, place)
      lane += 8
    }
    while stride - lane >= 4 {
      gatherBlock(SIMD4<Double>.self, buckets, mask, scale, table, stride, lane, &out, place)
      lane += 4
    }
    while stride - lane >= 2 {
      gatherBlock(SIMD2<Double>.self, buckets, mask, scale, table, stride, lane, &out, place)
      lane += 2
    }
  }

  /// `sums[bucket, :] += scale · residuals[place ..< place + stride]` for every bucket.
  @inline(__always)
  static func scatter(
    _ buckets: Span<UInt32>, mask: UInt32, scale: Double, residuals: Span<Double>, at place: Int,
    stride: Int, into sums: inout MutableSpan<Double>
  ) {
    var lane = 0
    while stride - lane >= 8 {
      scatterBlock(SIMD8<Double>.self, buckets, mask, scale, residuals, place, stride, lane, &sums)
      lane += 8
    }
    while stride - lane >= 4 {
      scatterBlock(SIMD4<Double>.self, buckets, mask, scale, residuals, place, stride, lane, &sums)
      lane += 4
    }
    while stride - lane >= 2 {
      scatterBlock(SIMD2<Double>.self, buckets, mask, scale, residuals, place, stride, lane, &sums)
      lane += 2
    }
  }

  /// Four sums, so that one addition need not wait for the one before.
  @inline(__always)
  private static func gatherBlock<V: SIMD & BitwiseCopyable>(
    _: V.Type, _ buckets: Span<UInt32>, _ mask: UInt32, _ scale: Double, _ table: Span<Double>,
    _ stride: Int, _ lane: Int, _ out: inout MutableSpan<Double>, _ place: Int
  ) where V.Scalar == Double {
    let bytes = unsafe table.bytes
    var sums = (V.zero, V.zero, V.zero, V.zero)
    func row(_ index: Int) -> V {
      let offset = (Int(unsafe buckets[unchecked: index] & mask) &* stride &+ lane) &* 8
      return unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: V.self)
    }
    var index = 0
    while index + 4 <= buckets.count {
      sums.0 += row(index)
      sums.1 += row(index + 1)
      sums.2 += row(index + 2)
      sums.3 += row(index + 3)
      index += 4
    }
    while index < buckets.count {
      sums.0 += row(index)
      index += 1
    }
    let sum = ((sums.0 + sums.1) + (sums.2 + sums.3)) * scale
    for offset in 0..<V.scalarCount { out[place + lane + offset] += sum[offset] }
  }

  @inline(__always)
  private static func scatterBlock<V: SIMD & BitwiseCopyable>(
    _: V.Type, _ buckets: Span<UInt32>, _ mask: UInt32, _ scale: Double, _ residuals: Span<Double>,
    _ place: Int, _ stride: Int, _ lane: Int, _ sums: inout MutableSpan<Double>
  ) where V.Scalar == Double {
    let residual =
      unsafe residuals.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: (place + lane) * 8, as: V.self) * scale
    var bytes = unsafe sums.mutableBytes
    for index in buckets.indices {
      let offset = (Int(unsafe buckets[unchecked: index] & mask) &* stride &+ lane) &* 8
      let sum = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: V.self) + residual
      unsafe bytes.storeBytes(of: sum, toUncheckedByteOffset: offset, as: V.self)
    }
  }
}
