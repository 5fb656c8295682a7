#ifndef LATCO_EGL_H
#define LATCO_EGL_H

// What eglx_open found. On failure, display is NULL and message says, for each
// kind of display tried, what stopped it.
typedef struct {
  void *display, *context;
  char message[1024]; // success: which display, version, vendor
} eglx;

// eglx_load resolves libEGL; it returns NULL or the linker's message.
const char *eglx_load(void);
// eglx_open creates a surfaceless GL 3.3 core context; 0 on failure.
int eglx_open(eglx *x);
// eglx_current makes the context current on the calling thread; returns 0 or
// the EGL error code.
int eglx_current(eglx *x);
// eglx_close destroys the context, which may be current on the calling thread.
int eglx_close(eglx *x);
void *eglx_proc(const char *name);

#endif
