//go:build nvidia && linux && (amd64 || arm64)

// One entry a function of symbols.h: load its number, go where the table says. While
// the table says nothing, cuda_driver_resolve is asked, with every register that may
// hold an argument saved.

	.altmacro
	.set index, 0

	.macro entry name
	numbered \name, %index
	.set index, index + 1
	.endm

	.text

#if defined(__x86_64__)

	.macro numbered name, n
	.globl \name
	.type \name, @function
	.p2align 4
\name:
	endbr64
	movl $\n, %eax
	jmp trampoline
	.size \name, . - \name
	.endm

	.type trampoline, @function
trampoline:
	leaq cuda_driver_targets(%rip), %r11
	movq (%r11, %rax, 8), %r11
	testq %r11, %r11
	je 1f
	jmp *%r11
1:	pushq %rdi
	pushq %rsi
	pushq %rdx
	pushq %rcx
	pushq %r8
	pushq %r9
	subq $136, %rsp
	movups %xmm0, (%rsp)
	movups %xmm1, 16(%rsp)
	movups %xmm2, 32(%rsp)
	movups %xmm3, 48(%rsp)
	movups %xmm4, 64(%rsp)
	movups %xmm5, 80(%rsp)
	movups %xmm6, 96(%rsp)
	movups %xmm7, 112(%rsp)
	movl %eax, %edi
	call cuda_driver_resolve
	movq %rax, %r11
	movups (%rsp), %xmm0
	movups 16(%rsp), %xmm1
	movups 32(%rsp), %xmm2
	movups 48(%rsp), %xmm3
	movups 64(%rsp), %xmm4
	movups 80(%rsp), %xmm5
	movups 96(%rsp), %xmm6
	movups 112(%rsp), %xmm7
	addq $136, %rsp
	popq %r9
	popq %r8
	popq %rcx
	popq %rdx
	popq %rsi
	popq %rdi
	jmp *%r11
	.size trampoline, . - trampoline

#else

	.macro numbered name, n
	.globl \name
	.type \name, %function
	.p2align 4
\name:
	hint #34
	mov w17, #\n
	b trampoline
	.size \name, . - \name
	.endm

	.type trampoline, %function
trampoline:
	adrp x16, cuda_driver_targets
	add x16, x16, :lo12:cuda_driver_targets
	ldr x16, [x16, x17, lsl #3]
	cbz x16, 1f
	br x16
1:	stp x29, x30, [sp, #-224]!
	mov x29, sp
	stp x0, x1, [sp, #16]
	stp x2, x3, [sp, #32]
	stp x4, x5, [sp, #48]
	stp x6, x7, [sp, #64]
	str x8, [sp, #80]
	stp q0, q1, [sp, #96]
	stp q2, q3, [sp, #128]
	stp q4, q5, [sp, #160]
	stp q6, q7, [sp, #192]
	mov w0, w17
	bl cuda_driver_resolve
	mov x16, x0
	ldp x0, x1, [sp, #16]
	ldp x2, x3, [sp, #32]
	ldp x4, x5, [sp, #48]
	ldp x6, x7, [sp, #64]
	ldr x8, [sp, #80]
	ldp q0, q1, [sp, #96]
	ldp q2, q3, [sp, #128]
	ldp q4, q5, [sp, #160]
	ldp q6, q7, [sp, #192]
	ldp x29, x30, [sp], #224
	br x16
	.size trampoline, . - trampoline

#endif

#define SYMBOL(name) entry name
#include "symbols.h"

	.section .note.GNU-stack, "", %progbits
