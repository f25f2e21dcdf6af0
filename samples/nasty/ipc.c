/* What is no descriptor, or no ordinary one: System V IPC, BPF maps. */
#include "plant.h"
#include <linux/bpf.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

#define KEY 0x6e617374 /* "nast" */

static void fill_segment(key_t key, size_t size, int mode, void *at, const char *text)
{
    int id = must(shmget(key, size, IPC_CREAT | IPC_EXCL | mode));
    char *got = shmat(id, at, 0);
    must(got == (void *)-1 ? -1 : 0);
    strcpy(got + size - PAGE, text);
}

void plant_ipc(void)
{
    fill_segment(KEY, PAGE, 0640, AT(50), "segment one");
    /* Four pages, only the last touched. */
    fill_segment(KEY + 1, 4 * PAGE, 0600, AT(51), "segment two, last page");
    fill_segment(IPC_PRIVATE, PAGE, 0600, AT(52), "private segment");
    /* Attached by nobody. */
    int id = must(shmget(KEY + 2, PAGE, IPC_CREAT | 0666));
    char *at = shmat(id, NULL, 0);
    strcpy(at, "detached segment");
    must(shmdt(at));
    /* Read-only, second view of the first. */
    must(shmat(must(shmget(KEY, 0, 0)), AT(53), SHM_RDONLY) == (void *)-1 ? -1 : 0);

    unsigned short values[] = {0, 1, 32767};
    id = must(semget(KEY, 3, IPC_CREAT | 0600));
    must(semctl(id, 0, SETALL, values));
    must(semget(KEY + 1, 1, IPC_CREAT | 0666));

    struct {
        long type;
        char text[24];
    } message = {7, "first\x1b[31m\n"};
    id = must(msgget(KEY, IPC_CREAT | 0600));
    must(msgsnd(id, &message, 11, 0));
    message.type = 0x7fffffffffffL;
    strcpy(message.text, "second");
    must(msgsnd(id, &message, 6, 0));
    must(msgsnd(id, &message, 0, 0));
    must(msgget(KEY + 1, IPC_CREAT | 0600));
}

static int bpf(int command, union bpf_attr *attributes)
{
    return syscall(SYS_bpf, command, attributes, sizeof *attributes);
}

static int map(unsigned type, unsigned key, unsigned value, unsigned entries, unsigned flags,
               const char *name)
{
    union bpf_attr attributes = {.map_type = type, .key_size = key, .value_size = value,
                                 .max_entries = entries, .map_flags = flags};
    strncpy(attributes.map_name, name, sizeof attributes.map_name - 1);
    return must(bpf(BPF_MAP_CREATE, &attributes));
}

static void set(int fd, const void *key, const void *value)
{
    union bpf_attr attributes = {.map_fd = fd, .key = (uintptr_t)key, .value = (uintptr_t)value};
    must(bpf(BPF_MAP_UPDATE_ELEM, &attributes));
}

void plant_bpf(void)
{
    int array = map(BPF_MAP_TYPE_ARRAY, 4, 16, 4, 0, "nasty_array");
    for (uint32_t i = 0; i < 3; i++) set(array, &i, (char[16]){"array value 0123" });
    int hash = map(BPF_MAP_TYPE_HASH, 8, 8, 16, BPF_F_NO_PREALLOC, "nasty_hash");
    set(hash, "key-one.", "value-1.");
    set(hash, "key-two.", "value-2.");
    map(BPF_MAP_TYPE_HASH, 4, 4, 1, 0, "nasty_empty");
    int frozen = map(BPF_MAP_TYPE_ARRAY, 4, 8, 1, BPF_F_RDONLY_PROG, "nasty_frozen");
    set(frozen, &(uint32_t){0}, "frozen..");
    union bpf_attr attributes = {.map_fd = frozen};
    must(bpf(BPF_MAP_FREEZE, &attributes));
}
