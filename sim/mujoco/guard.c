#include "mj.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

// MuJoCo's error handler must not return: without one it prints and exits the
// process. Ours jumps back to the guard that the same thread stands in.
static __thread jmp_buf* guard_exit;
static __thread char     guard_message[512];
static __thread char     guard_warning[512];

static void on_error(const char* message) {
  snprintf(guard_message, sizeof guard_message, "%s", message);
  if (!guard_exit) {
    fprintf(stderr, "mujoco: fatal error outside a guard: %s\n", message);
    abort();
  }
  longjmp(*guard_exit, 1);
}

// Warnings of a simulation are counted in mjData.warning, which mjx_step reads;
// those of the compiler only come here. Without a handler MuJoCo would append them
// to a log file in the working directory.
static void on_warning(const char* message) {
  snprintf(guard_warning, sizeof guard_warning, "%s", message);
}

// mjx_warned writes this thread's last warning to message, if there was one since
// it was last asked, and says whether.
int mjx_warned(char* message, int size) {
  int warned = guard_warning[0] != 0;
  if (warned) snprintf(message, size, "%s", guard_warning);
  guard_warning[0] = 0;
  return warned;
}

// mjx_install opens the library with the handlers above, or returns 1 and why not.
int mjx_install(char* message, int size) {
  mjx_tidy_heaps();
  return mjx_open(on_error, on_warning, message, size);
}

// mjx_guard calls body(arg) and returns 0, or 1 with the message if MuJoCo
// reported a fatal error. Guards nest.
int mjx_guard(mjx_body body, void* arg, char* message, int size) {
  jmp_buf  here;
  jmp_buf* outer = guard_exit;
  if (setjmp(here)) {
    guard_exit = outer;
    snprintf(message, size, "%s", guard_message);
    return 1;
  }
  guard_exit = &here;
  body(arg);
  guard_exit = outer;
  return 0;
}
