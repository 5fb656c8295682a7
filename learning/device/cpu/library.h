// oneDNN at run time. The program is linked with it, but its build lets go of that
// tie (see the Makefile), so that it starts without; what is called before
// cpu_library_open has succeeded then ends the process.
#ifndef LATCO_CPU_LIBRARY_H
#define LATCO_CPU_LIBRARY_H

// cpu_library_open brings in oneDNN and, with it, its OpenMP. It returns 0, or 1
// with a message.
int cpu_library_open(char *message, int size);

// cpu_single_threaded keeps OpenMP from dividing what this thread gives oneDNN.
void cpu_single_threaded(void);

#endif
