#include "mj.h"

typedef struct {
  const mjModel* m;
  mjData*        d;
  mjx_context*   c;
  int            n, code;
} call;

static int guarded(mjx_body body, call* a) {
  if (mjx_guard(body, a, a->c->message, sizeof a->c->message)) return MJX_FATAL;
  return a->code;
}

static void make(void* arg) {
  call* a = arg;
  a->d = mj_makeData(a->m);
}

mjData* mjx_data(const mjModel* m, mjx_context* c) {
  call a = {m, NULL, c, 0, MJX_OK};
  return guarded(make, &a) == MJX_OK ? a.d : NULL;
}

static int moved(const mjData* d, mjx_context* c) {
  for (int i = 0; i < mjNWARNING; i++) {
    if (d->warning[i].number == 0) continue;
    c->kind = mjx_warning(i);
    c->index = d->warning[i].lastinfo;
    return MJX_WARNING;
  }
  return MJX_OK;
}

static int all_finite(const mjtNum* x, int n, int kind, mjx_context* c) {
  for (int i = 0; i < n; i++) {
    if (!mju_isBad(x[i])) continue;
    c->kind = kind;
    c->index = i;
    return 0;
  }
  return 1;
}

// MuJoCo answers an unstable state with a warning and a silent reset, after
// which the counters start from zero again. So they are cleared before and read
// after every step.
static void step(void* arg) {
  call* a = arg;
  for (int i = 0; i < mjNWARNING; i++) a->d->warning[i].number = 0;
  for (int i = 0; i < a->n; i++) {
    if (a->c->pulled > 0) mjx_pull(a->m, a->d, a->c);
    mj_step(a->m, a->d);
    a->code = moved(a->d, a->c);
    if (a->code != MJX_OK) return;
  }
  if (!all_finite(a->d->qpos, a->m->nq, 0, a->c) || !all_finite(a->d->qvel, a->m->nv, 1, a->c) ||
      !all_finite(a->d->act, a->m->na, 2, a->c))
    a->code = MJX_NOT_FINITE;
}

int mjx_step(const mjModel* m, mjData* d, mjx_context* c, int n) {
  call a = {m, d, c, n, MJX_OK};
  return guarded(step, &a);
}

static void forward(void* arg) {
  call* a = arg;
  for (int i = 0; i < mjNWARNING; i++) a->d->warning[i].number = 0;
  mj_forward(a->m, a->d);
  a->code = moved(a->d, a->c);
}

int mjx_forward(const mjModel* m, mjData* d, mjx_context* c) {
  call a = {m, d, c, 0, MJX_OK};
  return guarded(forward, &a);
}

static void kinematics(void* arg) {
  call* a = arg;
  mjx_positions(a->m, a->d);
}

int mjx_kinematics(const mjModel* m, mjData* d, mjx_context* c) {
  call a = {m, d, c, 0, MJX_OK};
  return guarded(kinematics, &a);
}

static void reset(void* arg) {
  call* a = arg;
  mj_resetData(a->m, a->d);
}

int mjx_reset(const mjModel* m, mjData* d, mjx_context* c) {
  call a = {m, d, c, 0, MJX_OK};
  return guarded(reset, &a);
}

static void fail(void* arg) {
  (void)arg;
  mju_error("a deliberate error");
}

int mjx_fail(mjx_context* c) {
  call a = {NULL, NULL, c, 0, MJX_OK};
  return guarded(fail, &a);
}

void mjx_bare_loop(const mjModel* m, mjData* d, int n) {
  for (int i = 0; i < n; i++) mj_step(m, d);
}
