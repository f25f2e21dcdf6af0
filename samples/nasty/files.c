/* Regular files: deleted, sparse, linked elsewhere, with names that terminals and tables dislike. */
#include "plant.h"
#include <linux/memfd.h>
#include <sys/file.h>

static int make(const char *path, const char *text)
{
    int fd = must(open(path, O_RDWR | O_CREAT | O_EXCL, 0644));
    put(fd, text);
    return fd;
}

static void odd_names(void)
{
    static const char *const names[] = {
        "line\nbreak",
        "bell\a tab\t return\r",
        "escape \x1b[31mred\x1b[0m \x1b]0;title\a",
        "invalid \xff\xfe utf-8 \xc3\x28",
        "wide \xe6\xbc\xa2\xe5\xad\x97",
        "rtl \xe2\x80\xae" "gpj.exe",
        "c1 \xc2\x9b" "31m",
        "emoji \xf0\x9f\xa7\x8a combining e\xcc\x81",
        " leading and trailing ",
        "-o json",
        "quote ' \" \\ $HOME `id`",
        "ends (deleted)",
    };
    must(mkdir("odd", 0755));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[200];
        snprintf(path, sizeof path, "odd/%s", names[i]);
        make(path, names[i]);
    }
}

static void ghosts(void)
{
    int fd = make("ghost", "ghost body");
    must(lseek(fd, 5, SEEK_SET));
    must(unlink("ghost"));
    /* The same file twice, opened anew through /proc. */
    char self[40];
    snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
    must(open(self, O_RDONLY));

    /* 600 KiB of which three pages hold something; ends with a hole. */
    fd = make("ghost-sparse", "head");
    must(pwrite(fd, "middle", 6, 300 * 1024));
    must(pwrite(fd, "near the end", 12, 500 * 1024));
    must(ftruncate(fd, 600 * 1024));
    must(unlink("ghost-sparse"));

    fd = must(open("ghost-empty", O_RDWR | O_CREAT, 0600));
    must(unlink("ghost-empty"));

    fd = make("ghost-mapped", "mapped ghost");
    must(ftruncate(fd, PAGE));
    map_at(AT(40), PAGE, PROT_READ, MAP_PRIVATE, fd);
    must(unlink("ghost-mapped"));
    close(fd);

    must(mkfifo("ghost-fifo", 0600));
    must(open("ghost-fifo", O_RDWR));
    must(unlink("ghost-fifo"));

    must(mkdir("ghost-folder", 0700));
    must(open("ghost-folder", O_RDONLY | O_DIRECTORY));
    must(rmdir("ghost-folder"));

    /* Still reachable by another name: CRIU links it anew (link-remap). */
    fd = make("linked", "has another name");
    must(link("linked", "linked-elsewhere"));
    must(unlink("linked"));

    /* Deleted, and another file has taken the name. */
    make("replaced", "old");
    must(unlink("replaced"));
    make("replaced", "new, and longer");
}

static void flags(void)
{
    write_file("plain", "0123456789");
    must(open("plain", O_RDONLY));
    must(open("plain", O_WRONLY | O_APPEND));
    must(open("plain", O_RDWR | O_NONBLOCK | O_CLOEXEC | O_SYNC | O_NOATIME));
    must(open("plain", O_PATH));
    must(open("odd", O_PATH | O_DIRECTORY));
    int fd = must(open("plain", O_RDONLY));
    must(lseek(fd, 7, SEEK_SET));
    must(dup2(fd, 250));
    must(dup3(fd, 251, O_CLOEXEC));
    must(fcntl(fd, F_SETOWN, getpid()));
    must(fcntl(fd, F_SETSIG, SIGRTMIN + 3));
    must(open("/dev/null", O_RDWR));
    must(open("/dev/zero", O_RDONLY));
    must(open("/proc/self/status", O_RDONLY));
    must(open("/proc/self/ns/net", O_RDONLY));
}

static int memfd(const char *name, unsigned flags, const char *text, int seals)
{
    int fd = must(syscall(SYS_memfd_create, name, flags | MFD_ALLOW_SEALING));
    put(fd, text);
    if (seals) must(fcntl(fd, F_ADD_SEALS, seals));
    return fd;
}

static void memfds(void)
{
    memfd("all seals", 0, "sealed", F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
    memfd("\x1b[7mlines\nand\xff", MFD_CLOEXEC, "odd memfd", 0);
    int fd = memfd("sparse", 0, "start", 0);
    must(ftruncate(fd, 64 * PAGE));
    must(pwrite(fd, "end", 3, 63 * PAGE + 100));
    must(lseek(fd, 3, SEEK_SET));
    memfd("", 0, "nameless", 0);
}

static void lost_folder(void)
{
    must(mkdir("gone", 0755));
    must(chdir("gone"));
    must(rmdir("../gone"));
}

static void limits_of_chroot(void)
{
    must(mkdir("jail", 0755));
    must(chroot("jail"));
    must(chdir("/"));
}

void plant_files(void)
{
    odd_names();
    ghosts();
    flags();
    memfds();
    child("lost-folder", lost_folder);
    child("chrooted", limits_of_chroot);
}

/* ---- locks ------------------------------------------------------------------------------- */

static void lock_range(int fd, int command, short type, off_t start, off_t length)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
    must(fcntl(fd, command, &lock));
}

static int shared_flock;

static void more_locks(void)
{
    int fd = must(open("posix", O_RDWR));
    lock_range(fd, F_SETLK, F_RDLCK, 200, 50);
    fd = must(open("flock-shared", O_RDWR));
    must(flock(fd, LOCK_SH));
}

void plant_locks(void)
{
    static const char *const names[] = {"posix", "flock", "flock-shared", "ofd", "lease-read",
                                        "lease-write"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) write_file(names[i], "locked");

    int fd = must(open("posix", O_RDWR));
    lock_range(fd, F_SETLK, F_WRLCK, 0, 10);
    lock_range(fd, F_SETLK, F_RDLCK, 100, 0);
    fd = must(open("flock", O_RDWR));
    must(flock(fd, LOCK_EX));
    shared_flock = must(open("flock-shared", O_RDWR));
    must(flock(shared_flock, LOCK_SH));
    fd = must(open("ofd", O_RDWR));
    lock_range(fd, F_OFD_SETLK, F_WRLCK, 5, 1UL << 40);
    lock_range(fd, F_OFD_SETLK, F_RDLCK, 1UL << 41, 0);
    fd = must(open("lease-read", O_RDONLY));
    must(fcntl(fd, F_SETLEASE, F_RDLCK));
    fd = must(open("lease-write", O_RDWR));
    must(fcntl(fd, F_SETLEASE, F_WRLCK));
    child("locker", more_locks);
}
