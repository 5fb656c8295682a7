// The scheduler: the threads of a block are coroutines that run until they meet.

#include "emulate.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "coroutine.h"

enum { stack_bytes = 64 << 10, most_threads = 1024, most_shared = 99 << 10 };

enum state { ready, at_barrier, at_exchange, at_grid, finished };

struct thread {
	struct coroutine co;
	dim3 index;
	unsigned block;
	enum state state;
	uint64_t given[2]; // by turns, so that a lane may be one exchange ahead
	float a[2][4], b[2][2];
	unsigned exchanges;
};

dim3 threadIdx, blockIdx, blockDim, gridDim;

static struct {
	pthread_mutex_t mutex;
	emulated_kernel kernel;
	void** args;
	struct thread* threads; // of the blocks that run together
	char* stacks;
	unsigned room, count, each; // threads there is room for, running, a block
	struct thread* now;
	struct coroutine home;
	unsigned char* dynamic;
	unsigned shared;
	int order;
	char fault[256];
} run = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static struct emulated_entry* entries;

void emulated_register(struct emulated_entry* e) {
	e->next = entries;
	entries = e;
}

emulated_kernel emulated_list(void) { return entries; }

emulated_kernel emulated_find(const char* name) {
	for (const struct emulated_entry* e = entries; e; e = e->next)
		if (!strcmp(e->name, name)) return e;
	return NULL;
}

void emulated_order(int order) {
	pthread_mutex_lock(&run.mutex);
	run.order = order;
	pthread_mutex_unlock(&run.mutex);
}

static void fail(const char* what) {
	if (!run.fault[0])
		snprintf(run.fault, sizeof run.fault, "%s, block (%u, %u, %u): %s", run.kernel ? run.kernel->name : "no kernel",
				 blockIdx.x, blockIdx.y, blockIdx.z, what);
}

static unsigned common(unsigned a, unsigned b) {
	while (b) {
		unsigned r = a % b;
		a = b;
		b = r;
	}
	return a;
}

// place is where the i-th of n comes in the order chosen: a bijection.
static unsigned place(unsigned i, unsigned n) {
	if (run.order == 0) return i;
	if (run.order == 1) return n - 1 - i;
	static const unsigned primes[] = {7919, 104729, 611953, 1299709};
	unsigned p = primes[run.order % 4];
	while (common(p, n) > 1) p++;
	return (unsigned)(((uint64_t)i * p + (unsigned)run.order) % n);
}

static dim3 unrank(unsigned i, dim3 size) {
	return (dim3){i % size.x, i / size.x % size.y, i / size.x / size.y};
}

// leave hands control back to the scheduler until the thread is ready again.
static void leave(enum state why) {
	struct thread* me = run.now;
	if (!me) {
		fprintf(stderr, "emulation: %s has a barrier but is declared KERNEL\n", run.kernel->name);
		abort();
	}
	me->state = why;
	coroutine_switch(&me->co, &run.home);
}

void emulated_sync(void) { leave(at_barrier); }

void emulated_sync_grid(void) { leave(at_grid); }

void* emulated_dynamic(void) { return run.dynamic + (size_t)(run.now ? run.now->block : 0) * run.shared; }

uint64_t emulated_exchange(uint64_t bits, int lane) {
	struct thread* me = run.now;
	if (!me) leave(at_exchange);
	unsigned turn = me->exchanges++ % 2, rank = (unsigned)(me - run.threads);
	me->given[turn] = bits;
	leave(at_exchange);
	return run.threads[rank / 32 * 32 + (unsigned)lane].given[turn];
}

void emulated_multiply(const float* a, const float* b, float* c) {
	struct thread* me = run.now;
	if (!me) leave(at_exchange);
	unsigned turn = me->exchanges++ % 2, rank = (unsigned)(me - run.threads), lane = rank % 32;
	const struct thread* warp = run.threads + rank / 32 * 32;
	memcpy(me->a[turn], a, sizeof me->a[turn]);
	memcpy(me->b[turn], b, sizeof me->b[turn]);
	leave(at_exchange);
	for (unsigned i = 0; i < 4; i++) {
		unsigned row = lane / 4 + i / 2 * 8, col = lane % 4 * 2 + i % 2;
		float sum = 0;
		for (unsigned k = 0; k < 8; k++)
			sum += warp[row % 8 * 4 + k % 4].a[turn][row / 8 + k / 4 * 2] * warp[col * 4 + k % 4].b[turn][k / 4];
		c[i] += sum;
	}
}

static void entry(void) {
	run.kernel->body(run.args);
	leave(finished);
}

// reserve makes room for n threads at once.
static int reserve(unsigned n) {
	if (n <= run.room) return 1;
	if (run.room) munmap(run.stacks, (size_t)run.room * stack_bytes);
	free(run.threads);
	run.threads = calloc(n, sizeof *run.threads);
	run.stacks = mmap(NULL, (size_t)n * stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	run.room = run.threads && run.stacks != MAP_FAILED ? n : 0;
	return run.room > 0;
}

// settle releases those who have met, and says whether anyone may go on.
static int settle(void) {
	unsigned left = 0, free_now = 0, grid = 0;
	for (unsigned lo = 0; lo < run.count; lo += run.each) {
		unsigned barrier = 0, done = 0;
		for (unsigned i = lo; i < lo + run.each; i++) {
			barrier += run.threads[i].state == at_barrier;
			done += run.threads[i].state == finished;
			grid += run.threads[i].state == at_grid;
		}
		left += run.each - done;
		for (unsigned w = lo; w < lo + run.each; w += 32) {
			unsigned met = 0, end = w + 32 < lo + run.each ? w + 32 : lo + run.each;
			for (unsigned i = w; i < end; i++) met += run.threads[i].state == at_exchange;
			if (met != 32) continue;
			for (unsigned i = w; i < end; i++) run.threads[i].state = ready;
			free_now = 1;
		}
		if (barrier != run.each) continue;
		for (unsigned i = lo; i < lo + run.each; i++) run.threads[i].state = ready;
		free_now = 1;
	}
	if (grid == run.count && grid) {
		for (unsigned i = 0; i < run.count; i++) run.threads[i].state = ready;
		free_now = 1;
	}
	if (left && !free_now) fail("not all threads reach the same barrier or shuffle");
	return left && free_now;
}

// together runs the blocks from number `first` on, n of them, whose threads may meet.
static void together(unsigned first, unsigned n, dim3 grid, dim3 block) {
	run.each = block.x * block.y * block.z;
	run.count = n * run.each;
	if (!reserve(run.count)) {
		fail("no memory for the stacks of its threads");
		return;
	}
	for (unsigned i = 0; i < run.count; i++) {
		struct thread* t = run.threads + i;
		t->state = ready;
		t->index = unrank(i % run.each, block);
		t->block = i / run.each;
		t->exchanges = 0;
		coroutine_make(&t->co, run.stacks + (size_t)i * stack_bytes, stack_bytes, entry);
	}
	do {
		for (unsigned i = 0; i < run.count; i++) {
			struct thread* t = run.threads + place(i, run.count);
			if (t->state != ready) continue;
			run.now = t;
			threadIdx = t->index;
			blockIdx = unrank(first + t->block, grid);
			coroutine_switch(&run.home, &t->co);
			run.now = NULL;
		}
	} while (settle());
}

// alone runs one block whose threads never meet.
static void alone(dim3 block) {
	unsigned n = block.x * block.y * block.z;
	for (unsigned i = 0; i < n; i++) {
		threadIdx = unrank(place(i, n), block);
		run.kernel->body(run.args);
	}
}

static const char* check(dim3 grid, dim3 block, unsigned shared) {
	uint64_t n = (uint64_t)block.x * block.y * block.z;
	if (!run.kernel) fail("no such kernel");
	else if (n == 0 || n > most_threads || n > run.kernel->threads) fail("more threads a block than it is made for, or none");
	else if (!grid.x || !grid.y || !grid.z || grid.y > 65535 || grid.z > 65535 || grid.x > 0x7fffffff)
		fail("a grid that no card accepts");
	else if (shared > most_shared) fail("more shared memory than there is");
	return run.fault[0] ? run.fault : NULL;
}

static void all(dim3 grid, dim3 block, unsigned shared) {
	unsigned blocks = grid.x * grid.y * grid.z, n = run.kernel->kind == EMULATED_GRID ? blocks : 1;
	run.shared = (shared + 255) / 256 * 256;
	free(run.dynamic);
	run.dynamic = run.shared ? aligned_alloc(256, (size_t)n * run.shared) : NULL;
	gridDim = grid;
	blockDim = block;
	if (run.kernel->kind == EMULATED_GRID) {
		together(0, blocks, grid, block);
		return;
	}
	for (unsigned i = 0; i < blocks && !run.fault[0]; i++) {
		unsigned b = place(i, blocks);
		blockIdx = unrank(b, grid);
		if (run.shared) memset(run.dynamic, 0xff, run.shared);
		if (run.kernel->kind == EMULATED_FREE) alone(block);
		else together(b, 1, grid, block);
	}
}

const char* emulated_run(emulated_kernel k, dim3 grid, dim3 block, unsigned shared, void** args) {
	pthread_mutex_lock(&run.mutex);
	run.kernel = k;
	run.args = args;
	run.fault[0] = 0;
	const char* why = check(grid, block, shared);
	if (!why) {
		all(grid, block, shared);
		why = run.fault[0] ? run.fault : NULL;
	}
	pthread_mutex_unlock(&run.mutex);
	return why;
}
