import { describe, expect, it } from "vitest";
import { openNasty, waiting } from "../support/nasty.ts";

// What samples/nasty plants among sockets, and /proc/PID/net said of it before the dump.
describe.each(["sockets", "sockets-3.17"])("sockets of the dump %s", async (name) => {
  const { list, sockets, at, socketAt } = await openNasty(name);

  it("are told without a problem", () => {
    expect(sockets.items.length).toBe(65);
    for (const { problems } of [list, sockets]) {
      expect(problems.filter(({ code }) => !code.startsWith("permissions-"))).toEqual([]);
    }
  });

  it.each([
    [3, "udp", "unconnected", "0.0.0.0:5300", null],
    [4, "udp", "established", "127.0.0.1:5301", "127.0.0.1:5300"],
    [5, "udp", "unconnected", "127.0.0.1:5302", null],
    [7, "udplite", "established", "127.0.0.1:5303", "127.0.0.1:5304"],
    [8, "icmp", "unconnected", "127.0.0.1", null],
    [9, "raw", "unconnected", "0.0.0.0", null],
    [10, "udp", "unconnected", "[::]:5310", null],
    [11, "udp", "established", "[::1]:5311", "[::1]:5310"],
    [12, "udp", "unconnected", "[::ffff:127.0.0.1]:5312", null],
    [13, "udp", "established", "[::ffff:127.0.0.1]:5313", "[::ffff:127.0.0.1]:5312"],
    [14, "udplite", "unconnected", "[::1]:5314", null],
    [17, "udp", "unconnected", "[fe80::a%nasty-a]:5315", null],
    [18, "icmpv6", "unconnected", "[::1]", null],
  ])("of IP have addresses: descriptor %d", (fd, protocol, state, local, remote) => {
    expect(socketAt(1, fd)).toMatchObject({ protocol, state, local, remote });
  });

  it("have options", () => {
    expect(socketAt(1, 5).options).toMatchObject({
      so_broadcast: true,
      so_bindtodevice: "lo",
      so_mark: 0xbeef,
    });
    expect(socketAt(1, 15).options).toHaveProperty("ipv6_v6only");
  });

  it("of TCP have what waits at both ends", () => {
    const [client, server] = tcp(8001);
    expect(client?.state).toBe("established");
    expect(waiting(client as never)).toEqual(["unread by the client"]);
    expect(waiting(server as never)).toEqual(["unread by the server"]);
    expect(client?.options).toMatchObject({ so_keepalive: true, tcp_nodelay: true });
    for (const [port, said] of [
      [8004, "over IPv6"],
      [8005, "v4-mapped"],
      [8006, "link-local"],
    ] as const) {
      expect(waiting(tcp(port)[1] as never)).toEqual([said]);
    }
  });

  it("of TCP may be closed by half, and full", () => {
    const [closing, left] = tcp(8002);
    expect(closing).toMatchObject({ state: "fin-wait-2", shutdown: "write" });
    expect(left).toMatchObject({ state: "close-wait", shutdown: "read" });
    expect(waiting(left as never)).toEqual(["last words"]);
    const [sender, receiver] = tcp(8003);
    const sent = [receiver, sender].flatMap((end) => waiting(end as never)).join("");
    expect(sent).toMatch(/^u{20000,}$/);
    expect(sender?.unsentBytes).toBeGreaterThan(0);
  });

  /** The ends of a connection: who connected, and who accepted. */
  function tcp(port: number) {
    const ends = sockets.items.filter(({ protocol, remote }) => protocol === "tcp" && remote);
    const at = (address: string | null) => address?.endsWith(`:${port}`) === true;
    const [client] = ends.filter(({ remote }) => at(remote));
    const [server] = ends.filter(({ local }) => at(local));
    expect(client?.peerFileId).toBe(server?.fileId);
    return [client, server];
  }

  it("of unix hold bytes and packets, with their borders", () => {
    expect(waiting(socketAt(1, 20))).toEqual(["stream bytes in two writes"]);
    expect(waiting(socketAt(1, 19))).toEqual(["and back"]);
    expect(waiting(socketAt(1, 24))).toEqual(["sequenced one", "sequenced two"]);
    expect(socketAt(1, 19)).toMatchObject({ shutdown: "read", peerHolder: { pid: 1, fd: 20 } });
    expect(socketAt(1, 20)).toMatchObject({ shutdown: "write" });
  });

  it("carry files that nobody has open any more", () => {
    const packet = socketAt(1, 26).queues[0]?.chunks[0];
    expect(packet?.rights.length).toBe(2);
    const sent = list.items.filter(({ uses }) => uses.some(({ as }) => as === "in-flight"));
    expect(sent.map(({ id }) => id).sort()).toEqual([...(packet?.rights ?? [])].sort());
    expect(sent.map(({ holders }) => holders)).toEqual([[], []]);
    expect(sent.map(({ path }) => path)).toContain("/tmp/passed");
    expect(sent.flatMap(waiting)).toEqual(["in a pipe under way"]);
  });

  it("of unix have names of any bytes, deleted ones too", () => {
    const names = sockets.items.filter(({ family }) => family === "unix").map(({ local }) => local);
    expect(names).toEqual(
      expect.arrayContaining([
        "/tmp/listen.sock",
        "@abstract\0with\u001b[1m\udcff\0",
        "/tmp/odd \u001b[7m\n.sock",
      ]),
    );
    const deleted = sockets.items.find(({ local }) => local === "/tmp/unlinked.sock");
    expect(deleted?.deleted).toBe(true);
  });

  it("of unix may wait to be accepted", () => {
    const listener = sockets.items.find(
      ({ local, state }) => local === "/tmp/pending.sock" && state === "listen",
    );
    expect(listener?.backlog).toBe(5);
    const clients = sockets.items.filter(({ remote }) => remote === "/tmp/pending.sock");
    expect(clients.length).toBe(2);
  });

  it("of packets tell what they listen to", () => {
    const packets = sockets.items.filter(({ family }) => family === "packet");
    expect(packets.map(({ local, type }) => `${type} ${local}`)).toEqual([
      "raw arp:*",
      "dgram ip:lo",
      "raw all:nasty-a",
      "raw ipv6:nasty-a",
    ]);
    expect(packets[2]?.options).toMatchObject({
      packet_version: "TPACKET_V2",
      packet_reserve: 16,
      packet_auxdata: true,
      packet_membership: "promiscuous@nasty-a",
      packet_rx_ring: "4x4096",
    });
    expect(packets[3]?.options).toMatchObject({ packet_fanout: "cpu:0xabc" });
    const ring = list.items.find(
      ({ id, kind }) => kind === "packet-socket" && id === packets[2]?.fileId,
    );
    expect(ring?.uses).toEqual([{ pid: 1, as: "map" }]);
  });

  it("of netlink have groups; one that was never bound is unconnected", () => {
    const netlink = sockets.items.filter(({ family }) => family === "netlink");
    expect(netlink.map(({ local, state }) => `${local} ${state}`)).toEqual([
      "route:7001 unconnected",
      "kobject-uevent:1 unconnected",
      "sock-diag:7002 unconnected",
      "generic:0 unconnected",
    ]);
    expect(netlink[0]?.options).toMatchObject({ netlink_groups: "1,5" });
  });

  it("stand beside tunnels", () => {
    const tunnels = list.items.filter(({ kind }) => kind === "tun").map(({ tun }) => tun?.device);
    expect(tunnels).toEqual(["nasty-tun", "nasty-tap", null]);
    expect(at(1, 0).path).toBe("/dev/null");
  });
});
