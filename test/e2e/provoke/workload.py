"""A process with one property that CRIU cannot save, or that a restore depends on.

workload.py NAME [ARGUMENT…]: prints `ready PID` of the process to dump, and sleeps. Where the other
end of something has to lie outside of what is dumped, this process keeps it, and a child in a
session of its own is the one to dump.
"""
import ctypes
import fcntl
import mmap
import os
import pty
import signal
import socket
import struct
import sys
import time

libc = ctypes.CDLL(None, use_errno=True)
kept = []


def keep(*things):
    kept.extend(things)


def syscall(number, *arguments):
    result = libc.syscall(number, *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), f"syscall {number}")
    return result


def ready():
    with open("ready", "w") as file:
        file.write(f"{os.getpid()}\n")
    while True:
        time.sleep(1)


def in_child(work, session=True, meanwhile=lambda: None):
    """The child is dumped; this process stays beside it with what it has open."""
    if os.fork() == 0:
        if session:
            os.setsid()
        keep(work())
        ready()
    keep(meanwhile())
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        time.sleep(1)


def listener(address="127.0.0.1", port=0, protocol=0):
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((address, int(port)))
    server.listen()
    keep(server)
    return server


def connected():
    server = listener()
    client = socket.create_connection(server.getsockname())
    keep(client, server.accept()[0])


def outside_client():
    """The client of a connection that nobody has accepted yet is not dumped."""
    read, write = os.pipe()

    def work():
        server = listener(port=4711)
        os.write(write, b"x")
        os.close(write)
        os.close(read)
        # The connection has to be there before we say that we are ready.
        time.sleep(0.5)
        return server

    if os.fork() == 0:
        os.setsid()
        work()
        ready()
    os.read(read, 1)
    keep(socket.create_connection(("127.0.0.1", 4711)))
    while True:
        time.sleep(1)


def unix_outside(kind):
    server = socket.socket(socket.AF_UNIX, kind)
    server.bind("outside.sock")
    if kind == socket.SOCK_STREAM:
        server.listen()
    keep(server)

    def work():
        server.close()
        client = socket.socket(socket.AF_UNIX, kind)
        client.connect("outside.sock")
        return client

    in_child(work, meanwhile=server.accept if kind == socket.SOCK_STREAM else lambda: None)


def locked():
    file = open("locked", "w")
    fcntl.flock(file, fcntl.LOCK_EX)
    keep(file)


def ghost():
    file = open("ghost", "wb")
    file.write(b"g" * (2 << 20))
    file.flush()
    os.unlink("ghost")
    keep(file)


def linked():
    file = open("first", "w")
    os.link("first", "second")
    os.unlink("first")
    keep(file)


def inotify(folder):
    keep(libc.inotify_init1(0))
    if libc.inotify_add_watch(kept[-1], folder.encode(), 0xFFF) < 0:
        raise OSError(ctypes.get_errno(), "inotify_add_watch")


def io_uring():
    keep(syscall(425, 8, ctypes.create_string_buffer(120)))


def terminal():
    master, slave = pty.openpty()
    keep(master)

    def work():
        fcntl.ioctl(slave, 0x540E, 0)  # TIOCSCTTY
        os.close(master)
        for number in (0, 1, 2):
            os.dup2(slave, number)
        os.close(slave)

    in_child(work)


def traced():
    """A process outside of what is dumped holds it, as a debugger does."""
    child = os.fork()
    if child == 0:
        os.setsid()
        ready()
    if libc.ptrace(0x4206, child, None, None) != 0:  # PTRACE_SEIZE
        raise OSError(ctypes.get_errno(), "ptrace")
    while True:
        time.sleep(1)


def device(*paths):
    keep(os.open(next(filter(os.path.exists, paths)), os.O_RDWR))


def lost_mount(folder):
    os.makedirs(folder, exist_ok=True)
    libc.mount(b"tmpfs", folder.encode(), b"tmpfs", 0, None)
    keep(open(f"{folder}/file", "w"))
    libc.umount2(folder.encode(), 2)  # MNT_DETACH


def bound(address, port):
    listener(address, port)


def connected_to(address, port):
    server = listener(address, port)
    keep(socket.create_connection(server.getsockname(), source_address=(address, 0)))
    keep(server.accept()[0])


def file_open(path):
    file = open(path, "r+")
    keep(file)


def memory():
    area = mmap.mmap(-1, 4 << 20)
    for at in range(0, 4 << 20, 4096):
        area[at] = 1 + at % 251
    keep(area)


names = {
    "plain": lambda: None,
    "tcp": connected,
    "in-flight": outside_client,
    "unix-stream": lambda: unix_outside(socket.SOCK_STREAM),
    "unix-datagram": lambda: unix_outside(socket.SOCK_DGRAM),
    "locks": locked,
    "ghost": ghost,
    "linked": linked,
    "inotify": inotify,
    "io-uring": io_uring,
    "mptcp": lambda: listener(protocol=262),
    "terminal": terminal,
    "traced": traced,
    "device": device,
    "lost-mount": lost_mount,
    "bound": bound,
    "connected-to": connected_to,
    "file": file_open,
    "memory": memory,
    "not-leader": lambda: in_child(lambda: None, session=False),
}
names[sys.argv[1]](*sys.argv[2:])
ready()
