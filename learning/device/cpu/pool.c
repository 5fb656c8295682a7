//go:build cgo && !purego

#include "library.h"
#include "pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

// Rounds of waiting in which a thread keeps its core before it sleeps: some 30
// µs, longer than the pause between two kernels of a layer.
enum { SPIN = 2000 };

typedef struct {
	cpu_pool *pool;
	int index;
	pthread_t thread;
} worker;

struct cpu_pool {
	int threads; // workers + the caller
	worker *workers;

	pthread_mutex_t lock;
	pthread_cond_t wake, done;

	// under lock; serial is also watched by spinning workers
	atomic_ulong serial; // of the latest job
	int open;            // workers may still join it
	int closing;
	atomic_int joined; // workers in the job

	cpu_chunk f;
	const void *args;
	long chunks;
	atomic_long next;
};

static inline void relax(void) {
#if defined(__x86_64__)
	__builtin_ia32_pause();
#endif
}

static void take_chunks(cpu_pool *p, int index) {
	for (;;) {
		long c = atomic_fetch_add(&p->next, 1);
		if (c >= p->chunks) return;
		p->f(p->args, c, index);
	}
}

static void *work(void *arg) {
	worker *w = arg;
	cpu_pool *p = w->pool;
	cpu_single_threaded(); // oneDNN computes each chunk on one thread
	unsigned long seen = 0;
	for (;;) {
		for (int i = 0; i < SPIN && atomic_load(&p->serial) == seen; i++) relax();
		pthread_mutex_lock(&p->lock);
		while (atomic_load(&p->serial) == seen && !p->closing) pthread_cond_wait(&p->wake, &p->lock);
		if (p->closing) break;
		seen = atomic_load(&p->serial);
		int join = p->open;
		if (join) atomic_fetch_add(&p->joined, 1);
		pthread_mutex_unlock(&p->lock);
		if (!join) continue;
		take_chunks(p, w->index);
		pthread_mutex_lock(&p->lock);
		if (atomic_fetch_sub(&p->joined, 1) == 1) pthread_cond_signal(&p->done);
		pthread_mutex_unlock(&p->lock);
	}
	pthread_mutex_unlock(&p->lock);
	return 0;
}

void cpu_pool_run(cpu_pool *p, long chunks, cpu_chunk f, const void *args) {
	if (chunks <= 1 || p->threads == 1) {
		for (long c = 0; c < chunks; c++) f(args, c, 0);
		return;
	}
	pthread_mutex_lock(&p->lock);
	p->f = f;
	p->args = args;
	p->chunks = chunks;
	atomic_store(&p->next, 0);
	p->open = 1;
	atomic_fetch_add(&p->serial, 1);
	pthread_cond_broadcast(&p->wake);
	pthread_mutex_unlock(&p->lock);

	take_chunks(p, 0);

	pthread_mutex_lock(&p->lock);
	p->open = 0;
	pthread_mutex_unlock(&p->lock);
	for (int i = 0; i < SPIN && atomic_load(&p->joined) > 0; i++) relax();
	pthread_mutex_lock(&p->lock);
	while (atomic_load(&p->joined) > 0) pthread_cond_wait(&p->done, &p->lock);
	pthread_mutex_unlock(&p->lock);
}

int cpu_pool_threads(const cpu_pool *p) { return p->threads; }

// start makes the workers. They take no signals: those are the Go runtime's.
static int start(cpu_pool *p) {
	sigset_t all, old;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	int count = p->threads, failed = 0;
	p->threads = 1;
	for (int i = 1; i < count && !failed; i++) {
		p->workers[i] = (worker){.pool = p, .index = i};
		failed = pthread_create(&p->workers[i].thread, 0, work, &p->workers[i]);
		if (!failed) p->threads++;
	}
	pthread_sigmask(SIG_SETMASK, &old, 0);
	return failed;
}

cpu_pool *cpu_pool_open(int threads) {
	cpu_pool *p = calloc(1, sizeof *p);
	if (!p) return 0;
	pthread_mutex_init(&p->lock, 0);
	pthread_cond_init(&p->wake, 0);
	pthread_cond_init(&p->done, 0);
	p->threads = threads;
	p->workers = calloc(threads, sizeof *p->workers);
	if (!p->workers) p->threads = 1;
	if (!p->workers || start(p)) {
		cpu_pool_close(p);
		return 0;
	}
	return p;
}

void cpu_pool_close(cpu_pool *p) {
	if (!p) return;
	pthread_mutex_lock(&p->lock);
	p->closing = 1;
	pthread_cond_broadcast(&p->wake);
	pthread_mutex_unlock(&p->lock);
	for (int i = 1; i < p->threads; i++) pthread_join(p->workers[i].thread, 0);
	pthread_cond_destroy(&p->done);
	pthread_cond_destroy(&p->wake);
	pthread_mutex_destroy(&p->lock);
	free(p->workers);
	free(p);
}
