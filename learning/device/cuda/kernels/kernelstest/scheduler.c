#include "../emulate/coroutine.c"
#include "../emulate/emulate.c"
