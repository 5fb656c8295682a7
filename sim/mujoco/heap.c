#include "mj.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

// mjx_tidy_heaps sets up the C heaps of the process. glibc keeps what models,
// simulations and pictures leave behind: hundreds of megabytes after some hundred
// scenes. Go's threads come and go, and each would have a heap; and once a large block
// has been freed, others like it would be cut from the heaps, where small ones between
// them keep the pages. So there are two heaps for all threads, and large blocks always
// go back to the system.
void mjx_tidy_heaps(void) {
#ifdef __GLIBC__
  mallopt(M_ARENA_MAX, 2);
  mallopt(M_MMAP_THRESHOLD, 128 << 10);
  mallopt(M_TRIM_THRESHOLD, 1 << 20);
#endif
}

// mjx_allocated is the size of what is allocated in the C heaps, in bytes; -1 where the
// C library does not count.
int64_t mjx_allocated(void) {
#ifdef __GLIBC__
#if __GLIBC_PREREQ(2, 33)
  struct mallinfo2 info = mallinfo2();
  return (int64_t)(info.uordblks + info.hblkhd);
#endif
#endif
  return -1;
}
