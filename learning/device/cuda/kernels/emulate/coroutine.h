// Coroutines: a stack and a place to go on. ucontext would do, but swaps the
// signal mask by a system call at every switch.
#ifndef LATCO_COROUTINE_H
#define LATCO_COROUTINE_H

#include <stddef.h>

#if defined(__x86_64__) || defined(__aarch64__)

struct coroutine {
	void* sp;
};

// coroutine_swap saves the registers that a call preserves on the stack, keeps
// its top in *from and goes on where `to` left.
void coroutine_swap(void** from, void* to);

static inline void coroutine_switch(struct coroutine* from, struct coroutine* to) { coroutine_swap(&from->sp, to->sp); }

#else

#include <ucontext.h>

struct coroutine {
	ucontext_t context;
};

static inline void coroutine_switch(struct coroutine* from, struct coroutine* to) { swapcontext(&from->context, &to->context); }

#endif

// coroutine_make lets c begin with entry, which must not return.
void coroutine_make(struct coroutine* c, char* stack, size_t bytes, void (*entry)(void));

#endif
