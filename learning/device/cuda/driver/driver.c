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

static void *driver, *blas;

// What a call returns that has nowhere to go (CUresult and cublasStatus_t).
static int not_initialized(void) { return 3; }
static int not_found(void) { return 500; }
static int blas_not_initialized(void) { return 1; }
static int blas_not_supported(void) { return 15; }

static int of_blas(int n) { return strncmp(names[n], "cublas", 6) == 0; }

__attribute__((visibility("hidden"))) void *cuda_driver_resolve(int n) {
	void *library = of_blas(n) ? blas : driver;
	if (!library) return of_blas(n) ? (void *)blas_not_initialized : (void *)not_initialized;
	void *f = dlsym(library, names[n]);
	if (!f) f = of_blas(n) ? (void *)blas_not_supported : (void *)not_found;
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
	driver = library;
	return 0;
}

int cuda_driver_open_blas(const char *name, char *message, int size) {
	void *library = opened(name, message, size);
	if (!library) return -1;
	blas = library;
	return 0;
}

void cuda_driver_forget_blas(void) {
	blas = NULL;
	for (int n = 0; n < count; n++)
		if (of_blas(n)) __atomic_store_n(&cuda_driver_targets[n], NULL, __ATOMIC_RELEASE);
}

void *cuda_driver_symbol(const char *name) { return driver ? dlsym(driver, name) : NULL; }
