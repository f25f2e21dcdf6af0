/* Descriptors that wait for something: events, timers, signals, watches, pipes, terminals. */
#include "plant.h"
#include <pty.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

static void watch(int epoll, int fd, uint32_t events, uint64_t data)
{
    struct epoll_event event = {.events = events, .data.u64 = data};
    must(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
}

static int timer(int clock, int flags, int how, struct timespec first, struct timespec every)
{
    struct itimerspec when = {.it_value = first, .it_interval = every};
    int fd = must(timerfd_create(clock, flags));
    must(timerfd_settime(fd, how, &when, NULL));
    return fd;
}

void plant_events(void)
{
    int plain = must(eventfd(3, 0));
    must(eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC));
    int full = must(eventfd(0, 0));
    uint64_t most = UINT64_MAX - 1;
    must(write(full, &most, sizeof most));

    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGRTMAX);
    int signals = must(signalfd(-1, &set, SFD_NONBLOCK));

    int late = timer(CLOCK_REALTIME, TFD_CLOEXEC, 0, (struct timespec){90000, 500000000},
                     (struct timespec){0, 0});
    timer(CLOCK_BOOTTIME, 0, 0, (struct timespec){7200, 0}, (struct timespec){60, 250000000});
    timer(CLOCK_REALTIME, 0, TFD_TIMER_ABSTIME, (struct timespec){4102444800, 0},
          (struct timespec){0, 0});
    timer(CLOCK_MONOTONIC, 0, 0, (struct timespec){0, 0}, (struct timespec){0, 0});
    /* Runs out, and nobody reads it. */
    timer(CLOCK_MONOTONIC, 0, 0, (struct timespec){0, 1000000}, (struct timespec){5000, 0});

    int inner = must(epoll_create1(EPOLL_CLOEXEC));
    watch(inner, plain, EPOLLIN, 0xffffffffffffffffUL);
    int outer = must(epoll_create1(0));
    watch(outer, inner, EPOLLIN | EPOLLET, 0);
    watch(outer, signals, EPOLLIN | EPOLLRDHUP | EPOLLWAKEUP, 0x8000000000000000UL);
    watch(outer, late, EPOLLIN | EPOLLONESHOT, 42);
    watch(outer, full, EPOLLOUT | EPOLLIN | EPOLLEXCLUSIVE, (uint64_t)-7);
    must(dup2(plain, 200));
    watch(outer, 200, EPOLLIN, 200);
    must(epoll_create1(0));
}

/* ---- watches ----------------------------------------------------------------------------- */

void plant_watches(void)
{
    must(mkdir("watched", 0755));
    must(mkdir("watched/inner", 0755));
    write_file("watched/file", "watched");
    write_file("watched/odd \x1b[1m\n\xff", "watched");

    int notify = must(inotify_init1(IN_NONBLOCK));
    must(inotify_add_watch(notify, "watched", IN_ALL_EVENTS | IN_ONLYDIR));
    must(inotify_add_watch(notify, "watched/file", IN_MODIFY | IN_CLOSE_WRITE | IN_ONESHOT));
    int gone = must(inotify_add_watch(notify, "watched/inner", IN_DELETE_SELF));
    must(inotify_rm_watch(notify, gone));
    must(inotify_add_watch(notify, "watched/odd \x1b[1m\n\xff", IN_ATTRIB));
    must(inotify_add_watch(notify, "watched/inner", IN_CREATE | IN_MOVED_FROM | IN_EXCL_UNLINK));
    must(inotify_init1(IN_CLOEXEC));

    int all = must(fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK, O_RDONLY));
    must(fanotify_mark(all, FAN_MARK_ADD, FAN_MODIFY | FAN_CLOSE_WRITE | FAN_EVENT_ON_CHILD,
                       AT_FDCWD, "watched"));
    must(fanotify_mark(all, FAN_MARK_ADD, FAN_OPEN, AT_FDCWD, "watched/file"));
    must(fanotify_mark(all, FAN_MARK_ADD | FAN_MARK_IGNORED_MASK | FAN_MARK_IGNORED_SURV_MODIFY,
                       FAN_ACCESS, AT_FDCWD, "watched/file"));
    int content = must(fanotify_init(FAN_CLASS_CONTENT | FAN_UNLIMITED_QUEUE | FAN_UNLIMITED_MARKS,
                                     O_RDWR | O_LARGEFILE));
    must(fanotify_mark(content, FAN_MARK_ADD | FAN_MARK_MOUNT, FAN_CLOSE_NOWRITE, AT_FDCWD,
                       "watched"));
}

/* ---- pipes ------------------------------------------------------------------------------- */

void plant_pipes(void)
{
    int ends[2];
    must(pipe2(ends, O_NONBLOCK));
    put(ends[1], "unread pipe bytes");

    must(pipe(ends));
    must(fcntl(ends[1], F_SETPIPE_SZ, 4096));
    for (int i = 0; i < 4; i++) {
        char part[1024];
        memset(part, 'A' + i, sizeof part);
        must(write(ends[1], part, sizeof part));
    }
    /* Only one end is left. */
    must(pipe(ends));
    put(ends[1], "nobody can write any more");
    close(ends[1]);
    must(pipe(ends));
    close(ends[0]);

    must(mkfifo("fifo \x1b[4m\n", 0640));
    int fifo = must(open("fifo \x1b[4m\n", O_RDWR | O_NONBLOCK));
    put(fifo, "unread fifo bytes");
    must(open("fifo \x1b[4m\n", O_RDONLY));
    must(open("fifo \x1b[4m\n", O_WRONLY | O_CLOEXEC));
    must(pipe(ends));
}

/* ---- terminals --------------------------------------------------------------------------- */

static int terminal_master;

static void job(void)
{
    must(setpgid(0, 0));
    must(tcsetpgrp(0, getpgrp()));
}

static void leader(void)
{
    int slave;
    must(setsid());
    char name[64];
    must(ioctl(terminal_master, TIOCSPTLCK, &(int){0}));
    must(ptsname_r(terminal_master, name, sizeof name) == 0 ? 0 : -1);
    slave = must(open(name, O_RDWR));
    must(ioctl(slave, TIOCSCTTY, 0));
    signal(SIGTTOU, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    for (int fd = 0; fd < 3; fd++) must(dup2(slave, fd));
    close(slave);
    child("foreground", job);
}

void plant_terminals(void)
{
    struct winsize size = {.ws_row = 33, .ws_col = 121};
    struct termios modes;
    terminal_master = must(open("/dev/ptmx", O_RDWR | O_NOCTTY));
    must(ioctl(terminal_master, TIOCSWINSZ, &size));
    child("leader", leader);
    put(terminal_master, "typed, not yet read\n");

    /* Locked still, never opened on the other side, in packet mode. */
    int other = must(open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK));
    must(ioctl(other, TIOCPKT, &(int){1}));
    must(tcgetattr(other, &modes));
    cfmakeraw(&modes);
    must(tcsetattr(other, TCSANOW, &modes));
}
