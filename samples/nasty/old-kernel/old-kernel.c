/*
 * A library to preload into CRIU 3.17, so that it runs on kernels that came after it. It changes
 * only what that CRIU cannot understand:
 *   - [vvar] and [vvar_vclock], two mappings since Linux 6.13, are shown as the one of before;
 *   - SO_PASSCRED and SO_PASSSEC of sockets that have no such option, refused since Linux 6.16,
 *     are 0 as before.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static char *read_all(int fd)
{
    size_t size = 1 << 16, used = 0;
    char *text = malloc(size);
    ssize_t got;
    while ((got = read(fd, text + used, size - used - 1)) > 0) {
        used += got;
        if (size - used < 1 << 15) text = realloc(text, size *= 2);
    }
    text[used] = 0;
    return text;
}

/* Copies maps or smaps with the two mappings joined. */
static void rewrite(const char *text, FILE *out)
{
    int left_out = 0;
    const char *end;
    for (const char *line = text; *line; line = end) {
        end = strchr(line, '\n') + 1;
        unsigned long from, to, clock_from;
        /* Lines of attributes in smaps are no ranges. */
        int range = sscanf(line, "%lx-%lx ", &from, &to) == 2;
        if (range) left_out = memmem(line, end - line, "[vvar_vclock]", 13) != NULL;
        if (range && memmem(line, end - line, "[vvar]", 6) != NULL) {
            const char *clock = strstr(end, "[vvar_vclock]");
            if (clock != NULL) {
                while (clock[-1] != '\n') clock--;
                sscanf(clock, "%lx-%lx", &clock_from, &to);
            }
            const char *rest = strchr(line, ' ');
            fprintf(out, "%lx-%lx%.*s", from, to, (int)(end - rest), rest);
        } else if (!left_out) fwrite(line, 1, end - line, out);
    }
}

static int rewritten(int fd)
{
    char *text = read_all(fd);
    int copy = memfd_create("maps", 0);
    FILE *out = fdopen(dup(copy), "w");
    close(fd);
    rewrite(text, out);
    fclose(out);
    free(text);
    lseek(copy, 0, SEEK_SET);
    return copy;
}

int openat(int folder, const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    int fd = syscall(SYS_openat, folder, path, flags, va_arg(rest, mode_t));
    va_end(rest);
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    int maps = strcmp(name, "maps") == 0 || strcmp(name, "smaps") == 0;
    return fd >= 0 && maps ? rewritten(fd) : fd;
}
int openat64(int, const char *, int, ...) __attribute__((alias("openat")));

int getsockopt(int fd, int level, int name, void *restrict value, socklen_t *restrict size)
{
    int result = syscall(SYS_getsockopt, fd, level, name, value, size);
    int passes = level == SOL_SOCKET && (name == SO_PASSCRED || name == SO_PASSSEC);
    if (result == 0 || errno != EOPNOTSUPP || !passes) return result;
    *(int *)value = 0;
    *size = sizeof(int);
    return 0;
}
