// LatCo's step: every system of normal equations of collocation, factored, solved
// and corrected once. A module of its own.
#include "chainblocks.cu"
#include "chainrest.cu"
#include "chainpanel.cu"
#include "chainschur.cu"
#include "chainsubstitute.cu"
#include "chainfinish.cu"
#include "grujacobian.cu"
