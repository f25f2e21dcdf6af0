// What is provoked, and the id of the known error that `explain` has to find. A case without
// `restore` fails when it is dumped; one with it is dumped well, changed, and fails to come back.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ip = (...words) => execFileSync("ip", words);

export const cases = [
  { name: "tcp", expect: "tcp-established" },
  { name: "in-flight", expect: "tcp-in-flight" },
  { name: "unix-stream", expect: "external-unix-socket" },
  { name: "unix-datagram", expect: "external-unix-socket" },
  { name: "locks", expect: "file-locks" },
  { name: "ghost", expect: "ghost-limit" },
  { name: "linked", expect: "link-remap" },
  { name: "io-uring", expect: "io-uring" },
  { name: "mptcp", expect: "mptcp-socket" },
  { name: "terminal", expect: "terminal-from-outside" },
  { name: "not-leader", expect: "terminal-from-outside" },
  { name: "traced", expect: "process-not-seizable" },
  { name: "lost-mount", expect: "mount-of-file-not-found", arguments: ["lost"] },
  { name: "device", expect: "device-open", arguments: ["/dev/loop-control", "/dev/fuse"] },
  {
    name: "inotify",
    expect: "inotify-handle",
    arguments: ["merged"],
    prepare: (work) => {
      for (const name of ["lower", "upper", "over", "merged"]) mkdirSync(join(work, name));
      const layers = "lowerdir=lower,upperdir=upper,workdir=over";
      execFileSync("mount", ["-t", "overlay", "overlay", "-o", layers, "merged"], { cwd: work });
    },
    clean: (work) => execFileSync("umount", ["-l", join(work, "merged")]),
  },
  {
    name: "tcp-network-lock",
    workload: "tcp",
    expect: "network-lock",
    dump: ["--tcp-established"],
    // Neither a shell nor iptables nor nft is there.
    environment: { PATH: "/nowhere" },
  },
  {
    name: "no-images",
    workload: "plain",
    expect: "no-images",
    restore: (work) => rmSync(join(work, "images"), { recursive: true }),
    remake: true,
  },
  {
    name: "file-missing",
    workload: "file",
    arguments: ["content"],
    expect: "file-missing",
    prepare: (work) => writeFileSync(join(work, "content"), "as it was"),
    restore: (work) => rmSync(join(work, "content")),
  },
  {
    name: "file-size",
    workload: "file",
    arguments: ["content"],
    expect: "file-changed",
    prepare: (work) => writeFileSync(join(work, "content"), "as it was"),
    restore: (work) => writeFileSync(join(work, "content"), "changed since"),
  },
  {
    name: "file-mode",
    workload: "file",
    arguments: ["content"],
    expect: "file-mode",
    prepare: (work) => writeFileSync(join(work, "content"), "as it was"),
    restore: (work) => chmodSync(join(work, "content"), 0o400),
  },
  {
    name: "pid-taken",
    workload: "plain",
    expect: "pid-taken",
    leaveRunning: true,
    restore: () => {},
  },
  {
    name: "port-in-use",
    workload: "bound",
    arguments: ["127.0.0.1", "4712"],
    expect: "port-in-use",
    restore: () => listening('s.setsockopt(1, 2, 0); s.bind(("127.0.0.1", 4712)); s.listen()'),
  },
  {
    name: "address-gone",
    workload: "bound",
    arguments: ["10.9.8.7", "4713"],
    expect: "address-not-available",
    prepare: () => ip("addr", "add", "10.9.8.7/32", "dev", "lo"),
    restore: () => void ip("addr", "del", "10.9.8.7/32", "dev", "lo"),
  },
  {
    name: "connection-without-option",
    workload: "tcp",
    expect: "tcp-in-image",
    dump: ["--tcp-established"],
    restore: () => {},
  },
  {
    name: "connection-without-address",
    workload: "connected-to",
    arguments: ["10.9.8.6", "4714"],
    expect: "address-not-available",
    dump: ["--tcp-established"],
    options: ["--tcp-established"],
    prepare: () => ip("addr", "add", "10.9.8.6/32", "dev", "lo"),
    restore: () => void ip("addr", "del", "10.9.8.6/32", "dev", "lo"),
  },
  {
    name: "closed-without-option",
    workload: "tcp",
    expect: "tcp-close-needed",
    dump: ["--tcp-close"],
    restore: () => {},
  },
  {
    name: "unix-peer-gone",
    workload: "unix-datagram",
    expect: "unix-socket-peer",
    dump: ["--ext-unix-sk"],
    options: ["--ext-unix-sk"],
    restore: (work) => rmSync(join(work, "outside.sock")),
  },
  {
    name: "magic",
    workload: "plain",
    expect: "image-damaged",
    restore: (work) => writeFileSync(join(work, "images/pstree.img"), "no image at all"),
  },
  {
    name: "image-cut",
    workload: "plain",
    expect: "image-damaged",
    restore: (work) => truncateSync(join(work, "images/files.img"), 30),
  },
  {
    name: "pages-cut",
    workload: "memory",
    expect: "pages-cut",
    restore: (work) => truncateSync(join(work, "images/pages-1.img"), 8192),
  },
  {
    name: "file-entries-gone",
    workload: "plain",
    expect: "images-mixed",
    restore: (work) => {
      const path = join(work, "images/files.img");
      const bytes = readFileSync(path);
      // Two magics, and three entries with their lengths before them; the others are gone.
      let end = 8;
      for (let entry = 0; entry < 3; entry += 1) end += 4 + bytes.readUInt32LE(end);
      truncateSync(path, end);
    },
  },
];

/** A process that listens, until the end of all cases. */
function listening(code) {
  const child = spawn(
    "python3",
    [
      "-c",
      `import socket, time\ns = socket.socket()\n${code}\nprint(1, flush=True)\ntime.sleep(60)`,
    ],
    { stdio: ["ignore", "pipe", "ignore"] },
  );
  return new Promise((resolve) => child.stdout.once("data", () => resolve(() => child.kill())));
}
