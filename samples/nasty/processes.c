/* Processes, threads, signals, timers, rights. */
#include "plant.h"
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <grp.h>
#include <sched.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/uio.h>

static void *thread(void *name)
{
    must(prctl(PR_SET_NAME, name));
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN + 5);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    sigval_t value = {.sival_int = 77};
    pthread_sigqueue(pthread_self(), SIGRTMIN + 5, value);
    value.sival_ptr = (void *)0x1122334455667788;
    pthread_sigqueue(pthread_self(), SIGRTMIN + 5, value);
    must(setpriority(PRIO_PROCESS, 0, 7));
    sleep_for_ever();
    return NULL;
}

static void handler(int number, siginfo_t *info, void *context)
{
    (void)number, (void)info, (void)context;
}

static void signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGRTMAX);
    must(sigprocmask(SIG_BLOCK, &set, NULL));
    must(kill(getpid(), SIGHUP));
    sigval_t value = {.sival_ptr = (void *)-1L};
    must(sigqueue(getpid(), SIGUSR1, value));
    for (int i = 0; i < 3; i++) {
        value.sival_ptr = (void *)(uintptr_t)(i + 1);
        must(sigqueue(getpid(), SIGRTMAX, value));
    }
    struct sigaction action = {.sa_sigaction = handler,
                               .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND | SA_NODEFER};
    sigaddset(&action.sa_mask, SIGTERM);
    must(sigaction(SIGUSR2, &action, NULL));
    must(signal(SIGINT, SIG_IGN) == SIG_ERR ? -1 : 0);
    static char stack[16384];
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    must(sigaltstack(&alternate, NULL));
    must(prctl(PR_SET_PDEATHSIG, SIGTERM));
}

static void timers(void)
{
    struct itimerval when = {.it_value = {50000, 250000}, .it_interval = {3, 500000}};
    must(setitimer(ITIMER_REAL, &when, NULL));
    when.it_value.tv_sec = 60000;
    must(setitimer(ITIMER_VIRTUAL, &when, NULL));
    must(setitimer(ITIMER_PROF, &when, NULL));
    static const clockid_t clocks[] = {CLOCK_MONOTONIC, CLOCK_REALTIME, CLOCK_BOOTTIME,
                                       CLOCK_PROCESS_CPUTIME_ID};
    for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++) {
        timer_t timer;
        struct sigevent event = {.sigev_notify = i == 1 ? SIGEV_NONE : SIGEV_SIGNAL,
                                 .sigev_signo = SIGRTMIN + (int)i,
                                 .sigev_value.sival_ptr = (void *)(0xabc0000000000000 + i)};
        if (i == 2) {
            event.sigev_notify = SIGEV_THREAD_ID;
            event._sigev_un._tid = gettid();
        }
        must(timer_create(clocks[i], &event, &timer));
        struct itimerspec after = {.it_value = {70000 + i, 5}, .it_interval = {i, 7}};
        if (i != 3) must(timer_settime(timer, 0, &after, NULL));
    }
    must(prctl(PR_SET_TIMERSLACK, 123456));
}

static void settings(void)
{
    struct rlimit limit = {.rlim_cur = 100, .rlim_max = 2000};
    must(setrlimit(RLIMIT_NPROC, &limit));
    limit = (struct rlimit){.rlim_cur = 0, .rlim_max = 0};
    must(setrlimit(RLIMIT_CORE, &limit));
    must(prctl(PR_SET_CHILD_SUBREAPER, 1));
    must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    must(prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0));
    must(personality(ADDR_NO_RANDOMIZE | READ_IMPLIES_EXEC) == -1 ? -1 : 0);
    write_file("/proc/self/oom_score_adj", "567");
    umask(0137);
    setpriority(PRIO_PROCESS, 0, 11);
}

static void undumpable(void)
{
    must(prctl(PR_SET_DUMPABLE, 0));
}

static void scheduled(void)
{
    struct sched_param parameters = {.sched_priority = 12};
    must(sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &parameters));
}

static void batch(void)
{
    struct sched_param parameters = {.sched_priority = 0};
    must(sched_setscheduler(0, SCHED_BATCH, &parameters));
}

static void in_session(void)
{
    must(setpgid(0, 0));
}

static void new_session(void)
{
    must(setsid());
    child("group", in_session);
    child("same-session", NULL);
}

static void title(void)
{
    /* A command line that the process wrote itself, with bytes that terminals act on. */
    static const char text[] = "title \x1b[31mred\x1b[0m\0--second\nline\0\xff\xfe";
    memset(title_at, 0, title_length);
    memcpy(title_at, text, title_length < sizeof text ? title_length : sizeof text);
}

static void dies(int how)
{
    pid_t pid = must(fork());
    if (pid == 0) {
        prctl(PR_SET_NAME, how == 0 ? "zombie-exit" : "zombie-signal");
        if (how == 0) _exit(42);
        raise(how);
    }
    siginfo_t info;
    must(waitid(P_PID, pid, &info, WEXITED | WNOWAIT));
}

void plant_processes(void)
{
    static pthread_t threads[4];
    static char names[][16] = {"thr \x1b[31m", "thr\nline", "thr \xff\xfe", "thr)( R 1"};
    for (int i = 0; i < 4; i++) must(pthread_create(&threads[i], NULL, thread, names[i]) == 0 ? 0 : -1);
    child("signals", signals);
    child("timers", timers);
    child("settings", settings);
    child("undumpable", undumpable);
    child("scheduled", scheduled);
    child("batch", batch);
    child("session", new_session);
    child("odd\x1b[7m\n)x", NULL);
    child("title", title);
    dies(0);
    dies(SIGTERM);
}

static void stop(void)
{
    signal(SIGCONT, SIG_DFL);
}

void plant_stopped(void)
{
    int status;
    pid_t pid = child("stopped", stop);
    must(kill(pid, SIGSTOP));
    must(waitpid(pid, &status, WUNTRACED));
}

/* ---- rights ------------------------------------------------------------------------------ */

static void ambient(void)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];
    must(syscall(SYS_capget, &head, data));
    data[0].inheritable = 1 << CAP_NET_ADMIN | 1 << CAP_SYS_PTRACE;
    must(syscall(SYS_capset, &head, data));
    must(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_ADMIN, 0, 0));
    must(prctl(PR_CAPBSET_DROP, CAP_SYS_BOOT));
    must(prctl(PR_SET_KEEPCAPS, 1));
}

static void dropped(void)
{
    must(prctl(PR_SET_SECUREBITS, 0x2f));
    gid_t groups[] = {4, 20, 4000000000u};
    must(setgroups(3, groups));
    setfsgid(1003);
    setfsuid(1004);
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];
    must(syscall(SYS_capget, &head, data));
    data[0].permitted = data[0].effective = 1 << CAP_SETUID | 1 << CAP_KILL;
    data[0].inheritable = data[1].permitted = data[1].effective = data[1].inheritable = 0;
    must(syscall(SYS_capset, &head, data));
}

void plant_rights(void)
{
    child("ambient", ambient);
    child("dropped", dropped);
}

/* ---- seccomp ----------------------------------------------------------------------------- */

static void filter(unsigned call, unsigned action, unsigned flags)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, action),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = 4, .filter = code};
    must(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program));
}

static void *filtered_thread(void *unused)
{
    (void)unused;
    filter(SYS_reboot, SECCOMP_RET_ERRNO | EPERM, 0);
    sleep_for_ever();
    return NULL;
}

static void filtered(void)
{
    must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    filter(SYS_ptrace, SECCOMP_RET_KILL_PROCESS, SECCOMP_FILTER_FLAG_LOG);
    filter(SYS_kexec_load, SECCOMP_RET_ERRNO | ENOSYS, 0);
    static pthread_t more;
    must(pthread_create(&more, NULL, filtered_thread, NULL) == 0 ? 0 : -1);
}

void plant_seccomp(void)
{
    child("filtered", filtered);
    usleep(100000);
}

/* ---- nested namespaces ------------------------------------------------------------------- */

static pid_t cloned(unsigned long flags, const char *name, void (*body)(void))
{
    int done[2];
    char byte;
    must(pipe(done));
    struct clone_args arguments = {.flags = flags, .exit_signal = SIGCHLD};
    pid_t pid = must(syscall(SYS_clone3, &arguments, sizeof arguments));
    if (pid == 0) {
        must(prctl(PR_SET_NAME, name));
        if (body != NULL) body();
        must(write(done[1], "!", 1));
        close(done[0]);
        close(done[1]);
        sleep_for_ever();
    }
    close(done[1]);
    must(read(done[0], &byte, 1) == 1 ? 0 : -1);
    close(done[0]);
    return pid;
}

static void own_mounts(void)
{
    must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
    must(mkdir("only-here", 0755));
    must(mount("only-here", "only-here", "tmpfs", 0, "size=64k"));
    write_file("only-here/file", "only in this namespace");
    must(open("only-here/file", O_RDONLY));
}

static void own_net(void)
{
    must(socket(AF_INET, SOCK_DGRAM, 0));
}

void plant_nested(void)
{
    cloned(CLONE_NEWNS, "own-mounts", own_mounts);
    cloned(CLONE_NEWNET, "own-net", own_net);
}

void plant_mounts(void)
{
    must(mkdir("a", 0755));
    must(mount("tmpfs \x1b[1m", "a", "tmpfs", MS_NOSUID | MS_NODEV, "size=128k,mode=0751"));
    write_file("a/file", "in the tmpfs");
    must(mkdir("a/inner", 0755));
    must(mkdir("odd mount\n\x1b[31m", 0755));
    must(mount("a", "odd mount\n\x1b[31m", NULL, MS_BIND, NULL));
    must(mount(NULL, "odd mount\n\x1b[31m", NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL));
    must(mkdir("shared", 0755));
    must(mount("shared", "shared", "tmpfs", 0, "size=64k"));
    must(mount(NULL, "shared", NULL, MS_SHARED, NULL));
    must(mkdir("slave", 0755));
    must(mount("shared", "slave", NULL, MS_BIND, NULL));
    must(mount(NULL, "slave", NULL, MS_SLAVE, NULL));
    must(mkdir("over", 0755));
    must(mount("first", "over", "tmpfs", 0, "size=64k"));
    write_file("over/below", "hidden below");
    must(mount("second", "over", "tmpfs", MS_NOEXEC, "size=64k"));
    must(open("a/file", O_RDONLY));
}
