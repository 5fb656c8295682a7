#include "libcuda.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct module {
	char *ptx;
	struct function *functions;
	struct module *next;
};

static struct module *modules;

int is_function(const struct function *f) {
	for (const struct module *m = modules; m; m = m->next)
		for (const struct function *k = m->functions; k; k = k->next)
			if (k == f) return 1;
	return 0;
}

static int known(const struct module *m) {
	for (const struct module *k = modules; k; k = k->next)
		if (k == m) return 1;
	return 0;
}

// A module is PTX; its kernels are those of the emulation that it declares too.
int cuModuleLoadData(struct module **out, const char *image) {
	enter();
	int code = usable();
	if (!code) code = unsafe();
	if (!code && !strstr(image, ".version")) code = INVALID_IMAGE;
	if (code) return leave(code);
	struct module *m = calloc(1, sizeof *m);
	m->ptx = strdup(image);
	m->next = modules;
	modules = m;
	*out = m;
	return leave(SUCCESS);
}

int cuModuleUnload(struct module *m) {
	enter();
	int code = usable();
	if (!known(m)) return leave(INVALID_HANDLE);
	run_all();
	for (struct module **at = &modules; *at; at = &(*at)->next)
		if (*at == m) {
			*at = m->next;
			break;
		}
	while (m->functions) {
		struct function *f = m->functions;
		m->functions = f->next;
		free(f);
	}
	free(m->ptx);
	free(m);
	return leave(code);
}

// shared_bytes adds the static shared memory that a kernel's text declares, and what
// is declared before all kernels and used in it.
static unsigned shared_bytes(const char *ptx, const char *begin, const char *end) {
	unsigned sum = 0;
	for (const char *at = strstr(ptx, ".shared .align "); at && at < end; at = strstr(at + 1, ".shared .align ")) {
		char name[256];
		unsigned bytes;
		if (at > ptx + 7 && !strncmp(at - 8, ".extern ", 8)) continue;
		if (sscanf(at, ".shared .align %*u .b8 %255[^[][%u]", name, &bytes) != 2) continue;
		const char *use = at > begin ? at : strstr(begin, name);
		if (use && use < end && (at > begin || at < strstr(ptx, ".entry "))) sum += bytes;
	}
	return sum;
}

static struct function *make_function(struct module *m, const char *name) {
	char entry[256];
	snprintf(entry, sizeof entry, ".entry %s(", name);
	emulated_kernel kernel = emulated_find(name);
	const char *begin = strstr(m->ptx, entry);
	if (!kernel || !begin) return NULL;
	const char *end = strstr(begin, "\n}"), *threads = strstr(begin, ".maxntid ");
	struct function *f = calloc(1, sizeof *f);
	f->kernel = kernel;
	f->threads = MOST_THREADS;
	if (threads && threads < end) sscanf(threads, ".maxntid %u", &f->threads);
	f->fixed = shared_bytes(m->ptx, begin, end ? end : begin + strlen(begin));
	f->dynamic = f->fixed < SHARED_BYTES ? SHARED_BYTES - f->fixed : 0;
	f->next = m->functions;
	m->functions = f;
	return f;
}

int cuModuleGetFunction(struct function **out, struct module *m, const char *name) {
	enter();
	int code = usable();
	if (!code && !known(m)) code = INVALID_HANDLE;
	if (code) return leave(code);
	struct function *f = m->functions;
	while (f && strcmp(f->kernel->name, name)) f = f->next;
	if (!f) f = make_function(m, name);
	*out = f;
	return leave(f ? SUCCESS : NOT_FOUND);
}

enum { FUNCTION_THREADS = 0, FUNCTION_FIXED = 1, FUNCTION_DYNAMIC = 8 };

int cuFuncSetAttribute(struct function *f, int attribute, int value) {
	enter();
	int code = usable();
	if (!code) code = refused(__func__);
	if (!code && !is_function(f)) code = INVALID_HANDLE;
	if (!code && (attribute != FUNCTION_DYNAMIC || value < 0 || f->fixed + (unsigned)value > SHARED_BYTES_OPT_IN)) code = INVALID_VALUE;
	if (!code) f->dynamic = (unsigned)value;
	return leave(code);
}

int cuFuncGetAttribute(int *value, int attribute, struct function *f) {
	enter();
	if (!is_function(f)) return leave(INVALID_HANDLE);
	*value = attribute == FUNCTION_THREADS ? (int)f->threads : attribute == FUNCTION_FIXED ? (int)f->fixed : attribute == FUNCTION_DYNAMIC ? (int)f->dynamic : 0;
	return leave(SUCCESS);
}
