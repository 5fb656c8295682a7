// A CUDA driver that computes on the CPU: what package cuda calls of libcuda, strict
// where the real one is lenient, and late where it may be: what a stream is given
// is done when somebody waits for it, so that a missing event or a staging buffer
// written too early shows.
#ifndef LATCO_LIBCUDA_H
#define LATCO_LIBCUDA_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "emulate/emulate.h"

typedef uint64_t deviceptr;

enum {
	SUCCESS = 0,
	INVALID_VALUE = 1,
	OUT_OF_MEMORY = 2,
	NOT_INITIALIZED = 3,
	INVALID_DEVICE = 101,
	INVALID_IMAGE = 200,
	INVALID_CONTEXT = 201,
	INVALID_HANDLE = 400,
	ILLEGAL_STATE = 401,
	NOT_FOUND = 500,
	NOT_READY = 600,
	ILLEGAL_ADDRESS = 700,
	LAUNCH_FAILED = 719,
	CAPTURE_UNSUPPORTED = 900,
	CAPTURE_INVALIDATED = 901,
	CAPTURE_ISOLATION = 905,
	CAPTURE_WRONG_THREAD = 908,
};

// Lower numbers go first.
enum { LEAST_PRIORITY = 0, GREATEST_PRIORITY = -5 };

// What a block may have, as on a card of compute 8.6.
enum {
	MOST_THREADS = 1024,
	SHARED_BYTES = 48 << 10,        // of shared memory, static and dynamic
	SHARED_BYTES_OPT_IN = 99 << 10, // for a function that asked for it
};

enum kind { LAUNCH, COPY, SET, CALL, RECORD, WAIT };

struct event {
	struct stream *where; // of the last record
	uint64_t asked, done; // records queued, records passed
	int timed;
	struct event *next;
};

// function is a kernel of a loaded module.
struct function {
	emulated_kernel kernel;
	unsigned threads; // most a block, of .maxntid
	unsigned fixed;   // bytes of static shared memory
	unsigned dynamic; // bytes of dynamic shared memory it may be launched with
	struct function *next;
};

// op is something a stream was given.
struct op {
	struct op *next;
	enum kind kind;
	emulated_kernel kernel; // LAUNCH
	dim3 grid, block;
	unsigned shared;
	void *dst, *src; // COPY, SET
	size_t bytes;    // COPY, SET, or of args
	unsigned value;  // SET
	int (*call)(const void *args);
	struct event *event; // RECORD, WAIT
	uint64_t ticket;
	uint64_t args[];
};

struct list {
	struct op *first, **last;
};

struct graph {
	struct list ops;
	struct graph *next;
};

struct stream {
	struct list ops;
	struct graph *capture; // being recorded, or NULL
	pthread_t by;          // who records
	int broken;            // the recording is invalid
	int priority;
	struct stream *next;
};

// state.c: one lock for everything, the fault that ends a context, the controls.
void enter(void);
int leave(int code);
int usable(void); // SUCCESS, or why no call can succeed on this thread
void fault(int code, const char *what);
int faulted(void);
int launched(void); // counts a launch; not 0 where the device is to be lost at it
int refused(const char *call); // what a test wants the call to fail with, or SUCCESS

// stream.c
int queue(struct stream *s, struct op *o);
struct op *new_op(enum kind kind, const void *args, size_t bytes);
void run_stream(struct stream *s);
void run_all(void);
void append(struct list *l, struct op *o);
struct op *copy_op(const struct op *o);
void free_list(struct list *l);
int is_stream(const struct stream *s);
int capturing(void); // some stream of this process is being recorded
int unsafe(void);     // SUCCESS, or what a call returns that must not be made while this thread records

// module.c
int is_function(const struct function *f);

// memory.c
int is_device(deviceptr p, size_t bytes);
int is_pinned(const void *p, size_t bytes);
int is_memory(const void *p, size_t bytes); // either
void check_guards(void);

#endif
