// The recurrence of a training batch, forward and back, each in one kernel
// (device.Scanner).
#include "scan_forward.cu"
#include "scan_backward.cu"
