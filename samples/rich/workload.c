/*
 * The workload of the sample archive rich-crun.tar.
 *
 * It plants one of almost everything that CRIU can save, each at a known place: descriptors have
 * fixed numbers (enum below), mappings have fixed addresses (AT below), processes are started one
 * after the other so that their pids inside the container are always the same. Then it sleeps and
 * counts heartbeats. After a restore SIGUSR1 makes it look whether everything is still there.
 *
 * Every secret in here is invented. x86-64 Linux only. Runs as pid 1 of a container, as uid 0.
 *
 *   pid 1   rich-main       holds nearly everything; threads rich-thr-1, rich-thr-2, rich-thr-3
 *   pid 2   rich-child      other ends of the pipe, the unix pair and the IPv4 connection
 *   pid 3   rich-grand      child of 2, leader of its own session, has a controlling terminal
 *   pid 4   rich-group      leader of its own process group, a password on its command line
 *   pid 5   rich-zombie     exited with 7, never waited for
 *   pid 6   rich-deleted    runs a copy of /bin/tiny that was deleted afterwards
 *   pid 7, 8, 9             the threads of pid 1
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096
#define IPC_KEY 0x72696368 /* "rich" */

/* Descriptor numbers; all in pid 1 unless another owner is named. */
enum {
    PIPE_READ = 10,
    PIPE_WRITE = 11, /* pid 2 */
    FIFO = 12,
    UNIX_READ = 13,
    UNIX_WRITE = 14, /* pid 2 */
    UNIX_PATH = 15,
    UNIX_ABSTRACT = 16,
    TCP4_LISTEN = 17,
    TCP4_CLIENT = 18, /* pid 2 */
    TCP4_SERVER = 19,
    TCP6_LISTEN = 20,
    TCP6_CLIENT = 21,
    TCP6_SERVER = 22,
    UDP4 = 23,
    UDP6 = 24,
    MEMFD = 25,
    DEVSHM = 26,
    GHOST = 27,
    EPOLL = 28,
    EVENTFD = 29,
    TIMERFD = 30,
    SIGNALFD = 31,
    POSIX_LOCK = 32,
    FLOCK = 33,
    DGRAM_READ = 34,
    DGRAM_WRITE = 35,
    PTY_MASTER = 36,
    PTY_SLAVE = 37, /* pid 3 */
    NETLINK = 38,
    PIDFD = 39,
    APPENDED = 40,
    DIRECTORY = 41,
};

/* Fixed addresses, 64 KiB apart. */
#define AT(n) ((void *)(0x100000000000UL + (n) * 0x10000UL))
#define AT_SHARED AT(0)      /* shared anonymous memory of pids 1, 2 and 3 */
#define AT_DEVSHM AT(1)      /* /dev/shm/rich-shm */
#define AT_SYSV AT(2)        /* SysV segment */
#define AT_WX AT(3)          /* writable and executable */
#define AT_NONE AT(4)        /* PROT_NONE, never touched */
#define AT_NONE_FILLED AT(5) /* PROT_NONE, but with content */
#define AT_HOLES AT(6)       /* four pages, the third never touched */
#define AT_TWO_MAPS AT(7)    /* a writable page followed by a read-only one */
#define AT_COW AT(8)         /* private mapping of /etc/rich.conf */
#define AT_MEMFD AT(9)       /* the memfd of descriptor MEMFD */
#define AT_FILELESS AT(10)   /* executable mapping of a second memfd */

static const struct timespec one_second = {1, 0};
static volatile sig_atomic_t check_wanted;

/* ---- helpers ----------------------------------------------------------------------------- */

/* Returns result, or ends the workload with a message if it is -1. */
static long must(const char *what, long result)
{
    if (result == -1) {
        perror(what);
        exit(1);
    }
    return result;
}

/* Moves a descriptor to its fixed number. Close-on-exec, so pids 4 and 6 have only stdio. */
static void place(const char *what, int fd, int number)
{
    must(what, fd);
    must(what, dup3(fd, number, O_CLOEXEC));
    close(fd);
}

static void *map_at(void *address, size_t length, int protection, int flags, int fd)
{
    void *got = mmap(address, length, protection, flags | MAP_FIXED_NOREPLACE, fd, 0);
    must("mmap", got == MAP_FAILED ? -1 : 0);
    return got;
}

static void put(int fd, const char *text)
{
    must(text, write(fd, text, strlen(text)));
}

static void write_file(const char *path, const char *text)
{
    int fd = must(path, open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644));
    put(fd, text);
    close(fd);
}

static void copy_file(const char *from, int to)
{
    char buffer[PAGE];
    ssize_t got;
    int fd = must(from, open(from, O_RDONLY));
    while ((got = must(from, read(fd, buffer, sizeof buffer))) > 0)
        must(from, write(to, buffer, got));
    close(fd);
}

static void sleep_for_ever(void)
{
    for (;;)
        pause();
}

/* Closes every descriptor above stdio except those listed; the list ends with 0. */
static void keep_only(const int *kept)
{
    for (int fd = 3; fd < 64; fd++) {
        const int *k = kept;
        while (*k && *k != fd)
            k++;
        if (!*k)
            close(fd);
    }
}

/*
 * Starts a child and waits until it closes its end of the "ready" pipe: by announcing it, by exec,
 * or by exiting. This keeps pids in order.
 */
static pid_t spawn(void (*body)(int ready))
{
    int ready[2];
    char byte;
    must("pipe2", pipe2(ready, O_CLOEXEC));
    pid_t pid = must("fork", fork());
    if (pid == 0) {
        close(ready[0]);
        body(ready[1]);
        _exit(1);
    }
    close(ready[1]);
    while (read(ready[0], &byte, 1) < 0 && errno == EINTR)
        ;
    close(ready[0]);
    return pid;
}

/* ---- the root file system and the volume ------------------------------------------------- */

static void plant_files(void)
{
    /* Created: a file, a symbolic link, a hard link, a folder with a file. */
    write_file("/etc/created.conf", "created-in-rootfs\n");
    must("symlink", symlink("created.conf", "/etc/created.link"));
    must("link", link("/etc/created.conf", "/etc/created.hard"));
    must("mkdir", mkdir("/srv/created", 0750));
    write_file("/srv/created/inner.txt", "inner file\n");

    /* Created: an executable with the set-uid bit (it only sleeps). */
    int fd = must("setuid-tiny", open("/tmp/setuid-tiny", O_WRONLY | O_CREAT, 0755));
    copy_file("/bin/tiny", fd);
    must("fchmod", fchmod(fd, 04755));
    close(fd);

    /* Changed: a file of the image, same size. (Podman loses such changes.) */
    write_file("/etc/changed.conf", "changed!\n");

    /* Deleted: a file of the image. */
    must("unlink", unlink("/etc/delete-me"));

    /* The named volume: one small file. */
    write_file("/var/lib/rich/note.txt", "volume-file-content\n");
}

/* ---- memory ------------------------------------------------------------------------------ */

/* Before the first fork: pids 1, 2 and 3 share this page. Pid 2 adds a line at offset 64. */
static void plant_shared_memory(void)
{
    char *page = map_at(AT_SHARED, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1);
    strcpy(page, "shared-anon!");
}

static void plant_file_memory(void)
{
    /* A memfd, sealed against shrinking, also mapped. */
    place("memfd", memfd_create("rich-memfd-file", MFD_ALLOW_SEALING), MEMFD);
    must("ftruncate", ftruncate(MEMFD, PAGE));
    must("pwrite", pwrite(MEMFD, "memfd-content-here", 18, 0));
    must("seal", fcntl(MEMFD, F_ADD_SEALS, F_SEAL_SHRINK));
    map_at(AT_MEMFD, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, MEMFD);

    /*
     * Code without a file: a program in a memfd, mapped executable, its descriptor closed. (CRIU
     * dumps a process that was started from a memfd, too, but cannot restore it.)
     */
    int program = must("memfd", memfd_create("rich-program", MFD_CLOEXEC));
    copy_file("/bin/tiny", program);
    map_at(AT_FILELESS, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE, program);
    close(program);

    /* A file in /dev/shm, open and mapped. */
    place("devshm", open("/dev/shm/rich-shm", O_RDWR | O_CREAT, 0600), DEVSHM);
    must("ftruncate", ftruncate(DEVSHM, PAGE));
    char *devshm = map_at(AT_DEVSHM, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, DEVSHM);
    strcpy(devshm, "devshm-content-here");

    /* A private mapping of a file of the image, two pages; only the first is changed. */
    int fd = must("rich.conf", open("/etc/rich.conf", O_RDONLY));
    char *cow = map_at(AT_COW, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd);
    memcpy(cow, "private-copy-of-file-page", 25);
    close(fd);
}

static void plant_anonymous_memory(void)
{
    const int anonymous = MAP_PRIVATE | MAP_ANONYMOUS;
    const int rw = PROT_READ | PROT_WRITE;

    /* A page that is writable and executable at once. It is never executed. */
    char *wx = map_at(AT_WX, PAGE, rw | PROT_EXEC, anonymous, -1);
    strcpy(wx, "wx-page-marker");

    /* A mapping that nobody may touch, without any page. */
    map_at(AT_NONE, 16 * PAGE, PROT_NONE, anonymous | MAP_NORESERVE, -1);

    /* A mapping that nobody may touch any more, with a page. */
    char *hidden = map_at(AT_NONE_FILLED, PAGE, rw, anonymous, -1);
    strcpy(hidden, "hidden-behind-prot-none");
    must("mprotect", mprotect(hidden, PAGE, PROT_NONE));

    /* Four pages: text across the border of pages 0 and 1, page 2 untouched, text in page 3. */
    char *holes = map_at(AT_HOLES, 4 * PAGE, rw, anonymous, -1);
    memcpy(holes + PAGE - 10, "straddles-two-pages", 19);
    strcpy(holes + 3 * PAGE, "after-the-hole");

    /* Text across the border of two mappings: the second page becomes read-only. */
    char *two = map_at(AT_TWO_MAPS, 2 * PAGE, rw, anonymous, -1);
    memcpy(two + PAGE - 10, "straddles-two-mappings", 22);
    must("mprotect", mprotect(two + PAGE, PAGE, PROT_READ));
}

/* Secrets on the heap: one in ASCII, one in UTF-16LE as Java or .NET would hold it. */
static char *volatile heap_secrets[2]; /* volatile, lest the compiler drop what nobody reads */

static void plant_heap_secrets(void)
{
    const char *wide = "wide-secret-not-real";
    heap_secrets[0] = malloc(64);
    strcpy(heap_secrets[0], "password=hunter2-not-real");
    heap_secrets[1] = calloc(1, 64);
    for (int i = 0; wide[i]; i++)
        heap_secrets[1][2 * i] = wide[i];
}

/* ---- System V IPC ------------------------------------------------------------------------ */

static void plant_sysv(void)
{
    /* A shared memory segment, attached. */
    int shm = must("shmget", shmget(IPC_KEY, PAGE, IPC_CREAT | 0600));
    char *segment = shmat(shm, AT_SYSV, 0);
    must("shmat", segment == (void *)-1 ? -1 : 0);
    strcpy(segment, "sysv-shm-content");

    /* A semaphore with the value 3. */
    int sem = must("semget", semget(IPC_KEY, 1, IPC_CREAT | 0600));
    must("semctl", semctl(sem, 0, SETVAL, 3));

    /* A message queue with one message of type 5. */
    struct {
        long type;
        char text[20];
    } message = {5, "queued-sysv-message"};
    int queue = must("msgget", msgget(IPC_KEY, IPC_CREAT | 0600));
    must("msgsnd", msgsnd(queue, &message, 19, 0));
}

/* ---- pipes, sockets, terminal ------------------------------------------------------------ */

static void plant_pipes(void)
{
    int ends[2];

    /* A pipe with unread bytes; pid 2 keeps the write end. */
    must("pipe", pipe(ends));
    place("pipe", ends[0], PIPE_READ);
    place("pipe", ends[1], PIPE_WRITE);
    put(PIPE_WRITE, "unread-pipe-data");

    /* A FIFO with unread bytes. */
    must("mkfifo", mkfifo("/tmp/rich.fifo", 0600));
    place("fifo", open("/tmp/rich.fifo", O_RDWR), FIFO);
    put(FIFO, "queued-fifo-bytes");
}

static int unix_listener(const char *name, size_t length)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, name, length);
    int fd = must("socket", socket(AF_UNIX, SOCK_STREAM, 0));
    must("bind", bind(fd, (void *)&address, sizeof(sa_family_t) + length));
    must("listen", listen(fd, 5));
    return fd;
}

static void plant_unix_sockets(void)
{
    int ends[2];

    /* A connected stream pair with unread bytes; pid 2 keeps the writing end. */
    must("socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
    place("unix", ends[0], UNIX_READ);
    place("unix", ends[1], UNIX_WRITE);
    put(UNIX_WRITE, "queued-unix-bytes");

    /* A connected datagram pair with two unread datagrams. */
    must("socketpair", socketpair(AF_UNIX, SOCK_DGRAM, 0, ends));
    place("dgram", ends[0], DGRAM_READ);
    place("dgram", ends[1], DGRAM_WRITE);
    put(DGRAM_WRITE, "first-datagram");
    put(DGRAM_WRITE, "second-datagram");

    /* A listening socket with a path, another with an abstract name. */
    place("unix", unix_listener("/tmp/rich.sock", 15), UNIX_PATH);
    place("unix", unix_listener("\0rich-abstract", 14), UNIX_ABSTRACT);
}

static struct sockaddr_in ipv4(in_addr_t address, int port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(address)};
}

static struct sockaddr_in6 ipv6_loopback(int port)
{
    return (struct sockaddr_in6){
        .sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
}

static int bound(int family, int type, const void *address, socklen_t length)
{
    int one = 1;
    int fd = must("socket", socket(family, type, 0));
    must("reuse", setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one));
    must("bind", bind(fd, address, length));
    return fd;
}

/* A listener on 0.0.0.0:18080 and a connection 127.0.0.1:28080 -> 18080; pid 2 is the client. */
static void plant_tcp4(void)
{
    int one = 1;
    struct sockaddr_in any = ipv4(INADDR_ANY, 18080);
    struct sockaddr_in server = ipv4(INADDR_LOOPBACK, 18080);
    struct sockaddr_in client = ipv4(INADDR_LOOPBACK, 28080);

    place("tcp4", bound(AF_INET, SOCK_STREAM, &any, sizeof any), TCP4_LISTEN);
    must("listen", listen(TCP4_LISTEN, 7));
    place("tcp4", bound(AF_INET, SOCK_STREAM, &client, sizeof client), TCP4_CLIENT);
    must("nodelay", setsockopt(TCP4_CLIENT, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one));
    must("connect", connect(TCP4_CLIENT, (void *)&server, sizeof server));
    place("tcp4", accept(TCP4_LISTEN, NULL, NULL), TCP4_SERVER);
    put(TCP4_CLIENT, "queued-tcp-bytes"); /* arrives at TCP4_SERVER, nobody reads it */
}

/* A listener on [::1]:18081 and a connection [::1]:28081 -> 18081, all in pid 1. */
static void plant_tcp6(void)
{
    struct sockaddr_in6 server = ipv6_loopback(18081);
    struct sockaddr_in6 client = ipv6_loopback(28081);

    place("tcp6", bound(AF_INET6, SOCK_STREAM, &server, sizeof server), TCP6_LISTEN);
    must("listen", listen(TCP6_LISTEN, 7));
    place("tcp6", bound(AF_INET6, SOCK_STREAM, &client, sizeof client), TCP6_CLIENT);
    must("connect", connect(TCP6_CLIENT, (void *)&server, sizeof server));
    place("tcp6", accept(TCP6_LISTEN, NULL, NULL), TCP6_SERVER);
    put(TCP6_CLIENT, "queued-tcp6-bytes"); /* arrives at TCP6_SERVER, nobody reads it */
}

static void plant_udp(void)
{
    /* UDP over IPv4, only bound. */
    struct sockaddr_in any = ipv4(INADDR_ANY, 18082);
    place("udp4", bound(AF_INET, SOCK_DGRAM, &any, sizeof any), UDP4);

    /* UDP over IPv6, bound and connected to a port where nobody listens. */
    struct sockaddr_in6 here = ipv6_loopback(18083), there = ipv6_loopback(18084);
    place("udp6", bound(AF_INET6, SOCK_DGRAM, &here, sizeof here), UDP6);
    must("connect", connect(UDP6, (void *)&there, sizeof there));
}

/* A route netlink socket, bound to port 4242 and silent. */
static void plant_netlink(void)
{
    struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_pid = 4242};
    place("netlink", socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE), NETLINK);
    must("netlink", bind(NETLINK, (void *)&address, sizeof address));
}

/* The master of a terminal; pid 3 opens the slave. */
static void plant_terminal(void)
{
    int unlock = 0;
    place("ptmx", open("/dev/ptmx", O_RDWR | O_NOCTTY), PTY_MASTER);
    must("unlock", ioctl(PTY_MASTER, TIOCSPTLCK, &unlock));
}

/* ---- the other processes ----------------------------------------------------------------- */

/* Pid 3: own session, controlling terminal, bytes on their way to the master. */
static void grandchild(int ready)
{
    int number;
    char path[32];
    prctl(PR_SET_NAME, "rich-grand");
    must("setsid", setsid());
    must("TIOCGPTN", ioctl(PTY_MASTER, TIOCGPTN, &number));
    snprintf(path, sizeof path, "/dev/pts/%d", number);
    place("slave", open(path, O_RDWR), PTY_SLAVE);
    put(PTY_SLAVE, "queued-tty-bytes");
    keep_only((int[]){PTY_SLAVE, ready, 0});
    close(ready);
    sleep_for_ever();
}

/* Pid 2: another working folder and file mask, a line in the shared page, and a child. */
static void child(int ready)
{
    prctl(PR_SET_NAME, "rich-child");
    must("chdir", chdir("/srv/data"));
    umask(027);
    strcpy((char *)AT_SHARED + 64, "written-by-child");
    spawn(grandchild);
    keep_only((int[]){PIPE_WRITE, UNIX_WRITE, TCP4_CLIENT, ready, 0});
    close(ready);
    sleep_for_ever();
}

/* Pid 4: own process group, nicer, fewer files allowed, and a secret on its command line. */
static void group_leader(int ready)
{
    struct rlimit files = {128, 256};
    char *arguments[] = {"/bin/rich", "--role=group", "--password=cmdline-secret-not-real", NULL};
    (void)ready; /* closed by exec */
    must("setpgid", setpgid(0, 0));
    must("nice", setpriority(PRIO_PROCESS, 0, 5));
    must("rlimit", setrlimit(RLIMIT_NOFILE, &files));
    execv(arguments[0], arguments);
}

/* Pid 5: a zombie. */
static void zombie(int ready)
{
    (void)ready; /* closed by exit */
    prctl(PR_SET_NAME, "rich-zombie");
    _exit(7);
}

/* Pid 6: its program is a file that pid 1 deletes next. */
static void from_file(int ready)
{
    char *arguments[] = {"/tmp/vanishing", "rich-deleted", NULL};
    (void)ready; /* closed by exec */
    int fd = must("vanishing", open("/tmp/vanishing", O_WRONLY | O_CREAT, 0755));
    copy_file("/bin/tiny", fd);
    close(fd);
    execv(arguments[0], arguments);
}

/* ---- files, event descriptors ------------------------------------------------------------ */

static void plant_open_files(void)
{
    /* Open, deleted, with content. */
    place("ghost", open("/tmp/ghost", O_RDWR | O_CREAT, 0600), GHOST);
    put(GHOST, "ghost file body");
    must("unlink", unlink("/tmp/ghost"));

    /* A POSIX lock on bytes 0 to 9, and a whole-file lock by flock(). */
    struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 10};
    place("lock", open("/tmp/posix.lock", O_RDWR | O_CREAT, 0600), POSIX_LOCK);
    must("fcntl", fcntl(POSIX_LOCK, F_SETLK, &range));
    place("lock", open("/tmp/flock.lock", O_RDWR | O_CREAT, 0600), FLOCK);
    must("flock", flock(FLOCK, LOCK_EX));

    /* Opened for appending, at position 11. */
    place("log", open("/tmp/rich.log", O_WRONLY | O_CREAT | O_APPEND, 0640), APPENDED);
    put(APPENDED, "first line\n");

    /* A folder. */
    place("folder", open("/srv", O_RDONLY | O_DIRECTORY), DIRECTORY);
}

static void watch(int fd)
{
    /* Edge-triggered, so that thread rich-thr-3 goes to sleep after the first look. */
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.u64 = 0x1000 + fd};
    must("epoll_ctl", epoll_ctl(EPOLL, EPOLL_CTL_ADD, fd, &event));
}

static void plant_event_descriptors(pid_t watched)
{
    sigset_t usr2;
    struct itimerspec hour = {.it_value = {3600, 0}, .it_interval = {60, 0}};

    /* An eventfd with the count 7. */
    place("eventfd", eventfd(7, 0), EVENTFD);

    /* A timerfd that fires in an hour, then every minute. */
    place("timerfd", timerfd_create(CLOCK_MONOTONIC, 0), TIMERFD);
    must("timerfd", timerfd_settime(TIMERFD, 0, &hour, NULL));

    /* A signalfd for SIGUSR2. */
    sigemptyset(&usr2);
    sigaddset(&usr2, SIGUSR2);
    place("signalfd", signalfd(-1, &usr2, 0), SIGNALFD);

    /* A pidfd of pid 2. */
    place("pidfd", syscall(SYS_pidfd_open, watched, 0), PIDFD);

    /* An epoll that watches the pipe, the IPv4 listener, the eventfd and the timerfd. */
    place("epoll", epoll_create1(0), EPOLL);
    watch(PIPE_READ);
    watch(TCP4_LISTEN);
    watch(EVENTFD);
    watch(TIMERFD);
}

/* ---- signals and timers ------------------------------------------------------------------ */

static void on_usr1(int number)
{
    (void)number;
    check_wanted = 1;
}

static void on_other(int number)
{
    (void)number;
}

static void plant_signals(void)
{
    sigset_t blocked;
    union sigval seven = {.sival_int = 7};

    /* Handlers for SIGUSR1 (with a flag) and SIGALRM; SIGPIPE is ignored. */
    struct sigaction usr1 = {.sa_handler = on_usr1, .sa_flags = SA_RESTART};
    struct sigaction other = {.sa_handler = on_other};
    struct sigaction ignored = {.sa_handler = SIG_IGN};
    sigaction(SIGUSR1, &usr1, NULL);
    sigaction(SIGALRM, &other, NULL);
    sigaction(SIGRTMIN + 2, &other, NULL);
    sigaction(SIGPIPE, &ignored, NULL);

    /* SIGUSR2 and SIGRTMIN+1 are blocked (also in the threads); SIGUSR2 is pending, value 7. */
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR2);
    sigaddset(&blocked, SIGRTMIN + 1);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    must("sigqueue", sigqueue(getpid(), SIGUSR2, seven));
}

static void plant_timers(void)
{
    timer_t timer;
    struct itimerval hour = {.it_value = {3600, 0}, .it_interval = {120, 0}};
    struct itimerspec day = {.it_value = {86400, 0}, .it_interval = {240, 0}};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 2};

    /* An interval timer: SIGALRM in an hour, then every two minutes. */
    must("setitimer", setitimer(ITIMER_REAL, &hour, NULL));

    /* A POSIX timer: SIGRTMIN+2 in a day, then every four minutes. */
    must("timer_create", timer_create(CLOCK_MONOTONIC, &event, &timer));
    must("timer_settime", timer_settime(timer, 0, &day, NULL));
}

/* ---- threads ----------------------------------------------------------------------------- */

static pthread_mutex_t taken = PTHREAD_MUTEX_INITIALIZER;

/* rich-thr-1 sleeps in pause(). */
static void *pausing_thread(void *unused)
{
    sleep_for_ever();
    return unused;
}

/* rich-thr-2 waits for a mutex that nobody gives back; SIGRTMIN+1 is pending for it alone. */
static void *locking_thread(void *unused)
{
    pthread_mutex_lock(&taken);
    return unused;
}

/* rich-thr-3 sleeps in epoll_wait(). */
static void *polling_thread(void *unused)
{
    struct epoll_event event;
    for (;;)
        epoll_wait(EPOLL, &event, 1, -1);
    return unused;
}

static void plant_threads(void)
{
    void *(*bodies[3])(void *) = {pausing_thread, locking_thread, polling_thread};
    pthread_t threads[3];
    char name[16];
    pthread_attr_t small;

    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 64 * 1024);
    pthread_mutex_lock(&taken);
    for (int i = 0; i < 3; i++) {
        must("thread", pthread_create(&threads[i], &small, bodies[i], NULL) ? -1 : 0);
        snprintf(name, sizeof name, "rich-thr-%d", i + 1);
        pthread_setname_np(threads[i], name);
    }
    pthread_kill(threads[1], SIGRTMIN + 1);
}

/* ---- the look after a restore ------------------------------------------------------------ */

static int missing;

static void expect(const char *what, int found)
{
    if (!found) {
        printf("check: %s is missing\n", what);
        missing++;
    }
}

static void expect_socket(int fd, const char *text)
{
    char got[64] = "";
    expect(text, recv(fd, got, sizeof got - 1, MSG_PEEK | MSG_DONTWAIT) > 0 && !strcmp(got, text));
}

static void expect_file(int fd, const char *text)
{
    char got[64] = "";
    expect(text, pread(fd, got, strlen(text), 0) > 0 && !strcmp(got, text));
}

static void expect_queued(int fd, const char *text)
{
    int bytes = 0;
    expect(text, ioctl(fd, FIONREAD, &bytes) == 0 && bytes == (int)strlen(text));
}

static void check(void)
{
    sigset_t pending;

    missing = 0;
    expect_queued(PIPE_READ, "unread-pipe-data");
    expect_queued(FIFO, "queued-fifo-bytes");
    expect_queued(PTY_MASTER, "queued-tty-bytes");
    expect_socket(UNIX_READ, "queued-unix-bytes");
    expect_socket(DGRAM_READ, "first-datagram");
    expect_socket(TCP4_SERVER, "queued-tcp-bytes");
    expect_socket(TCP6_SERVER, "queued-tcp6-bytes");
    expect_file(MEMFD, "memfd-content-here");
    expect_file(GHOST, "ghost file body");
    expect_file(DEVSHM, "devshm-content-here");
    expect("shared-anon!", !strcmp(AT_SHARED, "shared-anon!"));
    expect("sysv-shm-content", !strcmp(AT_SYSV, "sysv-shm-content"));
    expect("after-the-hole", !strcmp((char *)AT_HOLES + 3 * PAGE, "after-the-hole"));
    for (pid_t pid = 2; pid <= 6; pid++)
        expect("a child", kill(pid, 0) == 0);
    sigpending(&pending);
    expect("pending SIGUSR2", sigismember(&pending, SIGUSR2));
    printf("check: %d missing\n", missing);
}

/* ---- main -------------------------------------------------------------------------------- */

/* Prints "heartbeat N" once a second. */
static void beat(void)
{
    for (unsigned long count = 1;; count++) {
        printf("heartbeat %lu\n", count);
        if (check_wanted) {
            check_wanted = 0;
            check();
        }
        clock_nanosleep(CLOCK_MONOTONIC, 0, &one_second, NULL);
    }
}

int main(int count, char **arguments)
{
    if (count > 1 && !strcmp(arguments[1], "--role=group")) { /* pid 4 after its exec */
        prctl(PR_SET_NAME, "rich-group");
        sleep_for_ever();
    }
    prctl(PR_SET_NAME, "rich-main");
    setvbuf(stdout, NULL, _IOLBF, 0);

    plant_files();
    plant_shared_memory();
    plant_pipes();
    plant_unix_sockets();
    plant_tcp4();
    plant_terminal();

    pid_t first = spawn(child); /* and the grandchild */
    close(PIPE_WRITE);
    close(UNIX_WRITE);
    close(TCP4_CLIENT);
    spawn(group_leader);
    spawn(zombie);
    spawn(from_file);
    must("unlink", unlink("/tmp/vanishing"));

    plant_tcp6();
    plant_udp();
    plant_netlink();
    plant_file_memory();
    plant_anonymous_memory();
    plant_heap_secrets();
    plant_sysv();
    plant_open_files();
    plant_event_descriptors(first);
    plant_signals();
    plant_timers();
    plant_threads();
    beat();
}
