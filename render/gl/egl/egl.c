//go:build linux || freebsd

// EGL through run-time linking: a machine without libEGL can still start the
// program and be told what to install.
#include "egl.h"

#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#define FUNCTIONS(X)                                                           \
  X(PFNEGLBINDAPIPROC, eglBindAPI)                                             \
  X(PFNEGLCHOOSECONFIGPROC, eglChooseConfig)                                   \
  X(PFNEGLCREATECONTEXTPROC, eglCreateContext)                                 \
  X(PFNEGLDESTROYCONTEXTPROC, eglDestroyContext)                               \
  X(PFNEGLGETDISPLAYPROC, eglGetDisplay)                                       \
  X(PFNEGLGETERRORPROC, eglGetError)                                           \
  X(PFNEGLGETPROCADDRESSPROC, eglGetProcAddress)                               \
  X(PFNEGLINITIALIZEPROC, eglInitialize)                                       \
  X(PFNEGLMAKECURRENTPROC, eglMakeCurrent)                                     \
  X(PFNEGLQUERYSTRINGPROC, eglQueryString)

static struct {
#define FIELD(type, name) type name;
  FUNCTIONS(FIELD)
#undef FIELD
} egl;

const char *eglx_load(void) {
  void *lib = dlopen("libEGL.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!lib) return dlerror();
#define RESOLVE(type, name)                                                    \
  if (!(egl.name = (type)dlsym(lib, #name))) return dlerror();
  FUNCTIONS(RESOLVE)
#undef RESOLVE
  return NULL;
}

static void note(eglx *x, const char *display, const char *what) {
  size_t n = strlen(x->message);
  snprintf(x->message + n, sizeof x->message - n, "%s%s: %s (0x%x)",
           n ? "; " : "", display, what, (unsigned)egl.eglGetError());
}

// try_display makes the context on one display, or notes why it cannot.
static int try_display(eglx *x, EGLDisplay display, const char *name) {
  EGLint major = 0, minor = 0, n = 0;
  if (display == EGL_NO_DISPLAY) return note(x, name, "no such display"), 0;
  if (!egl.eglInitialize(display, &major, &minor)) return note(x, name, "eglInitialize failed"), 0;
  const char *has = egl.eglQueryString(display, EGL_EXTENSIONS);
  if (!has || !strstr(has, "EGL_KHR_surfaceless_context")) return note(x, name, "no EGL_KHR_surfaceless_context"), 0;
  if (!egl.eglBindAPI(EGL_OPENGL_API)) return note(x, name, "no desktop OpenGL"), 0;

  // Surfaceless displays offer configs without any surface type.
  const EGLint want[] = {EGL_SURFACE_TYPE, 0, EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_NONE};
  EGLConfig config;
  if (!egl.eglChooseConfig(display, want, &config, 1, &n) || n < 1) return note(x, name, "no config with OpenGL"), 0;
  const EGLint version[] = {EGL_CONTEXT_MAJOR_VERSION, 3, EGL_CONTEXT_MINOR_VERSION, 3,
                            EGL_CONTEXT_OPENGL_PROFILE_MASK, EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT, EGL_NONE};
  EGLContext context = egl.eglCreateContext(display, config, EGL_NO_CONTEXT, version);
  if (context == EGL_NO_CONTEXT) return note(x, name, "no OpenGL 3.3 core context"), 0;

  // The display stays initialised for the life of the process: it is shared
  // by every context on it, and terminating it would end them all.
  x->display = display;
  x->context = context;
  snprintf(x->message, sizeof x->message, "EGL %d.%d, %s, %s", major, minor, name,
           egl.eglQueryString(display, EGL_VENDOR));
  return 1;
}

// try_surfaceless makes the context on Mesa's display without a screen.
static int try_surfaceless(eglx *x, PFNEGLGETPLATFORMDISPLAYEXTPROC platform) {
#ifdef EGL_PLATFORM_SURFACELESS_MESA
  return try_display(x, platform(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, NULL), "surfaceless");
#else
  return 0;
#endif
}

// in_software says whether a device is Mesa's software rasteriser.
static int in_software(EGLDeviceEXT device) {
  PFNEGLQUERYDEVICESTRINGEXTPROC describe =
      (PFNEGLQUERYDEVICESTRINGEXTPROC)egl.eglGetProcAddress("eglQueryDeviceStringEXT");
  const char *has = describe ? describe(device, EGL_EXTENSIONS) : NULL;
  return has && strstr(has, "EGL_MESA_device_software");
}

int eglx_open(eglx *x) {
  static unsigned opened;
  memset(x, 0, sizeof *x);
  PFNEGLQUERYDEVICESEXTPROC devices =
      (PFNEGLQUERYDEVICESEXTPROC)egl.eglGetProcAddress("eglQueryDevicesEXT");
  PFNEGLGETPLATFORMDISPLAYEXTPROC platform =
      (PFNEGLGETPLATFORMDISPLAYEXTPROC)egl.eglGetProcAddress("eglGetPlatformDisplayEXT");
  if (devices && platform) {
    EGLDeviceEXT list[16];
    EGLint n = 0;
    if (!devices(16, list, &n)) n = 0;
    for (EGLint i = 0; i < n; i++) {
      // The software rasteriser draws one picture at a time for each display.
      // Contexts take turns on the two that it has, so that two renderers draw
      // the same pixels in half the time.
      if (in_software(list[i]) && __atomic_fetch_add(&opened, 1, __ATOMIC_RELAXED) % 2 && try_surfaceless(x, platform))
        return 1;
      char name[32];
      snprintf(name, sizeof name, "device %d of %d", i + 1, n);
      if (try_display(x, platform(EGL_PLATFORM_DEVICE_EXT, list[i], NULL), name)) return 1;
    }
  }
  if (platform && try_surfaceless(x, platform)) return 1;
  return try_display(x, egl.eglGetDisplay(EGL_DEFAULT_DISPLAY), "default display");
}

int eglx_current(eglx *x) {
  egl.eglBindAPI(EGL_OPENGL_API);
  return egl.eglMakeCurrent(x->display, EGL_NO_SURFACE, EGL_NO_SURFACE, x->context) ? 0 : egl.eglGetError();
}

int eglx_close(eglx *x) {
  if (!egl.eglMakeCurrent(x->display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT) ||
      !egl.eglDestroyContext(x->display, x->context))
    return egl.eglGetError();
  return 0;
}

void *eglx_proc(const char *name) { return (void *)egl.eglGetProcAddress(name); }
