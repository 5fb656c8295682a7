#define MJX_NO_CALLS
#include "library.h"

#include <dlfcn.h>
#include <stdio.h>

mjx_table mjx;

// library_name is what the release calls its library, such as libmujoco.so.2.2.2.
static void library_name(char* name, int size) {
  int base = mjVERSION_HEADER >= 1000000 ? 1000 : 10;
  int major = mjVERSION_HEADER / base / base, minor = mjVERSION_HEADER / base % base, patch = mjVERSION_HEADER % base;
#ifdef __APPLE__
  snprintf(name, size, "libmujoco.%d.%d.%d.dylib", major, minor, patch);
#else
  snprintf(name, size, "libmujoco.so.%d.%d.%d", major, minor, patch);
#endif
}

static void* find(void* library, const char* symbol, char* message, int size) {
  void* found = dlsym(library, symbol);
  if (!found && !message[0]) snprintf(message, size, "%s", dlerror());
  return found;
}

int mjx_open(void (*on_error)(const char*), void (*on_warning)(const char*), char* message, int size) {
  char name[64];
  library_name(name, sizeof name);
  message[0] = 0;
  void* library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (!library) library = dlopen("libmujoco.so", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    snprintf(message, size, "%s", dlerror());
    return 1;
  }
#define MJX_FIND(name) mjx.name = find(library, #name, message, size);
  MJX_FUNCTIONS(MJX_FIND)
#undef MJX_FIND
  void (**user_error)(const char*) = find(library, "mju_user_error", message, size);
  void (**user_warning)(const char*) = find(library, "mju_user_warning", message, size);
  if (message[0]) return 1;
  *user_error = on_error;
  *user_warning = on_warning;
  return 0;
}
