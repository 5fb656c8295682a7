// A CUDA driver that computes on the CPU: what package cuda calls of libcuda, strict
// where the real one is lenient, and late where it may be: what a stream is given
// is done when somebody waits for it, so that a missing event or a staging buffer
// written too early shows.
#ifndef LATCO_LIBCUDA_H
#define LATCO_LIBCUDA_H

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
	NOT_FOUND = 500,
	NOT_READY = 600,
	ILLEGAL_ADDRESS = 700,
	LAUNCH_FAILED = 719,
	CAPTURE_UNSUPPORTED = 900,
	CAPTURE_INVALIDATED = 901,
};

enum kind { LAUNCH, COPY, SET, CALL, RECORD, WAIT };

struct event {
	struct stream *where; // of the last record
	uint64_t asked, done; // records queued, records passed
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
};

struct stream {
	struct list ops;
	struct graph *capture; // being recorded, or NULL
	int broken;            // the recording is invalid
	struct stream *next;
};

// state.c: one lock for everything, the fault that ends a context, the controls.
void enter(void);
int leave(int code);
int usable(void); // SUCCESS, or why no call can succeed on this thread
void fault(int code, const char *what);
int faulted(void);
int launched(void); // counts a launch; not 0 where the device is to be lost at it

// stream.c
int queue(struct stream *s, struct op *o);
struct op *new_op(enum kind kind, const void *args, size_t bytes);
void run_stream(struct stream *s);
void run_all(void);
void append(struct list *l, struct op *o);
struct op *copy_op(const struct op *o);
void free_list(struct list *l);
int capturing(void); // some stream of this process is being recorded

// memory.c
int is_device(deviceptr p, size_t bytes);
int is_pinned(const void *p, size_t bytes);
void check_guards(void);

#endif
