// The threads of a device. A job is cut into chunks that the caller and the
// workers take one by one. The caller never waits for a worker to wake up: if
// the cores are busy elsewhere it does the chunks itself, and waits only for
// those that a worker has begun. A team with one share for each thread (OpenMP)
// would stand still until the last member has been given a core.
#ifndef LATCO_CPU_POOL_H
#define LATCO_CPU_POOL_H

typedef struct cpu_pool cpu_pool;

// f does one chunk; worker is in [0, threads), different for what runs at once.
typedef void (*cpu_chunk)(const void *args, long chunk, int worker);

cpu_pool *cpu_pool_open(int threads); // null: no memory or no threads left
void cpu_pool_close(cpu_pool *p);
int cpu_pool_threads(const cpu_pool *p);
void cpu_pool_run(cpu_pool *p, long chunks, cpu_chunk f, const void *args);

#endif
