// The libraries behind the trampolines.
#ifndef LATCO_CUDA_DRIVER_H
#define LATCO_CUDA_DRIVER_H

// cuda_driver_open opens a libcuda and initialises it. It returns 0, the code of the
// call that failed, or -1; message says what. serves is the CUDA version that the
// library is for, 0 where it does not say.
int cuda_driver_open(const char *name, char *message, int size, int *serves);

// cuda_driver_open_blas opens a libcublas. It returns 0, or -1 with a message.
int cuda_driver_open_blas(const char *name, char *message, int size);

// cuda_driver_open_nvrtc opens a libnvrtc. It returns 0, or -1 with a message.
int cuda_driver_open_nvrtc(const char *name, char *message, int size);

// cuda_driver_forget_blas makes room for another libcublas. The one that was open
// stays loaded: what it began is its own.
void cuda_driver_forget_blas(void);

// cuda_driver_symbol is a function of the open libcuda, or null.
void *cuda_driver_symbol(const char *name);

#endif
