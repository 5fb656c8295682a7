#include "libcuda.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Device memory is host memory between guard zones, filled with what is neither zero
// nor a number a kernel could mean.

enum { GUARD = 4096, PATTERN = 0xdb };

struct block {
	unsigned char *at; // what the caller got
	size_t bytes;
	int pinned;
	struct block *next;
};

static struct block *blocks;
static size_t limit = (size_t)8 << 30, used;

// emulated_limit is how much memory the card has.
void emulated_limit(size_t bytes) {
	enter();
	limit = bytes;
	leave(0);
}

size_t emulated_used(void) { return used; }

static int within(const void *p, size_t bytes, int pinned) {
	for (const struct block *b = blocks; b; b = b->next)
		if (b->pinned == pinned && (unsigned char *)p >= b->at && (unsigned char *)p + bytes <= b->at + b->bytes) return 1;
	return 0;
}

int is_device(deviceptr p, size_t bytes) { return within((void *)p, bytes, 0); }
int is_pinned(const void *p, size_t bytes) { return within(p, bytes, 1); }
int is_memory(const void *p, size_t bytes) { return within(p, bytes, 0) || within(p, bytes, 1); }

static void check_block(const struct block *b) {
	char what[128];
	for (size_t i = 0; i < GUARD; i++)
		if (b->at[-(ptrdiff_t)i - 1] != PATTERN || b->at[b->bytes + i] != PATTERN) {
			snprintf(what, sizeof what, "something was written beside an allocation of %zu bytes, %s it", b->bytes,
					 b->at[-(ptrdiff_t)i - 1] != PATTERN ? "before" : "after");
			fault(ILLEGAL_ADDRESS, what);
			return;
		}
}

void check_guards(void) {
	for (const struct block *b = blocks; b; b = b->next) check_block(b);
}

static void *allocate(size_t bytes, int pinned) {
	size_t whole = (bytes + 2 * GUARD + 511) / 512 * 512;
	unsigned char *raw = aligned_alloc(512, whole);
	struct block *b = malloc(sizeof *b);
	if (!raw || !b) {
		free(raw);
		free(b);
		return NULL;
	}
	memset(raw, PATTERN, whole);
	*b = (struct block){raw + GUARD, bytes, pinned, blocks};
	blocks = b;
	return b->at;
}

static int release(void *p, int pinned) {
	for (struct block **at = &blocks; *at; at = &(*at)->next) {
		struct block *b = *at;
		if (b->at != p || b->pinned != pinned) continue;
		check_block(b);
		if (!pinned) used -= b->bytes;
		*at = b->next;
		memset(b->at, PATTERN, b->bytes);
		free(b->at - GUARD);
		free(b);
		return SUCCESS;
	}
	return INVALID_VALUE;
}

int cuMemAlloc_v2(deviceptr *p, size_t bytes) {
	enter();
	int code = usable();
	if (!code) code = refused(__func__);
	if (!code) code = unsafe();
	if (!code && !bytes) code = INVALID_VALUE;
	if (code) return leave(code);
	if (bytes > limit || used > limit - bytes) return leave(OUT_OF_MEMORY);
	void *at = allocate(bytes, 0);
	if (!at) return leave(OUT_OF_MEMORY);
	used += bytes;
	*p = (deviceptr)at;
	return leave(SUCCESS);
}

int cuMemFree_v2(deviceptr p) {
	enter();
	int code = usable();
	if (!code) code = unsafe();
	run_all();
	int freed = release((void *)p, 0); // of a lost device, too
	return leave(code ? code : freed);
}

int cuMemGetInfo_v2(size_t *free, size_t *total) {
	enter();
	*free = limit > used ? limit - used : 0;
	*total = limit;
	return leave(usable());
}

int cuDeviceTotalMem_v2(size_t *total, int device) {
	*total = limit;
	return device == 0 ? SUCCESS : INVALID_DEVICE;
}

int cuMemHostAlloc(void **p, size_t bytes, unsigned flags) {
	enter();
	int code = usable();
	if (!code) code = refused(__func__);
	if (!code) code = unsafe();
	if (!code && (!bytes || flags & ~7u)) code = INVALID_VALUE;
	if (code) return leave(code);
	*p = allocate(bytes, 1);
	return leave(*p ? SUCCESS : OUT_OF_MEMORY);
}

int cuMemFreeHost(void *p) {
	enter();
	int code = usable();
	if (!code) code = unsafe();
	run_all();
	int freed = release(p, 1); // of a lost device, too
	return leave(code ? code : freed);
}
