// Everything that differs between MuJoCo 2.2.2 and the 3.x releases. Version
// numbers: 2.2.2 is 222, 3.3.2 is 332, later releases are larger numbers still.
#include "mj.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const mjx_file* files;
  int             n;
  const char*     path;
  mjVFS*          vfs;
  mjModel*        model;
  char*           message;
  int             max;
} loading;

static int add_file(mjVFS* vfs, const mjx_file* f) {
#if mjVERSION_HEADER >= 313
  return mj_addBufferVFS(vfs, f->name, f->data, f->size);
#else
  int failed = mj_makeEmptyFileVFS(vfs, f->name, f->size);
  if (!failed) memcpy(vfs->filedata[mj_findFileVFS(vfs, f->name)], f->data, f->size);
  return failed;
#endif
}

static void load(void* arg) {
  loading* l = arg;
  mj_defaultVFS(l->vfs);
  for (int i = 0; i < l->n; i++) {
    if (!add_file(l->vfs, l->files + i)) continue;
    snprintf(l->message, l->max, "cannot hold file %s in memory", l->files[i].name);
    return;
  }
  l->model = mj_loadXML(l->files[0].name, l->vfs, l->message, l->max);
}

static void load_path(void* arg) {
  loading* l = arg;
  l->model = mj_loadXML(l->path, NULL, l->message, l->max);
}

static void unload(void* arg) { mj_deleteVFS(((loading*)arg)->vfs); }

// mjx_load compiles the first of some MJCF texts; the others are what it includes.
// It returns NULL and a message, or a model. Warnings of the compiler are a message
// too; the model then is not NULL.
mjModel* mjx_load(const mjx_file* files, int n, char* message, int max) {
  char    ignored[64];
  loading l = {files, n, NULL, calloc(1, sizeof(mjVFS)), NULL, message, max}; // megabytes in 2.x
  message[0] = 0;
  if (!l.vfs) {
    snprintf(message, max, "out of memory");
    return NULL;
  }
  mjx_warned(ignored, sizeof ignored);
  mjx_guard(load, &l, message, max);
  if (l.model && !message[0]) mjx_warned(message, max);
  mjx_guard(unload, &l, ignored, sizeof ignored);
  free(l.vfs);
  return l.model;
}

// mjx_load_path is mjx_load for a file on disk and what it refers to.
mjModel* mjx_load_path(const char* path, char* message, int max) {
  char    ignored[64];
  loading l = {NULL, 0, path, NULL, NULL, message, max};
  message[0] = 0;
  mjx_warned(ignored, sizeof ignored);
  mjx_guard(load_path, &l, message, max);
  if (l.model && !message[0]) mjx_warned(message, max);
  return l.model;
}

// mjx_contact_geoms tells the two geoms of contact i; -1 for what is no geom.
void mjx_contact_geoms(const mjData* d, int i, int* geoms) {
#if mjVERSION_HEADER >= 300
  geoms[0] = d->contact[i].geom[0];
  geoms[1] = d->contact[i].geom[1];
#else
  geoms[0] = d->contact[i].geom1;
  geoms[1] = d->contact[i].geom2;
#endif
}

// mjx_positions brings everything that is drawn up to date with qpos.
void mjx_positions(const mjModel* m, mjData* d) {
  mj_kinematics(m, d);
  mj_comPos(m, d);
  mj_camlight(m, d);
#if mjVERSION_HEADER >= 300
  mj_flex(m, d);
#endif
  mj_tendon(m, d);
}

const mjtByte* mjx_texture(const mjModel* m, int id, int* channels) {
#if mjVERSION_HEADER >= 321
  *channels = m->tex_nchannel[id];
  return m->tex_data + m->tex_adr[id];
#else
  *channels = 3;
  return m->tex_rgb + m->tex_adr[id];
#endif
}

int mjx_material_texture(const mjModel* m, int material) {
#if mjVERSION_HEADER >= 321
  return m->mat_texid[material * mjNTEXROLE + mjTEXROLE_RGB];
#elif mjVERSION_HEADER == 320
  return m->mat_texid[material * mjNTEXMAT];
#else
  return m->mat_texid[material];
#endif
}

int mjx_light_directional(const mjvLight* light) {
#if mjVERSION_HEADER >= 333
  return light->type == mjLIGHT_DIRECTIONAL;
#else
  return light->directional;
#endif
}

// mjx_mesh finds the parts of a mesh. Before 2.3 normals and texture coordinates
// belong to vertices.
mjx_mesh_data mjx_mesh(const mjModel* m, int id) {
  mjx_mesh_data d = {0};
  int first = 3 * m->mesh_faceadr[id];
  d.nface = m->mesh_facenum[id];
  d.faces = m->mesh_face + first;
  d.vertices = m->mesh_vert + 3 * m->mesh_vertadr[id];
  d.nvertex = m->mesh_vertnum[id];
  if (m->mesh_texcoordadr[id] >= 0) d.texcoords = m->mesh_texcoord + 2 * m->mesh_texcoordadr[id];
#if mjVERSION_HEADER >= 300
  d.normals = m->mesh_normal + 3 * m->mesh_normaladr[id];
  d.nnormal = m->mesh_normalnum[id];
  d.facenormals = m->mesh_facenormal + first;
  d.ntexcoord = d.texcoords ? m->mesh_texcoordnum[id] : 0;
  d.facetexcoords = m->mesh_facetexcoord + first;
#else
  d.normals = m->mesh_normal + 3 * m->mesh_vertadr[id];
  d.nnormal = d.nvertex;
  d.facenormals = d.faces;
  d.ntexcoord = d.texcoords ? d.nvertex : 0;
  d.facetexcoords = d.faces;
#endif
  return d;
}

// mjx_drawn_shape is the shape as which a kind of geom is drawn.
int mjx_drawn_shape(int type) {
#if mjVERSION_HEADER >= 300
  if (type == mjGEOM_SDF) return mjGEOM_MESH;
  if (type == mjGEOM_FLEX) return mjGEOM_SKIN;
#endif
  return type;
}

// mjx_flex_lines is how many flexes have no surface.
int mjx_flex_lines(const mjModel* m) {
  int n = 0;
#if mjVERSION_HEADER >= 300
  for (int i = 0; i < m->nflex; i++) n += m->flex_dim[i] < 2;
#else
  (void)m;
#endif
  return n;
}

// mjx_soft_material is the material of a skin or flex.
int mjx_soft_material(const mjModel* m, int object, int id) {
#if mjVERSION_HEADER >= 300
  if (object == mjOBJ_FLEX) return m->flex_matid[id];
#endif
  return object == mjOBJ_SKIN ? m->skin_matid[id] : -1;
}

// mjx_soft finds the surface of a geom of shape mjGEOM_SKIN, of the last update.
mjx_soft_data mjx_soft(const mjModel* m, const mjx_scene* s, const mjx_geom* g) {
  const mjvScene* v = &s->scene;
  int i = g->data;
  mjx_soft_data d = {0};
#if mjVERSION_HEADER >= 300
  if (g->object == mjOBJ_FLEX) {
    int first = v->flexfaceadr[i];
    d.nface = v->flexfaceused[i];
    d.nvertex = 3 * d.nface;
    d.vertices = v->flexface + 9 * first;
    d.normals = v->flexnormal + 9 * first;
    if (m->flex_texcoordadr[i] >= 0) d.texcoords = v->flextexcoord + 6 * first;
    return d;
  }
#endif
  d.nvertex = v->skinvertnum[i];
  d.vertices = v->skinvert + 3 * v->skinvertadr[i];
  d.normals = v->skinnormal + 3 * v->skinvertadr[i];
  if (m->skin_texcoordadr[i] >= 0) d.texcoords = m->skin_texcoord + 2 * m->skin_texcoordadr[i];
  d.nface = m->skin_facenum[i];
  d.faces = m->skin_face + 3 * m->skin_faceadr[i];
  return d;
}

int mjx_warning(int kind) {
  switch (kind) {
    case mjWARN_INERTIA:     return MJX_WARN_INERTIA;
    case mjWARN_CONTACTFULL: return MJX_WARN_CONTACTS;
    case mjWARN_CNSTRFULL:   return MJX_WARN_CONSTRAINTS;
    case mjWARN_BADQPOS:     return MJX_WARN_QPOS;
    case mjWARN_BADQVEL:     return MJX_WARN_QVEL;
    case mjWARN_BADQACC:     return MJX_WARN_QACC;
    case mjWARN_BADCTRL:     return MJX_WARN_CTRL;
  }
  return MJX_WARN_OTHER;
}

int mjx_even_welds(void) {
#if mjVERSION_HEADER >= 300
  return 1;
#else
  return 0;
#endif
}
