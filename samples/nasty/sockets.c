/* Sockets of all families that CRIU knows. Runs in a network namespace of its own. */
#include "plant.h"
#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/un.h>

static struct sockaddr_un unix_address(const char *name, size_t length, socklen_t *size)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, name, length);
    *size = offsetof(struct sockaddr_un, sun_path) + length;
    return address;
}

static int unix_bound(int type, const char *name, size_t length)
{
    socklen_t size;
    struct sockaddr_un address = unix_address(name, length, &size);
    int fd = must(socket(AF_UNIX, type, 0));
    must(bind(fd, (struct sockaddr *)&address, size));
    return fd;
}

static int unix_connected(int type, const char *name, size_t length)
{
    socklen_t size;
    struct sockaddr_un address = unix_address(name, length, &size);
    int fd = must(socket(AF_UNIX, type, 0));
    must(connect(fd, (struct sockaddr *)&address, size));
    return fd;
}

/* A message with descriptors in it. */
static void send_rights(int socket, const char *text, const int *fds, int count)
{
    char control[CMSG_SPACE(4 * sizeof(int))] = {0};
    struct iovec part = {.iov_base = (void *)text, .iov_len = strlen(text)};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
                             .msg_controllen = CMSG_SPACE(count * sizeof(int))};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(head), fds, count * sizeof(int));
    must(sendmsg(socket, &message, 0));
}

void plant_unix(void)
{
    int pair[2], in_flight[2];

    must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    put(pair[0], "stream bytes ");
    put(pair[0], "in two writes");
    put(pair[1], "and back");
    must(shutdown(pair[1], SHUT_WR));

    must(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, pair));
    put(pair[0], "datagram");
    must(send(pair[0], "", 0, 0));
    put(pair[0], "\x1b[31mcoloured\n");

    must(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair));
    put(pair[0], "sequenced one");
    put(pair[0], "sequenced two");

    /* Descriptors under way that nobody else has open. */
    must(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair));
    must(pipe(in_flight));
    write_file("passed", "passed on");
    int file = must(open("passed", O_RDONLY));
    send_rights(pair[0], "with rights", (int[]){in_flight[0], file}, 2);
    close(file);
    close(in_flight[0]);
    put(in_flight[1], "in a pipe under way");

    int listener = unix_bound(SOCK_STREAM, "listen.sock", 11);
    must(listen(listener, 7));
    int client = unix_connected(SOCK_STREAM, "listen.sock", 11);
    must(accept(listener, NULL, NULL));
    put(client, "through the path");

    /* Connected, not accepted. CRIU wants no bytes in them. */
    listener = unix_bound(SOCK_STREAM, "pending.sock", 12);
    must(listen(listener, 5));
    unix_connected(SOCK_STREAM, "pending.sock", 12);
    unix_connected(SOCK_STREAM, "pending.sock", 12);

    unix_bound(SOCK_DGRAM, "\0abstract\0with\x1b[1m\xff", 20);
    unix_connected(SOCK_DGRAM, "\0abstract\0with\x1b[1m\xff", 20);
    listener = unix_bound(SOCK_SEQPACKET, "odd \x1b[7m\n.sock", 14);
    must(listen(listener, 0));
    unix_bound(SOCK_DGRAM, "unlinked.sock", 13);
    must(unlink("unlinked.sock"));
    must(socket(AF_UNIX, SOCK_STREAM, 0));
    int options = must(socket(AF_UNIX, SOCK_DGRAM, 0));
    must(setsockopt(options, SOL_SOCKET, SO_PASSCRED, &(int){1}, sizeof(int)));
    must(setsockopt(options, SOL_SOCKET, SO_SNDBUF, &(int){8192}, sizeof(int)));
    must(setsockopt(options, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){1, 500000},
                    sizeof(struct timeval)));
}

/* ---- IPv4 and IPv6, but for TCP ------------------------------------------------------------ */

static struct sockaddr_in v4(const char *host, int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    must(inet_pton(AF_INET, host, &address.sin_addr) == 1 ? 0 : -1);
    return address;
}

static struct sockaddr_in6 v6(const char *host, int port, int scope)
{
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(port),
                                   .sin6_scope_id = scope};
    must(inet_pton(AF_INET6, host, &address.sin6_addr) == 1 ? 0 : -1);
    return address;
}

static int inet4(int type, int protocol, const char *host, int port)
{
    struct sockaddr_in address = v4(host, port);
    int fd = must(socket(AF_INET, type, protocol));
    must(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int)));
    must(bind(fd, (struct sockaddr *)&address, sizeof address));
    return fd;
}

static int inet6(int type, int protocol, const char *host, int port, int scope)
{
    struct sockaddr_in6 address = v6(host, port, scope);
    int fd = must(socket(AF_INET6, type, protocol));
    must(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int)));
    must(bind(fd, (struct sockaddr *)&address, sizeof address));
    return fd;
}

static void connect4(int fd, const char *host, int port)
{
    struct sockaddr_in address = v4(host, port);
    must(connect(fd, (struct sockaddr *)&address, sizeof address));
}

static void connect6(int fd, const char *host, int port, int scope)
{
    struct sockaddr_in6 address = v6(host, port, scope);
    must(connect(fd, (struct sockaddr *)&address, sizeof address));
}

static int index_of(int socket, const char *name)
{
    struct ifreq request = {0};
    strcpy(request.ifr_name, name);
    must(ioctl(socket, SIOCGIFINDEX, &request));
    return request.ifr_ifindex;
}

void plant_inet(void)
{
    inet4(SOCK_DGRAM, 0, "0.0.0.0", 5300);
    int fd = inet4(SOCK_DGRAM | SOCK_NONBLOCK, 0, "127.0.0.1", 5301);
    connect4(fd, "127.0.0.1", 5300);
    fd = inet4(SOCK_DGRAM, 0, "127.0.0.1", 5302);
    must(setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &(int){1}, sizeof(int)));
    must(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3));
    must(setsockopt(fd, SOL_SOCKET, SO_MARK, &(int){0xbeef}, sizeof(int)));
    must(setsockopt(fd, SOL_SOCKET, SO_PRIORITY, &(int){5}, sizeof(int)));
    must(setsockopt(fd, SOL_IP, IP_TOS, &(int){0x10}, sizeof(int)));
    must(setsockopt(fd, SOL_IP, IP_TTL, &(int){33}, sizeof(int)));
    must(socket(AF_INET, SOCK_DGRAM, 0));
    fd = inet4(SOCK_DGRAM, IPPROTO_UDPLITE, "127.0.0.1", 5303);
    connect4(fd, "127.0.0.1", 5304);
    inet4(SOCK_RAW, IPPROTO_ICMP, "127.0.0.1", 0);
    fd = inet4(SOCK_RAW, IPPROTO_RAW, "0.0.0.0", 0);
    must(setsockopt(fd, SOL_IP, IP_HDRINCL, &(int){1}, sizeof(int)));

    inet6(SOCK_DGRAM, 0, "::", 5310, 0);
    fd = inet6(SOCK_DGRAM, 0, "::1", 5311, 0);
    connect6(fd, "::1", 5310, 0);
    inet6(SOCK_DGRAM, 0, "::ffff:127.0.0.1", 5312, 0);
    fd = inet6(SOCK_DGRAM, 0, "::ffff:127.0.0.1", 5313, 0);
    connect6(fd, "::ffff:127.0.0.1", 5312, 0);
    inet6(SOCK_DGRAM, IPPROTO_UDPLITE, "::1", 5314, 0);
    fd = must(socket(AF_INET6, SOCK_DGRAM, 0));
    must(setsockopt(fd, SOL_IPV6, IPV6_V6ONLY, &(int){1}, sizeof(int)));
    int probe = must(socket(AF_INET, SOCK_DGRAM, 0));
    int scope = index_of(probe, "nasty-a");
    inet6(SOCK_DGRAM, 0, "fe80::a", 5315, scope);
    struct sockaddr_in6 raw = v6("::1", 0, 0);
    fd = must(socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6));
    must(bind(fd, (struct sockaddr *)&raw, sizeof raw));
}

/* ---- TCP --------------------------------------------------------------------------------- */

static void tcp_pair4(int port, int *client, int *server)
{
    int listener = inet4(SOCK_STREAM, 0, "127.0.0.1", port);
    must(listen(listener, 5));
    *client = must(socket(AF_INET, SOCK_STREAM, 0));
    connect4(*client, "127.0.0.1", port);
    *server = must(accept(listener, NULL, NULL));
}

static void tcp_pair6(const char *host, int port, int scope, int *client, int *server)
{
    int listener = inet6(SOCK_STREAM, 0, host, port, scope);
    must(listen(listener, 128));
    *client = must(socket(AF_INET6, SOCK_STREAM, 0));
    connect6(*client, host, port, scope);
    *server = must(accept(listener, NULL, NULL));
}

void plant_tcp(void)
{
    int client, server;

    tcp_pair4(8001, &client, &server);
    put(client, "unread by the server");
    put(server, "unread by the client");
    must(setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int)));
    must(setsockopt(client, SOL_SOCKET, SO_KEEPALIVE, &(int){1}, sizeof(int)));
    must(setsockopt(client, IPPROTO_TCP, TCP_KEEPIDLE, &(int){600}, sizeof(int)));
    must(setsockopt(client, IPPROTO_TCP, TCP_KEEPINTVL, &(int){30}, sizeof(int)));
    must(setsockopt(client, IPPROTO_TCP, TCP_KEEPCNT, &(int){4}, sizeof(int)));

    /* Half closed: FIN_WAIT2 and CLOSE_WAIT. */
    tcp_pair4(8002, &client, &server);
    put(client, "last words");
    must(shutdown(client, SHUT_WR));

    /* Unsent: more than the other side takes. */
    tcp_pair4(8003, &client, &server);
    must(fcntl(client, F_SETFL, O_NONBLOCK));
    must(setsockopt(client, SOL_SOCKET, SO_SNDBUF, &(int){20000}, sizeof(int)));
    must(setsockopt(server, SOL_SOCKET, SO_RCVBUF, &(int){4096}, sizeof(int)));
    char block[1000];
    memset(block, 'u', sizeof block);
    for (int i = 0; i < 60; i++)
        if (write(client, block, sizeof block) == -1) break;

    tcp_pair6("::1", 8004, 0, &client, &server);
    put(client, "over IPv6");
    must(setsockopt(server, IPPROTO_TCP, TCP_CORK, &(int){1}, sizeof(int)));
    tcp_pair6("::ffff:127.0.0.1", 8005, 0, &client, &server);
    put(client, "v4-mapped");
    tcp_pair6("fe80::a", 8006, index_of(client, "nasty-a"), &client, &server);
    put(client, "link-local");

    int listener = inet6(SOCK_STREAM, 0, "::", 8007, 0);
    must(setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &(int){1}, sizeof(int)));
    must(listen(listener, 3));
    /* Bound, not listening; and neither. */
    inet4(SOCK_STREAM, 0, "127.0.0.1", 8008);
    must(socket(AF_INET6, SOCK_STREAM, 0));
    nanosleep(&(struct timespec){0, 300000000}, NULL);
}

/* ---- packet, netlink, tun ---------------------------------------------------------------- */

static int packet(int type, int protocol, const char *device)
{
    int fd = must(socket(AF_PACKET, type, htons(protocol)));
    struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(protocol)};
    if (device != NULL) {
        address.sll_ifindex = index_of(fd, device);
        must(bind(fd, (struct sockaddr *)&address, sizeof address));
    }
    return fd;
}

static int netlink(int protocol, unsigned port, unsigned groups)
{
    struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_pid = port, .nl_groups = groups};
    int fd = must(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol));
    must(bind(fd, (struct sockaddr *)&address, sizeof address));
    return fd;
}

static void tun(const char *name, short flags)
{
    struct ifreq request = {.ifr_flags = flags};
    strcpy(request.ifr_name, name);
    int fd = must(open("/dev/net/tun", O_RDWR | O_NONBLOCK));
    must(ioctl(fd, TUNSETIFF, &request));
    if ((flags & IFF_TUN) != 0) {
        must(ioctl(fd, TUNSETPERSIST, 1));
        must(ioctl(fd, TUNSETOWNER, 0));
    }
}

void plant_kernel_sockets(void)
{
    packet(SOCK_RAW, ETH_P_ARP, NULL);
    packet(SOCK_DGRAM, ETH_P_IP, "lo");
    int fd = packet(SOCK_RAW, ETH_P_ALL, "nasty-a");
    must(setsockopt(fd, SOL_PACKET, PACKET_VERSION, &(int){TPACKET_V2}, sizeof(int)));
    must(setsockopt(fd, SOL_PACKET, PACKET_RESERVE, &(int){16}, sizeof(int)));
    must(setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &(int){1}, sizeof(int)));
    struct packet_mreq member = {.mr_ifindex = index_of(fd, "nasty-a"), .mr_type = PACKET_MR_PROMISC};
    must(setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &member, sizeof member));
    struct tpacket_req ring = {.tp_block_size = 4096, .tp_block_nr = 4, .tp_frame_size = 2048,
                               .tp_frame_nr = 8};
    must(setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &ring, sizeof ring));
    void *mapped = mmap(AT(60), 4 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);
    must(mapped == MAP_FAILED ? -1 : 0);
    fd = packet(SOCK_RAW, ETH_P_IPV6, "nasty-a");
    must(setsockopt(fd, SOL_PACKET, PACKET_FANOUT,
                    &(int){(PACKET_FANOUT_CPU | PACKET_FANOUT_FLAG_DEFRAG) << 16 | 0x0abc}, sizeof(int)));

    tun("nasty-tun", IFF_TUN | IFF_NO_PI);
    tun("nasty-tap", IFF_TAP | IFF_VNET_HDR | IFF_MULTI_QUEUE);
    must(open("/dev/net/tun", O_RDWR));

    /* Last, so that nothing happens that they hear of. */
    netlink(NETLINK_ROUTE, 7001, RTMGRP_LINK | RTMGRP_IPV4_IFADDR);
    netlink(NETLINK_KOBJECT_UEVENT, 0, 1);
    netlink(NETLINK_SOCK_DIAG, 7002, 0);
    must(socket(AF_NETLINK, SOCK_DGRAM, NETLINK_GENERIC));
}
