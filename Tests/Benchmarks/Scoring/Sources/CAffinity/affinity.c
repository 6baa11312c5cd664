// The set of processors is a macro interface, which Swift cannot import.
#define _GNU_SOURCE
#include "affinity.h"

#include <sched.h>

int pin_to_processor(int processor) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(processor, &set);
  return sched_setaffinity(0, sizeof set, &set);
}
