// A file from elsewhere is first tried in a child process: MuJoCo's compiler and its
// readers of meshes and images trust what they read, and some files make them write
// where they should not, or ask for all the memory there is.
#define _GNU_SOURCE
#include "mj.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
  mjModel* m;
  char     ignored[64];
} trying;

// live does once what will be done with the model.
static void live(void* arg) {
  trying*     t = arg;
  mjx_context c;
  memset(&c, 0, sizeof c);
  mjData* d = mjx_data(t->m, &c);
  if (!d) return;
  c.work = calloc(6 * t->m->nv + 1, sizeof *c.work);
  mjx_scene* s = mjx_new_scene(t->m);
  if (mjx_forward(t->m, d, &c) == MJX_OK && s) mjx_update_scene(t->m, d, s, &c);
  mjx_step(t->m, d, &c, 2);
}

// virtual_size is what the process has mapped, bytes.
static rlim_t virtual_size(void) {
  char text[64] = "";
  int  f = open("/proc/self/statm", O_RDONLY);
  if (f < 0) return 0;
  ssize_t n = read(f, text, sizeof text - 1);
  close(f);
  return n > 0 ? strtoull(text, NULL, 10) * (rlim_t)sysconf(_SC_PAGESIZE) : 0;
}

static void limit(int what, rlim_t value) {
  struct rlimit r = {value, value};
  setrlimit(what, &r);
}

// child never returns. The handlers of the parent's signals are not for it. Why the
// file does not load goes to out.
static void child(const char* path, int seconds, int megabytes, const sigset_t* mask, int out) {
  for (int s = 1; s < NSIG; s++) signal(s, SIG_DFL);
  int null = open("/dev/null", O_WRONLY);
  dup2(null, 1);
  dup2(null, 2);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, seconds);
  rlim_t mapped = virtual_size();
  if (mapped) limit(RLIMIT_AS, mapped + ((rlim_t)megabytes << 20));
  alarm(3 * seconds);
  pthread_sigmask(SIG_SETMASK, mask, NULL);
  char   message[1024];
  trying t = {mjx_load_path(path, message, sizeof message), ""};
  if (!t.m && write(out, message, strlen(message)) < 0) _exit(1);
  if (t.m) mjx_guard(live, &t, t.ignored, sizeof t.ignored);
  _exit(0);
}

// start runs the child and returns its number, or -1 and errno.
static pid_t start(const char* path, int seconds, int megabytes, int out) {
  sigset_t all, mask;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &mask);
  pid_t pid = fork();
  if (pid == 0) child(path, seconds, megabytes, &mask, out);
  int failed = errno;
  pthread_sigmask(SIG_SETMASK, &mask, NULL);
  errno = failed;
  return pid;
}

// listen_to reads until the other end is closed.
static void listen_to(int in, char* message, int size) {
  int n = 0;
  for (ssize_t got; n < size - 1 && (got = read(in, message + n, size - 1 - n)) != 0;) {
    if (got > 0) n += got;
    else if (errno != EINTR) break;
  }
  message[n] = 0;
}

static int open_pipe(int* ends) {
#ifdef __linux__
  return pipe2(ends, O_CLOEXEC);
#else
  return pipe(ends);
#endif
}

// mjx_try loads a file in a child process, steps the model and makes a scene of it. It
// returns 0 if the child ended by itself, the signal that killed it, or -1 and errno
// if there could be none. The message is why the file does not load, or empty.
int mjx_try(const char* path, int seconds, int megabytes, char* message, int size) {
  int ends[2], status = 0;
  message[0] = 0;
  if (open_pipe(ends) < 0) return -1;
  pid_t pid = start(path, seconds, megabytes, ends[1]);
  int failed = errno;
  close(ends[1]);
  if (pid > 0) listen_to(ends[0], message, size);
  close(ends[0]);
  errno = failed;
  if (pid < 0) return -1;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}
