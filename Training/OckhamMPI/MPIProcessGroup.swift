import Foundation
package import OckhamTraining

#if MPI
  import COpenMPI
#endif

/// The processes that `mpirun` started this one among.
///
/// Built with the trait `MPI` only; without it there never is a team, and nothing of MPI is linked.
package enum MPIProcessGroup {
  /// Joins the team; `nil` for a process on its own.
  package static func join() -> (any ProcessGroup)? {
    #if MPI
      guard ProcessInfo.processInfo.environment["OMPI_COMM_WORLD_SIZE"] != nil else { return nil }
      return OpenMPIGroup()
    #else
      return nil
    #endif
  }
}

#if MPI
  /// A team over OpenMPI's world communicator. One thread at a time may talk to the others.
  private struct OpenMPIGroup: ProcessGroup {
    let rank: Int
    let count: Int

    init() {
      var (rank, count) = (Int32(0), Int32(1))
      Self.check(unsafe ockham_mpi_start(&rank, &count))
      (self.rank, self.count) = (Int(rank), Int(count))
    }

    func sum(_ values: inout [Double]) {
      // A message has at most 2³¹ elements.
      var result = [Double](repeating: 0, count: values.count)
      for start in stride(from: 0, to: values.count, by: 1 << 30) {
        let count = Int32(min(1 << 30, values.count - start))
        unsafe values.withUnsafeMutableBufferPointer { own in
          unsafe result.withUnsafeMutableBufferPointer { all in
            Self.check(unsafe ockham_mpi_sum(own.baseAddress! + start, all.baseAddress! + start, count))
          }
        }
      }
      values = result
    }

    func leave(status: Int32) {
      if status == 0 { Self.check(ockham_mpi_finish()) } else { ockham_mpi_abort(status) }
    }

    /// A message that is lost leaves the processes out of step: there is no way on.
    private static func check(_ status: Int32) {
      guard status == 0 else { fatalError("MPI failed with status \(status)") }
    }
  }
#endif
