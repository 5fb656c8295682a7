#include "mj.h"

// A mouse holds a body at a point. Two ways to follow it: a critically damped
// spring while time runs, and the joints' least-squares motion while it stands.

static void held_point(const mjData* d, const mjx_context* c, int body, mjtNum point[3]) {
  mju_mulMatVec(point, d->xmat + 9 * body, c->local, 3, 3);
  mju_addTo3(point, d->xpos + 3 * body);
}

// The mass felt at the point: 3 / trace(J M⁻¹ Jᵀ), 0 if nothing can move.
static mjtNum point_mass(const mjModel* m, mjData* d, mjtNum* work, const mjtNum point[3], int body) {
  mjtNum *jac = work, *solved = work + 3 * m->nv, trace = 0;
  mj_jac(m, d, jac, NULL, point, body);
  mj_solveM(m, d, solved, jac, 3);
  for (int i = 0; i < 3 * m->nv; i++) trace += jac[i] * solved[i];
  return trace > mjMINVAL ? 3 / trace : 0;
}

// mjx_pull sets the external force of the pulled body for the coming step.
// The stiffness per unit of mass is the model's <visual><map stiffness/>.
void mjx_pull(const mjModel* m, mjData* d, mjx_context* c) {
  int     body = c->pulled;
  mjtNum *wrench = d->xfrc_applied + 6 * body, point[3], arm[3], velocity[6], speed[3], stretch[3];
  held_point(d, c, body, point);
  mjtNum mass = point_mass(m, d, c->work, point, body), k = m->vis.map.stiffness;

  mj_objectVelocity(m, d, mjOBJ_XBODY, body, velocity, 0);
  mju_sub3(arm, point, d->xpos + 3 * body);
  mju_cross(speed, velocity, arm);
  mju_addTo3(speed, velocity + 3);

  mju_sub3(stretch, c->target, point);
  mju_scl3(wrench, stretch, k * mass);
  mju_addToScl3(wrench, speed, -2 * mju_sqrt(k) * mass);
  mju_sub3(arm, point, d->xipos + 3 * body);
  mju_cross(wrench + 3, arm, wrench);
}

// Solves the symmetric 3×3 system a x = b by Cramer's rule; a is damped and so
// never singular.
static void solve3(mjtNum x[3], const mjtNum a[9], const mjtNum b[3]) {
  mjtNum c0[3], c1[3], c2[3];
  mju_cross(c0, a + 3, a + 6);
  mju_cross(c1, a + 6, a);
  mju_cross(c2, a, a + 3);
  mjtNum det = mju_dot3(a, c0);
  for (int i = 0; i < 3; i++) x[i] = (c0[i] * b[0] + c1[i] * b[1] + c2[i] * b[2]) / det;
}

static void within_limits(const mjModel* m, mjData* d) {
  for (int j = 0; j < m->njnt; j++) {
    if (!m->jnt_limited[j] || (m->jnt_type[j] != mjJNT_SLIDE && m->jnt_type[j] != mjJNT_HINGE)) continue;
    mjtNum* q = d->qpos + m->jnt_qposadr[j];
    *q = mju_clip(*q, m->jnt_range[2 * j], m->jnt_range[2 * j + 1]);
  }
}

typedef struct {
  const mjModel* m;
  mjData*        d;
  mjx_context*   c;
  int            body;
} placing;

static mjtNum gap_to_target(const mjData* d, const placing* p, mjtNum gap[3]) {
  mjtNum point[3];
  held_point(d, p->c, p->body, point);
  mju_sub3(gap, p->c->target, point);
  return mju_norm3(gap);
}

// Goes from the posture start along dq, halving dq until the gap is smaller than
// before. Returns 0, back at start, if no fraction helps.
static int go(const mjModel* m, mjData* d, const placing* p, const mjtNum* start, mjtNum* dq, mjtNum before) {
  mjtNum gap[3];
  for (int halving = 0; halving < 10; halving++) {
    mju_copy(d->qpos, start, m->nq);
    mj_integratePos(m, d->qpos, dq, 1);
    within_limits(m, d);
    mjx_positions(m, d);
    if (gap_to_target(d, p, gap) < before) return 1;
    mju_scl(dq, dq, 0.5, m->nv);
  }
  mju_copy(d->qpos, start, m->nq);
  mjx_positions(m, d);
  return 0;
}

// Damped least squares: dq = Jᵀ (J Jᵀ + μI)⁻¹ (target − point), repeated while it
// brings the point nearer.
static void place(void* arg) {
  placing* p = arg;
  const mjModel* m = p->m;
  mjData* d = p->d;
  mjtNum *jac = p->c->work, *dq = jac + 3 * m->nv, *start = jac + 4 * m->nv;
  mjtNum point[3], gap[3], y[3], jj[9];
  for (int round = 0; round < 20; round++) {
    mjtNum before = gap_to_target(d, p, gap);
    if (before < 1e-9) return;
    held_point(d, p->c, p->body, point);
    mj_jac(m, d, jac, NULL, point, p->body);
    mju_mulMatMatT(jj, jac, jac, 3, m->nv, 3);
    mjtNum damping = 1e-6 + 1e-4 * (jj[0] + jj[4] + jj[8]);
    for (int i = 0; i < 3; i++) jj[4 * i] += damping;
    solve3(y, jj, gap);
    mju_mulMatTVec(dq, jac, y, 3, m->nv);
    mju_copy(start, d->qpos, m->nq);
    if (!go(m, d, p, start, dq, before)) return;
  }
}

// mjx_place brings the held point of body as near to the target as its joints
// allow. Velocities stay.
int mjx_place(const mjModel* m, mjData* d, mjx_context* c, int body) {
  placing p = {m, d, c, body};
  return mjx_guard(place, &p, c->message, sizeof c->message) ? MJX_FATAL : MJX_OK;
}
