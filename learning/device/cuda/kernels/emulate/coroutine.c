#include "coroutine.h"

#include <string.h>

#if defined(__x86_64__)

__asm__(".text\n.globl coroutine_swap\n.type coroutine_swap, @function\ncoroutine_swap:\n"
		"push %rbp\n push %rbx\n push %r12\n push %r13\n push %r14\n push %r15\n"
		"mov %rsp, (%rdi)\n mov %rsi, %rsp\n"
		"pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rbx\n pop %rbp\n ret\n"
		".size coroutine_swap, .-coroutine_swap\n");

void coroutine_make(struct coroutine* c, char* stack, size_t bytes, void (*entry)(void)) {
	void** top = (void**)(stack + bytes) - 1; // entry sees a stack as after a call
	*--top = (void*)entry;
	top -= 6;
	memset(top, 0, 6 * sizeof *top);
	c->sp = top;
}

#elif defined(__aarch64__)

__asm__(".text\n.globl coroutine_swap\n.type coroutine_swap, %function\ncoroutine_swap:\n"
		"sub sp, sp, #160\n"
		"stp x19, x20, [sp]\n stp x21, x22, [sp, #16]\n stp x23, x24, [sp, #32]\n stp x25, x26, [sp, #48]\n"
		"stp x27, x28, [sp, #64]\n stp x29, x30, [sp, #80]\n"
		"stp d8, d9, [sp, #96]\n stp d10, d11, [sp, #112]\n stp d12, d13, [sp, #128]\n stp d14, d15, [sp, #144]\n"
		"mov x9, sp\n str x9, [x0]\n mov sp, x1\n"
		"ldp x19, x20, [sp]\n ldp x21, x22, [sp, #16]\n ldp x23, x24, [sp, #32]\n ldp x25, x26, [sp, #48]\n"
		"ldp x27, x28, [sp, #64]\n ldp x29, x30, [sp, #80]\n"
		"ldp d8, d9, [sp, #96]\n ldp d10, d11, [sp, #112]\n ldp d12, d13, [sp, #128]\n ldp d14, d15, [sp, #144]\n"
		"add sp, sp, #160\n ret\n"
		".size coroutine_swap, .-coroutine_swap\n");

void coroutine_make(struct coroutine* c, char* stack, size_t bytes, void (*entry)(void)) {
	char* top = stack + bytes - 160;
	memset(top, 0, 160);
	memcpy(top + 88, &entry, sizeof entry); // x30
	c->sp = top;
}

#else

void coroutine_make(struct coroutine* c, char* stack, size_t bytes, void (*entry)(void)) {
	getcontext(&c->context);
	c->context.uc_stack.ss_sp = stack;
	c->context.uc_stack.ss_size = bytes;
	c->context.uc_link = 0;
	makecontext(&c->context, entry, 0);
}

#endif
