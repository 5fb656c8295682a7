//go:build cgo && !purego

#include "library.h"

#include <dlfcn.h>
#include <oneapi/dnnl/dnnl_version.h>
#include <stdio.h>

static void (*set_num_threads)(int);

// find_openmp looks for the function in what is loaded. A oneDNN with another
// threading layer brings none, and needs none.
static void find_openmp(void) { set_num_threads = (void (*)(int))dlsym(RTLD_DEFAULT, "omp_set_num_threads"); }

#ifdef __linux__
int cpu_library_open(char *message, int size) {
	char name[32];
	snprintf(name, sizeof name, "libdnnl.so.%d", DNNL_VERSION_MAJOR);
	if (!dlopen(name, RTLD_LAZY | RTLD_GLOBAL)) {
		snprintf(message, size, "%s", dlerror());
		return 1;
	}
	find_openmp();
	return 0;
}
#else
int cpu_library_open(char *message, int size) {
	(void)message;
	(void)size;
	find_openmp();
	return 0;
}
#endif

void cpu_single_threaded(void) {
	if (set_num_threads) set_num_threads(1);
}
