#include "mj.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  const mjModel* m;
  mjData*        d;
  mjx_scene*     s;
  char           message[64];
} viewing;

static void make(void* arg) {
  viewing* v = arg;
  mjv_defaultScene(&v->s->scene);
  mjv_defaultFreeCamera(v->m, &v->s->camera);
  mjv_defaultOption(&v->s->option);
  // A tendon has two pieces at each wrapping, a slack one up to 32; the rest is for
  // what sensors show.
  int max = v->m->ngeom + v->m->nsite + 2 * v->m->nwrap + 32 * v->m->ntendon + v->m->nsensor + v->m->nskin + 100;
  mjv_makeScene(v->m, &v->s->scene, max);
  v->s->geoms = calloc(max, sizeof *v->s->geoms);
}

mjx_scene* mjx_new_scene(const mjModel* m) {
  viewing v = {m, NULL, calloc(1, sizeof *v.s), ""};
  if (!v.s) return NULL;
  if (mjx_guard(make, &v, v.message, sizeof v.message) || !v.s->geoms) {
    mjx_free_scene(v.s);
    return NULL;
  }
  return v.s;
}

void mjx_free_scene(mjx_scene* s) {
  mjv_freeScene(&s->scene);
  free(s->geoms);
  free(s);
}

static void material(const mjModel* m, int id, mjx_geom* g) {
  if (id < 0) return;
  g->texture = mjx_material_texture(m, id);
  g->uniform = m->mat_texuniform[id];
  memcpy(g->repeat, m->mat_texrepeat + 2 * id, sizeof g->repeat);
}

// mjv replaces an infinite plane by a finite one around the camera; renderers
// here know infinite planes and want the original.
static void plane(const mjModel* m, const mjData* d, mjx_geom* g) {
  for (int i = 0; i < 3; i++) {
    g->size[i] = (float)m->geom_size[3 * g->id + i];
    g->pos[i] = (float)d->geom_xpos[3 * g->id + i];
  }
}

static void convert(const mjModel* m, const mjData* d, const mjvGeom* from, mjx_geom* g) {
  g->shape = mjx_drawn_shape(from->type);
  g->data = -1;
  g->object = from->objtype;
  g->id = from->objid;
  g->body = g->texture = -1;
  g->uniform = 0;
  memset(g->repeat, 0, sizeof g->repeat);
  memcpy(g->size, from->size, sizeof g->size);
  memcpy(g->pos, from->pos, sizeof g->pos);
  memcpy(g->mat, from->mat, sizeof g->mat);
  memcpy(g->rgba, from->rgba, sizeof g->rgba);
  g->emission = from->emission;
  g->specular = from->specular;
  g->shininess = from->shininess;
  g->reflectance = from->reflectance;
  if (from->objtype == mjOBJ_GEOM) {
    g->body = m->geom_bodyid[g->id];
    material(m, m->geom_matid[g->id], g);
    if (g->shape == mjGEOM_PLANE) plane(m, d, g);
    if (g->shape == mjGEOM_MESH || g->shape == mjGEOM_HFIELD) g->data = m->geom_dataid[g->id];
  } else if (from->objtype == mjOBJ_SITE) {
    g->body = m->site_bodyid[g->id];
    material(m, m->site_matid[g->id], g);
  } else if (g->shape == mjGEOM_SKIN) {
    g->data = g->id;
    material(m, mjx_soft_material(m, g->object, g->id), g);
  }
}

static void lights(mjx_scene* s) {
  s->nlight = s->scene.nlight;
  for (int i = 0; i < s->nlight; i++) {
    const mjvLight* from = s->scene.lights + i;
    mjx_light* to = s->lights + i;
    memcpy(to->pos, from->pos, sizeof to->pos);
    memcpy(to->dir, from->dir, sizeof to->dir);
    memcpy(to->ambient, from->ambient, sizeof to->ambient);
    memcpy(to->diffuse, from->diffuse, sizeof to->diffuse);
    memcpy(to->specular, from->specular, sizeof to->specular);
    to->head = from->headlight;
    to->directional = mjx_light_directional(from);
    to->shadow = from->castshadow;
  }
}

static void update(void* arg) {
  viewing* v = arg;
  mjx_scene* s = v->s;
  mjv_updateScene(v->m, v->d, &s->option, NULL, &s->camera, mjCAT_ALL, &s->scene);
  s->ngeom = s->scene.ngeom;
  for (int i = 0; i < s->ngeom; i++) convert(v->m, v->d, s->scene.geoms + i, s->geoms + i);
  lights(s);
}

int mjx_update_scene(const mjModel* m, mjData* d, mjx_scene* s, mjx_context* c) {
  viewing v = {m, d, s, ""};
  return mjx_guard(update, &v, c->message, sizeof c->message) ? MJX_FATAL : MJX_OK;
}

// A ghost shows what joints move; what is fixed is in the scene already.
static void ghost(void* arg) {
  viewing* v = arg;
  mjx_scene* s = v->s;
  s->scene.ngeom = s->ngeom = 0;
  mjv_addGeoms(v->m, v->d, &s->option, NULL, mjCAT_DYNAMIC, &s->scene);
  for (int i = 0; i < s->scene.ngeom; i++) {
    mjx_geom* g = s->geoms + s->ngeom;
    convert(v->m, v->d, s->scene.geoms + i, g);
    if (g->body > 0 && v->m->body_weldid[g->body] != 0) s->ngeom++;
  }
}

int mjx_ghost_scene(const mjModel* m, mjData* d, mjx_scene* s, mjx_context* c) {
  viewing v = {m, d, s, ""};
  return mjx_guard(ghost, &v, c->message, sizeof c->message) ? MJX_FATAL : MJX_OK;
}
