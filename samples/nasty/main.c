/*
 * The workload of the archives in this folder: plants what is named on the command line, says
 * "ready", and sleeps. Every plant is a function; a kind that CRIU cannot dump is left out by not
 * naming it. See README.md for what each holds and make.sh for how it is dumped.
 *
 *     nasty FOLDER PLANT...
 *     nasty --enter ROOT PLANT...
 */
#include "plant.h"
#include <sys/mount.h>

static const struct {
    const char *name;
    void (*plant)(void);
} plants[] = {
    {"files", plant_files},
    {"locks", plant_locks},
    {"events", plant_events},
    {"watches", plant_watches},
    {"pipes", plant_pipes},
    {"terminals", plant_terminals},
    {"unix", plant_unix},
    {"inet", plant_inet},
    {"tcp", plant_tcp},
    {"kernel-sockets", plant_kernel_sockets},
    {"ipc", plant_ipc},
    {"bpf", plant_bpf},
    {"memory", plant_memory},
    {"huge", plant_huge},
    {"processes", plant_processes},
    {"stopped", plant_stopped},
    {"rights", plant_rights},
    {"seccomp", plant_seccomp},
    {"nested", plant_nested},
    {"mounts", plant_mounts},
    {"grow", plant_grow},
    {"changing", plant_changing},
};

char *title_at;
size_t title_length;

long must_(const char *where, long result)
{
    if (result == -1) {
        perror(where);
        exit(1);
    }
    return result;
}

void put(int fd, const char *text)
{
    must(write(fd, text, strlen(text)));
}

void write_file(const char *path, const char *text)
{
    int fd = must(open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644));
    put(fd, text);
    close(fd);
}

void *map_at(void *address, size_t length, int protection, int flags, int fd)
{
    void *got = mmap(address, length, protection, flags | MAP_FIXED_NOREPLACE, fd, 0);
    must(got == MAP_FAILED ? -1 : 0);
    return got;
}

void sleep_for_ever(void)
{
    for (;;) pause();
}

pid_t child(const char *name, void (*body)(void))
{
    int done[2];
    char byte;
    must(pipe(done));
    pid_t pid = must(fork());
    if (pid == 0) {
        close(done[0]);
        must(prctl(PR_SET_NAME, name));
        if (body != NULL) body();
        must(write(done[1], "!", 1));
        close(done[1]);
        sleep_for_ever();
    }
    close(done[1]);
    if (read(done[0], &byte, 1) != 1) {
        fprintf(stderr, "%s did not come up\n", name);
        exit(1);
    }
    close(done[0]);
    return pid;
}

/* Takes the folder as root, and stdio from inside: what is behind is out of reach then. */
static void enter(const char *root)
{
    must(chdir(root));
    must(syscall(SYS_pivot_root, ".", "old"));
    must(chdir("/"));
    int said = must(open("/said", O_WRONLY | O_CREAT | O_APPEND, 0644));
    int null = must(open("/dev/null", O_RDONLY));
    must(dup2(null, 0));
    must(dup2(said, 1));
    must(dup2(said, 2));
    close(null);
    close(said);
    must(umount2("/old", MNT_DETACH));
    must(setsid());
}

int main(int count, char **words)
{
    if (count < 3) return 2;
    title_at = words[0];
    title_length = words[count - 1] + strlen(words[count - 1]) + 1 - words[0];
    if (strcmp(words[1], "--enter") == 0) {
        enter(words[2]);
        words[2] = "/tmp";
        words[1] = "/nasty";
        execv(words[1], words + 1);
    }
    /* What the shell left open. */
    for (int fd = 3; fd < 256; fd++) close(fd);
    must(chdir(words[1]));
    umask(022);
    for (int word = 2; word < count; word++) {
        size_t i = 0;
        while (i < sizeof plants / sizeof *plants && strcmp(plants[i].name, words[word]) != 0) i++;
        if (i == sizeof plants / sizeof *plants) {
            fprintf(stderr, "no plant %s\n", words[word]);
            return 2;
        }
        plants[i].plant();
    }
    put(1, "ready\n");
    sleep_for_ever();
}
