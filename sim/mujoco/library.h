// MuJoCo is opened at run time, not linked: a computer without it gets an error
// that says what to install instead of a program that does not start. Every
// function in use is listed here once and called through the table.
#ifndef LATCO_SIM_MUJOCO_LIBRARY_H
#define LATCO_SIM_MUJOCO_LIBRARY_H

#include <mujoco/mujoco.h>

#if mjVERSION_HEADER >= 313
#define MJX_VFS(F) F(mj_addBufferVFS)
#else
#define MJX_VFS(F) F(mj_makeEmptyFileVFS) F(mj_findFileVFS)
#endif
#if mjVERSION_HEADER >= 300
#define MJX_FLEX(F) F(mj_flex)
#else
#define MJX_FLEX(F)
#endif

#define MJX_FUNCTIONS(F) \
  F(mj_version) F(mj_loadXML) F(mj_deleteModel) F(mj_makeData) F(mj_deleteData) \
  F(mj_resetData) F(mj_step) F(mj_step1) F(mj_step2) F(mj_forwardSkip) F(mj_checkAcc) F(mj_RungeKutta) F(mj_rnePostConstraint) F(mj_forward) F(mj_kinematics) F(mj_comPos) F(mj_camlight) \
  F(mj_tendon) F(mj_name2id) F(mj_id2name) F(mj_jac) F(mj_solveM) F(mj_objectVelocity) \
  F(mj_integratePos) F(mj_defaultVFS) F(mj_deleteVFS) F(mjv_defaultScene) \
  F(mjv_defaultFreeCamera) F(mjv_defaultOption) F(mjv_makeScene) F(mjv_freeScene) \
  F(mjv_updateScene) F(mjv_addGeoms) F(mju_error) F(mju_isBad) F(mju_clip) F(mju_copy) \
  F(mju_scl) F(mju_scl3) F(mju_sub3) F(mju_addTo3) F(mju_addToScl3) F(mju_dot3) F(mju_cross) \
  F(mju_norm3) F(mju_normalize4) F(mju_mulMatVec) F(mju_mulMatTVec) F(mju_mulMatMatT) \
  MJX_VFS(F) MJX_FLEX(F)

// mjx_table has a pointer of the right type for each of them.
typedef struct {
#define MJX_FIELD(name) __typeof__(name)* name;
  MJX_FUNCTIONS(MJX_FIELD)
#undef MJX_FIELD
} mjx_table;

extern mjx_table mjx;

// mjx_open fills the table and takes over the library's error handlers. It
// returns 0, or 1 with a message. Call it once, before anything else.
int mjx_open(void (*on_error)(const char*), void (*on_warning)(const char*), char* message, int size);

#ifndef MJX_NO_CALLS  // library.c itself needs the names
#define mj_version mjx.mj_version
#define mj_loadXML mjx.mj_loadXML
#define mj_deleteModel mjx.mj_deleteModel
#define mj_makeData mjx.mj_makeData
#define mj_deleteData mjx.mj_deleteData
#define mj_resetData mjx.mj_resetData
#define mj_step mjx.mj_step
#define mj_step1 mjx.mj_step1
#define mj_step2 mjx.mj_step2
#define mj_forwardSkip mjx.mj_forwardSkip
#define mj_checkAcc mjx.mj_checkAcc
#define mj_RungeKutta mjx.mj_RungeKutta
#define mj_rnePostConstraint mjx.mj_rnePostConstraint
#define mj_forward mjx.mj_forward
#define mj_kinematics mjx.mj_kinematics
#define mj_comPos mjx.mj_comPos
#define mj_camlight mjx.mj_camlight
#define mj_tendon mjx.mj_tendon
#define mj_name2id mjx.mj_name2id
#define mj_id2name mjx.mj_id2name
#define mj_jac mjx.mj_jac
#define mj_solveM mjx.mj_solveM
#define mj_objectVelocity mjx.mj_objectVelocity
#define mj_integratePos mjx.mj_integratePos
#define mj_defaultVFS mjx.mj_defaultVFS
#define mj_deleteVFS mjx.mj_deleteVFS
#define mjv_defaultScene mjx.mjv_defaultScene
#define mjv_defaultFreeCamera mjx.mjv_defaultFreeCamera
#define mjv_defaultOption mjx.mjv_defaultOption
#define mjv_makeScene mjx.mjv_makeScene
#define mjv_freeScene mjx.mjv_freeScene
#define mjv_updateScene mjx.mjv_updateScene
#define mjv_addGeoms mjx.mjv_addGeoms
#define mju_error mjx.mju_error
#define mju_isBad mjx.mju_isBad
#define mju_clip mjx.mju_clip
#define mju_copy mjx.mju_copy
#define mju_scl mjx.mju_scl
#define mju_scl3 mjx.mju_scl3
#define mju_sub3 mjx.mju_sub3
#define mju_addTo3 mjx.mju_addTo3
#define mju_addToScl3 mjx.mju_addToScl3
#define mju_dot3 mjx.mju_dot3
#define mju_cross mjx.mju_cross
#define mju_norm3 mjx.mju_norm3
#define mju_normalize4 mjx.mju_normalize4
#define mju_mulMatVec mjx.mju_mulMatVec
#define mju_mulMatTVec mjx.mju_mulMatTVec
#define mju_mulMatMatT mjx.mju_mulMatMatT
#define mj_makeEmptyFileVFS mjx.mj_makeEmptyFileVFS
#define mj_findFileVFS mjx.mj_findFileVFS
#define mj_addBufferVFS mjx.mj_addBufferVFS
#define mj_flex mjx.mj_flex
#endif

#endif
