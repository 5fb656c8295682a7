#include "mj.h"

#include <string.h>

// before finds a quaternion that normalising turns into q, q itself if that stays as
// it is. What normalising has made has such ancestors near it, along its direction.
static void before(mjtNum q[4]) {
  for (int tries = 0; tries < 1000; tries++) {
    mjtNum p[4], made[4];
    for (int i = 0; i < 4; i++) p[i] = made[i] = q[i] * (1 + tries * 1e-13);
    mju_normalize4(made);
    if (memcmp(made, q, sizeof made)) continue;
    memcpy(q, p, sizeof p);
    return;
  }
}

// mjx_unnormalise undoes the normalising of all quaternions of qpos.
void mjx_unnormalise(const mjModel* m, mjData* d) {
  for (int j = 0; j < m->njnt; j++) {
    mjtNum* q = d->qpos + m->jnt_qposadr[j];
    if (m->jnt_type[j] == mjJNT_FREE) before(q + 3);
    else if (m->jnt_type[j] == mjJNT_BALL) before(q);
  }
}
