// What Go calls one to one: cgo sees functions, not the table of library.h.
#include "mj.h"

int mjx_library_version(void) { return mj_version(); }

void mjx_delete_model(mjModel* m) { mj_deleteModel(m); }

void mjx_delete_data(mjData* d) { mj_deleteData(d); }

int mjx_id(const mjModel* m, int type, const char* name) { return mj_name2id(m, type, name); }

const char* mjx_name(const mjModel* m, int type, int id) { return mj_id2name(m, type, id); }
