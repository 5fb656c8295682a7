//go:build nvidia && linux && (amd64 || arm64)

#include "driver.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#define SYMBOL(name) #name,
static const char *const names[] = {
#include "symbols.h"
};
#undef SYMBOL

enum { count = sizeof names / sizeof *names };

// Where each trampoline leads; empty until its library is open.
__attribute__((visibility("hidden"))) void *cuda_driver_targets[count];

// The libraries, by what their names begin with, and what a call returns that has
// nowhere to go: while the library is not open, and where it has no such function.
static int not_initialized(void) { return 3; }      // CUresult
static int not_found(void) { return 500; }          //
static int blas_not_initialized(void) { return 1; } // cublasStatus_t
static int blas_not_supported(void) { return 15; }  //
static int nvrtc_internal_error(void) { return 11; } // nvrtcResult

enum kind { BLAS, NVRTC, DRIVER, kinds };

static struct {
	const char *prefix;
	int (*closed)(void), (*missing)(void);
	void *open;
} libraries[kinds] = {
	[BLAS] = {"cublas", blas_not_initialized, blas_not_supported, NULL},
	[NVRTC] = {"nvrtc", nvrtc_internal_error, nvrtc_internal_error, NULL},
	[DRIVER] = {"cu", not_initialized, not_found, NULL},
};

// kind_of is the first library whose prefix fits.
static enum kind kind_of(int n) {
	enum kind k = 0;
	while (k < DRIVER && strncmp(names[n], libraries[k].prefix, strlen(libraries[k].prefix))) k++;
	return k;
}

__attribute__((visibility("hidden"))) void *cuda_driver_resolve(int n) {
	enum kind k = kind_of(n);
	if (!libraries[k].open) return (void *)libraries[k].closed;
	void *f = dlsym(libraries[k].open, names[n]);
	if (!f) f = (void *)libraries[k].missing;
	__atomic_store_n(&cuda_driver_targets[n], f, __ATOMIC_RELEASE);
	return f;
}

// cuInit is called by cu before main, where a failure would end the program.
int cuInit(unsigned flags) {
	(void)flags;
	return 0;
}

static void *opened(const char *name, char *message, int size) {
	void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
	if (!library) snprintf(message, size, "%s", dlerror());
	return library;
}

int cuda_driver_open(const char *name, char *message, int size, int *serves) {
	void *library = opened(name, message, size);
	if (!library) return -1;
	int (*init)(unsigned) = (int (*)(unsigned))dlsym(library, "cuInit");
	if (!init) {
		snprintf(message, size, "%s has no cuInit", name);
		dlclose(library);
		return -1;
	}
	int (*version)(int *) = (int (*)(int *))dlsym(library, "cuDriverGetVersion");
	if (!version || version(serves)) *serves = 0;
	int code = init(0);
	if (code) {
		const char *text = "no description";
		int (*describe)(int, const char **) = (int (*)(int, const char **))dlsym(library, "cuGetErrorString");
		if (!describe || describe(code, &text) || !text) text = "no description";
		snprintf(message, size, "%s", text);
		dlclose(library);
		return code;
	}
	libraries[DRIVER].open = library;
	return 0;
}

static int open_kind(enum kind k, const char *name, char *message, int size) {
	void *library = opened(name, message, size);
	if (!library) return -1;
	libraries[k].open = library;
	return 0;
}

int cuda_driver_open_blas(const char *name, char *message, int size) { return open_kind(BLAS, name, message, size); }

int cuda_driver_open_nvrtc(const char *name, char *message, int size) { return open_kind(NVRTC, name, message, size); }

void cuda_driver_forget_blas(void) {
	libraries[BLAS].open = NULL;
	for (int n = 0; n < count; n++)
		if (kind_of(n) == BLAS) __atomic_store_n(&cuda_driver_targets[n], NULL, __ATOMIC_RELEASE);
}

void *cuda_driver_symbol(const char *name) { return libraries[DRIVER].open ? dlsym(libraries[DRIVER].open, name) : NULL; }
