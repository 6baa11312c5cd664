#include <mpi.h>

// Handles such as MPI_COMM_WORLD are macros, which Swift cannot import. Every function returns MPI_SUCCESS or an error.

static inline int ockham_mpi_start(int *rank, int *count) {
  int provided = 0;
  int status = MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &provided);
  if (status == MPI_SUCCESS) status = MPI_Comm_rank(MPI_COMM_WORLD, rank);
  if (status == MPI_SUCCESS) status = MPI_Comm_size(MPI_COMM_WORLD, count);
  return status;
}

/// Sums over all processes and gives every one the same bits: an all-reduce may round differently from rank to rank.
static inline int ockham_mpi_sum(double *values, double *scratch, int count) {
  int status = MPI_Reduce(values, scratch, count, MPI_DOUBLE, MPI_SUM, 0, MPI_COMM_WORLD);
  if (status == MPI_SUCCESS) status = MPI_Bcast(scratch, count, MPI_DOUBLE, 0, MPI_COMM_WORLD);
  return status;
}

static inline int ockham_mpi_finish(void) { return MPI_Finalize(); }
static inline void ockham_mpi_abort(int status) { MPI_Abort(MPI_COMM_WORLD, status); }
