extension CSRMatrix {
  /// The transpose: its rows are the columns of this matrix, each with its entries in ascending row order.
  ///
  /// A counting sort in two passes over a fixed number of row blocks: count the entries per block and column, turn the
  /// counts into places, scatter. The result does not depend on the number of threads.
  /// - Complexity: O(rows + entries + blocks · columns) time, O(blocks · columns) scratch, with at most 8 blocks.
  package func transposed(by pool: WorkerPool) -> CSRMatrix {
    let blocks = balancedChunks(starts: rowStarts, count: entryCount < 1 << 16 ? 1 : 8)
    var places = countColumns(in: blocks, pool)
    let starts = placeEntries(&places, blocks: blocks.count)
    var indices = [Int32](repeating: 0, count: entryCount)
    var sorted = [Float](repeating: 0, count: entryCount)
    indices.withSharedStorage { indices in
      sorted.withSharedStorage { sorted in
        places.withSharedStorage { places in
          pool.forEach(blocks.count) { block in
            places.mutate(block * columns..<(block + 1) * columns) { next in
              scatter(rows: blocks[block], next: &next, indices: indices, values: sorted)
            }
          }
        }
      }
    }
    return CSRMatrix(
      trustedRows: columns, columns: rows, rowStarts: starts, columnIndices: indices, values: sorted)
  }

  /// Entries per block and column: `[blocks × columns]`.
  private func countColumns(in blocks: [Range<Int>], _ pool: WorkerPool) -> [Int] {
    var counts = [Int](repeating: 0, count: blocks.count * columns)
    counts.withSharedStorage { counts in
      pool.forEach(blocks.count) { block in
        counts.mutate(block * columns..<(block + 1) * columns) { own in
          let indices = columnIndices.span
          let entries = rowStarts[blocks[block].lowerBound]..<rowStarts[blocks[block].upperBound]
          for entry in entries { own[Int(indices[entry])] += 1 }
        }
      }
    }
    return counts
  }

  /// Turns counts into the place of each block's first entry in each column; returns the column starts.
  private func placeEntries(_ counts: inout [Int], blocks: Int) -> [Int] {
    var starts = [Int](repeating: 0, count: columns + 1)
    var place = 0
    for column in 0..<columns {
      for block in 0..<blocks {
        let count = counts[block * columns + column]
        counts[block * columns + column] = place
        place += count
      }
      starts[column + 1] = place
    }
    return starts
  }

  private func scatter(
    rows block: Range<Int>, next: inout MutableSpan<Int>, indices: SharedStorage<Int32>, values: SharedStorage<Float>
  ) {
    for row in block {
      for entry in entries(ofRow: row) {
        let column = Int(columnIndices[entry])
        indices.store(Int32(row), at: next[column])
        values.store(self.values[entry], at: next[column])
        next[column] += 1
      }
    }
  }
}
