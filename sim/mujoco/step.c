#include "mj.h"

#include <string.h>

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

static int finite_state(const mjModel* m, const mjData* d, mjx_context* c) {
  int ok = all_finite(d->qpos, m->nq, 0, c) && all_finite(d->qvel, m->nv, 1, c) && all_finite(d->act, m->na, 2, c);
  return ok ? MJX_OK : MJX_NOT_FINITE;
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
  a->code = finite_state(a->m, a->d, a->c);
}

static void start(void* arg) {
  call* a = arg;
  for (int i = 0; i < mjNWARNING; i++) a->d->warning[i].number = 0;
  mj_step1(a->m, a->d);
  a->code = moved(a->d, a->c);
}

// finish ends the step that was started. mj_step2 knows no Runge-Kutta, of which the
// start is the first stage's positions and velocities.
static void finish(const mjModel* m, mjData* d) {
  if (m->opt.integrator != mjINT_RK4) {
    mj_step2(m, d);
    return;
  }
  mj_forwardSkip(m, d, mjSTAGE_VEL, 0);
  mj_checkAcc(m, d);
  mj_RungeKutta(m, d, 4);
}

// One step more than it ends: the rest of a step that was started, whole steps, and
// the start of the next.
static void advance(void* arg) {
  call* a = arg;
  for (int i = 0; i < mjNWARNING; i++) a->d->warning[i].number = 0;
  for (int i = 0; i < a->n; i++) {
    if (a->c->pulled > 0) mjx_pull(a->m, a->d, a->c);
    if (i == 0) finish(a->m, a->d);
    else mj_step(a->m, a->d);
    a->code = moved(a->d, a->c);
    if (a->code != MJX_OK) return;
  }
  mj_step1(a->m, a->d);
  a->code = moved(a->d, a->c);
  if (a->code == MJX_OK) a->code = finite_state(a->m, a->d, a->c);
}

static void contact_forces(void* arg) {
  call* a = arg;
  mj_rnePostConstraint(a->m, a->d);
}

int mjx_start(const mjModel* m, mjData* d, mjx_context* c) {
  call a = {m, d, c, 0, MJX_OK};
  return guarded(start, &a);
}

int mjx_advance(const mjModel* m, mjData* d, mjx_context* c, int n) {
  call a = {m, d, c, n, MJX_OK};
  return guarded(advance, &a);
}

int mjx_contact_forces(const mjModel* m, mjData* d, mjx_context* c) {
  call a = {m, d, c, 0, MJX_OK};
  return guarded(contact_forces, &a);
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

// MuJoCo 2 normalises quaternions in place, and then once more for the poses: done to
// what is normalised already, that gives other poses in the last digit.
static void again(void* arg) {
  call* a = arg;
  size_t size = a->m->nq * sizeof(mjtNum);
  mjtNum *saved = a->c->work, *tried = saved + a->m->nq; // 2 nq < 6 nv
  memcpy(saved, a->d->qpos, size);
  mjx_unnormalise(a->m, a->d);
  memcpy(tried, a->d->qpos, size);
  forward(a);
  if (!memcmp(a->d->qpos, saved, size) || memcmp(a->d->qpos, tried, size)) return;
  memcpy(a->d->qpos, saved, size); // MuJoCo 3 leaves them alone
  forward(a);
}

int mjx_again(const mjModel* m, mjData* d, mjx_context* c) {
  call a = {m, d, c, 0, MJX_OK};
  return guarded(again, &a);
}

// MuJoCo 2 normalises quaternions in place; looking must not change what is seen.
static void kinematics(void* arg) {
  call* a = arg;
  mju_copy(a->c->work, a->d->qpos, a->m->nq); // nq < 6 nv
  mjx_positions(a->m, a->d);
  mju_copy(a->d->qpos, a->c->work, a->m->nq);
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
