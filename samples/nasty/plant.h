/* What the plants share. */
#ifndef PLANT_H
#define PLANT_H
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096UL

/* Fixed addresses, 1 MiB apart, and far from all that the kernel chooses. */
#define AT(n) ((void *)(0x100000000000UL + (n) * 0x100000UL))

/* Ends the workload with a message if the result is -1. */
long must_(const char *where, long result);
#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)
#define must(call) must_(__FILE__ ":" TEXT(__LINE__) " " #call, (long)(call))

void put(int fd, const char *text);
void write_file(const char *path, const char *text);
void *map_at(void *address, size_t length, int protection, int flags, int fd);
/* Forks a child of that name that sleeps for ever after body(), and waits until it got there. */
pid_t child(const char *name, void (*body)(void));
void sleep_for_ever(void);

/* Where the command line of all processes lies. */
extern char *title_at;
extern size_t title_length;

void plant_files(void);
void plant_locks(void);
void plant_events(void);
void plant_watches(void);
void plant_pipes(void);
void plant_terminals(void);
void plant_unix(void);
void plant_inet(void);
void plant_tcp(void);
void plant_kernel_sockets(void);
void plant_ipc(void);
void plant_bpf(void);
void plant_memory(void);
void plant_huge(void);
void plant_processes(void);
void plant_stopped(void);
void plant_rights(void);
void plant_seccomp(void);
void plant_nested(void);
void plant_mounts(void);
void plant_grow(void);
void plant_changing(void);

#endif
