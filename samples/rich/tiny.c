/*
 * The smallest program of the sample: takes its first argument as its name and sleeps.
 * Without a C library, so that copies of it (in a memfd, as a deleted file) cost one page each.
 */
#include <sys/prctl.h>
#include <sys/syscall.h>

static long call(long number, long first, long second)
{
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(first), "S"(second)
                     : "rcx", "r11", "memory");
    return result;
}

/* stack: the argument count, then the arguments */
__attribute__((used)) static void run(long *stack)
{
    call(SYS_prctl, PR_SET_NAME, stack[2]);
    for (;;)
        call(SYS_pause, 0, 0);
}

__asm__(".globl _start\n_start: mov %rsp, %rdi\n and $-16, %rsp\n call run\n");
