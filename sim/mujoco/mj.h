// The C side of package mujoco. Nothing here calls back into Go.
#ifndef LATCO_SIM_MUJOCO_MJ_H
#define LATCO_SIM_MUJOCO_MJ_H

#include <stdint.h>
#include "library.h"

enum { MJX_OK, MJX_FATAL, MJX_WARNING, MJX_NOT_FINITE };

// mjtWarning, numbered alike in all versions.
enum { MJX_WARN_INERTIA, MJX_WARN_CONTACTS, MJX_WARN_CONSTRAINTS,
       MJX_WARN_QPOS, MJX_WARN_QVEL, MJX_WARN_QACC, MJX_WARN_CTRL, MJX_WARN_OTHER };

// mjx_context travels with one mjData: the last error and the mouse's spring.
typedef struct {
  char    message[512];  // of the last fatal error
  int32_t kind;          // an MJX_WARN of the counter that moved, or 0 qpos, 1 qvel, 2 act
  int32_t index;         // what MuJoCo says about it: usually a degree of freedom
  int32_t pulled;        // body on the spring; 0 = none
  double  local[3];      // where the spring holds it, in the body's frame
  double  target[3];     // where the spring pulls to, in the world
  double* work;          // 6*nv numbers
} mjx_context;

// mjx_geom is render.Geom before it reaches Go; independent of the version.
typedef struct {
  int32_t shape;   // mjtGeom
  int32_t object;  // mjtObj
  int32_t id;      // index of the object, -1 for decoration
  int32_t body;    // -1 for decoration
  int32_t texture; // -1 if none
  int32_t data;    // index of the mesh, height field or skin, -1 if none
  int32_t uniform; // texrepeat counts per unit of length
  float   repeat[2];
  float   size[3], pos[3], mat[9], rgba[4];
  float   emission, specular, shininess, reflectance;
} mjx_geom;

typedef struct {
  float   pos[3], dir[3], ambient[3], diffuse[3], specular[3];
  int32_t head, directional, shadow;
} mjx_light;

// mjx_scene owns an mjvScene and its translation.
typedef struct {
  mjvScene   scene;
  mjvCamera  camera;
  mjvOption  option;
  mjx_geom*  geoms;
  int32_t    ngeom;
  mjx_light  lights[mjMAXLIGHT];
  int32_t    nlight;
} mjx_scene;

// mjx_mesh_data is where a mesh lies in the model. A corner of a face has an index
// into each kind of data; normals and texcoords may share those of the vertices.
typedef struct {
  const float *vertices, *normals, *texcoords;       // texcoords may be NULL
  const int   *faces, *facenormals, *facetexcoords;  // 3*nface
  int32_t     nvertex, nnormal, ntexcoord, nface;
} mjx_mesh_data;

// mjx_soft_data is the surface of something that bends, at its present, in the world.
// Without faces every three vertices are one.
typedef struct {
  const float *vertices, *normals, *texcoords;  // texcoords may be NULL
  const int   *faces;                           // 3*nface, or NULL
  int32_t     nvertex, nface;
} mjx_soft_data;

// mjx_file is a file held in memory.
typedef struct {
  const char* name;
  const void* data;
  int         size;
} mjx_file;

// guard.c
typedef void (*mjx_body)(void* arg);
int  mjx_install(char* message, int size);
int  mjx_warned(char* message, int size);
int  mjx_guard(mjx_body body, void* arg, char* message, int size);

// heap.c
void    mjx_tidy_heaps(void);
int64_t mjx_allocated(void);

// compat.c: everything that differs between MuJoCo 2.2.2 and 3.x
mjModel*       mjx_load(const mjx_file* files, int n, char* message, int max);
mjModel*       mjx_load_path(const char* path, char* message, int max);
void           mjx_contact_geoms(const mjData* d, int i, int* geoms);
void           mjx_positions(const mjModel* m, mjData* d);
const mjtByte* mjx_texture(const mjModel* m, int id, int* channels);
int            mjx_material_texture(const mjModel* m, int material);
int            mjx_light_directional(const mjvLight* light);
mjx_mesh_data  mjx_mesh(const mjModel* m, int id);
int            mjx_drawn_shape(int type);
int            mjx_flex_lines(const mjModel* m);
int            mjx_soft_material(const mjModel* m, int object, int id);
mjx_soft_data  mjx_soft(const mjModel* m, const mjx_scene* s, const mjx_geom* g);
int            mjx_warning(int kind);

// quaternion.c
void mjx_unnormalise(const mjModel* m, mjData* d);

// trial.c
int mjx_try(const char* path, int seconds, int megabytes, char* message, int size);

// model.c
int         mjx_library_version(void);
void        mjx_delete_model(mjModel* m);
void        mjx_delete_data(mjData* d);
int         mjx_even_welds(void); // whether welds weigh rotation by the inertia against rotation
int         mjx_id(const mjModel* m, int type, const char* name);
const char* mjx_name(const mjModel* m, int type, int id);

// step.c
mjData* mjx_data(const mjModel* m, mjx_context* c);
int     mjx_step(const mjModel* m, mjData* d, mjx_context* c, int n);
int     mjx_start(const mjModel* m, mjData* d, mjx_context* c);
int     mjx_advance(const mjModel* m, mjData* d, mjx_context* c, int n);
int     mjx_contact_forces(const mjModel* m, mjData* d, mjx_context* c);
int     mjx_forward(const mjModel* m, mjData* d, mjx_context* c);
int     mjx_again(const mjModel* m, mjData* d, mjx_context* c);
int     mjx_kinematics(const mjModel* m, mjData* d, mjx_context* c);
int     mjx_reset(const mjModel* m, mjData* d, mjx_context* c);
int     mjx_fail(mjx_context* c);                             // for the tests
void    mjx_bare_loop(const mjModel* m, mjData* d, int n);    // for the benchmarks

// pull.c
void mjx_pull(const mjModel* m, mjData* d, mjx_context* c);
int  mjx_place(const mjModel* m, mjData* d, mjx_context* c, int body);

// scene.c
mjx_scene* mjx_new_scene(const mjModel* m);
void       mjx_free_scene(mjx_scene* s);
int        mjx_update_scene(const mjModel* m, mjData* d, mjx_scene* s, mjx_context* c);
int        mjx_ghost_scene(const mjModel* m, mjData* d, mjx_scene* s, mjx_context* c);

#endif
