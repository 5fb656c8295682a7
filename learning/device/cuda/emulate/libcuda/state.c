#include "libcuda.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int initialized, contexts, code_of_fault;
static char what_failed[512];
static long until_lost = -1, launches;
static unsigned flags_of_context;
static int compute = 80; // capability, 10·major + minor
static struct {
	char call[64];
	long left;
	int code;
} refusal;
static __thread int current; // this thread has the context

void enter(void) { pthread_mutex_lock(&mutex); }

int leave(int code) {
	pthread_mutex_unlock(&mutex);
	return code;
}

int faulted(void) { return code_of_fault; }

int usable(void) {
	if (!initialized) return NOT_INITIALIZED;
	if (!current || !contexts) return INVALID_CONTEXT;
	return code_of_fault;
}

void fault(int code, const char *what) {
	if (code_of_fault) return;
	code_of_fault = code;
	snprintf(what_failed, sizeof what_failed, "%s", what);
}

int launched(void) {
	launches++;
	if (until_lost < 0) return 0;
	return until_lost-- == 0;
}

// The controls of a test.

// emulated_lose_device ends the context n launches from now, as a driver that
// resets the card does; −1 never.
void emulated_lose_device(long n) {
	enter();
	until_lost = n;
	leave(0);
}

// emulated_reset is the card after the reset: as new, once nobody uses it.
void emulated_reset(void) {
	enter();
	code_of_fault = 0;
	what_failed[0] = 0;
	until_lost = -1;
	leave(0);
}

// emulated_compute makes the card one of that capability, 10·major + minor, for those
// who open it from now on.
void emulated_compute(int capability) {
	enter();
	compute = capability;
	leave(0);
}

long emulated_launches(void) { return launches; }

// emulated_fault is what the first failure was, empty where there is none.
const char *emulated_fault(void) { return what_failed; }

// emulated_refuse lets the next n calls of a function fail with code, or all where
// n < 0. One function at a time; "" is none.
void emulated_refuse(const char *call, long n, int code) {
	enter();
	snprintf(refusal.call, sizeof refusal.call, "%s", call);
	refusal.left = n;
	refusal.code = code;
	leave(0);
}

int refused(const char *call) {
	if (strcmp(call, refusal.call) || refusal.left == 0) return SUCCESS;
	if (refusal.left > 0) refusal.left--;
	return refusal.code;
}

// emulated_context_flags are those of the primary context.
long emulated_context_flags(void) { return flags_of_context; }

// The driver's own functions.

int cuInit(unsigned flags) {
	initialized = 1;
	return flags ? INVALID_VALUE : SUCCESS;
}

int cuDriverGetVersion(int *version) {
	*version = 12000;
	return SUCCESS;
}

int cuDeviceGetCount(int *n) {
	*n = 1;
	return initialized ? SUCCESS : NOT_INITIALIZED;
}

int cuDeviceGet(int *device, int ordinal) {
	*device = ordinal;
	return ordinal == 0 ? SUCCESS : INVALID_DEVICE;
}

int cuDeviceGetName(char *name, int size, int device) {
	snprintf(name, (size_t)size, "Emulated GPU");
	return device == 0 ? SUCCESS : INVALID_DEVICE;
}

int cuDeviceGetAttribute(int *value, int attribute, int device) {
	switch (attribute) {
	case 1: *value = MOST_THREADS; break;
	case 8: *value = SHARED_BYTES; break;
	case 97: *value = SHARED_BYTES_OPT_IN; break;
	case 13: *value = 1000000; break; // clock, kHz
	case 16: *value = 2; break;       // multiprocessors
	case 36: *value = 1000000; break; // memory clock, kHz
	case 37: *value = 64; break;      // memory bus, bits
	case 75: *value = compute / 10; break; // compute capability
	case 76: *value = compute % 10; break;
	case 95: *value = 1; break; // cooperative launch
	default: *value = 0;
	}
	return device == 0 ? SUCCESS : INVALID_DEVICE;
}

static int the_context;

// 4 is CU_CTX_SCHED_BLOCKING_SYNC; of the schedules at most one, and what else there is.
int cuDevicePrimaryCtxSetFlags_v2(int device, unsigned flags) {
	enter();
	unsigned schedule = flags & 7;
	int known = !(flags & ~0x7fu) && (schedule & (schedule - 1)) == 0;
	if (known && device == 0) flags_of_context = flags;
	return leave(!initialized ? NOT_INITIALIZED : device ? INVALID_DEVICE : known ? SUCCESS : INVALID_VALUE);
}

int cuCtxGetStreamPriorityRange(int *least, int *greatest) {
	enter();
	*least = LEAST_PRIORITY;
	*greatest = GREATEST_PRIORITY;
	return leave(usable());
}

int cuDevicePrimaryCtxRetain(void **context, int device) {
	enter();
	if (device != 0) return leave(INVALID_DEVICE);
	if (code_of_fault) return leave(code_of_fault);
	contexts++;
	*context = &the_context;
	return leave(SUCCESS);
}

int cuDevicePrimaryCtxRelease_v2(int device) {
	enter();
	if (device != 0 || contexts == 0) return leave(INVALID_CONTEXT);
	contexts--;
	return leave(SUCCESS);
}

int cuCtxSetCurrent(void *context) {
	enter();
	current = context == &the_context;
	return leave(!context || current ? SUCCESS : INVALID_CONTEXT);
}

int cuCtxSynchronize(void) {
	enter();
	int code = usable();
	if (code) return leave(code);
	if (capturing()) return leave(CAPTURE_UNSUPPORTED);
	run_all();
	return leave(faulted());
}

int cuGetErrorString(int code, const char **text) {
	(void)code;
	*text = "an emulated error";
	return SUCCESS;
}
