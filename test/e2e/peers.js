// Runs on a node with crit and checkpointctl: takes apart what they show of every sample, fact by
// fact, and looks for each in what we show. Where a peer fails (crit and checkpointctl 1.3 stop at
// a zombie), what it showed before counts. Ends with "N passed, N failed".
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "peers-"));
let passed = 0;
let failed = 0;

function check(archive, peer, fact, known) {
  if (known) passed += 1;
  else {
    failed += 1;
    console.log(`FAILED ${archive}: ${peer} shows ${fact}, we do not`);
  }
}

function ours(archive, ...words) {
  const [verb, ...rest] = words;
  const args = [
    join(root, "bin/cryoscope.cjs"),
    ...verb.split(" "),
    archive,
    ...rest,
    "-o",
    "json",
  ];
  return JSON.parse(execFileSync(process.execPath, args, { maxBuffer: 1 << 28 }).toString());
}

/** What a peer printed, whatever became of it after. */
function peer(command, ...args) {
  return spawnSync(command, args, { maxBuffer: 1 << 28 }).stdout?.toString() ?? "";
}

/** crit's listings: a pid on a line of its own, then what belongs to it, indented. */
function* byPid(text) {
  let pid = 0;
  for (const line of text.split("\n")) {
    if (/^\d+$/.test(line)) pid = Number(line);
    else if (line.trim() !== "") yield { pid, line: line.trim() };
  }
}

function compareCrit(archive, path, images) {
  const processes = ours(path, "ps").items;
  for (const line of peer("crit", "x", images, "ps").split("\n").slice(1)) {
    const [pid, pgid, sid, comm] = line.trim().split(/\s+/);
    if (comm === undefined) continue;
    const found = processes.find((process) => process.pid === Number(pid));
    const same = found?.pgid === Number(pgid) && found?.sid === Number(sid) && found?.comm === comm;
    check(archive, "crit ps", line.trim(), same);
  }
  const { items: memories } = ours(path, "memory ls");
  for (const { pid, line } of byPid(peer("crit", "x", images, "mems"))) {
    const match = /^([0-9a-f]+)-([0-9a-f]+)\s+([rwx-]{3})/.exec(line);
    if (match === null) continue;
    const [start, end] = match
      .slice(1, 3)
      .map((address) => `0x${BigInt(`0x${address}`).toString(16)}`);
    const mapping = memories
      .find((memory) => memory.pid === pid)
      ?.mappings.find((entry) => entry.start === start && entry.end === end);
    const path1 = /\s(\/\S+)/.exec(line)?.[1];
    const same =
      mapping?.permissions.startsWith(match[3]) && (path1 === undefined || mapping.name === path1);
    check(archive, "crit mems", `pid ${pid} ${line}`, same === true);
  }
  compareFiles(
    archive,
    "crit fds",
    path,
    [...byPid(peer("crit", "x", images, "fds"))].map(({ pid, line }) => {
      const [, fd, what] = /^(\w+): (.*)$/.exec(line) ?? [];
      return { pid, fd, what };
    }),
  );
}

/** Descriptors by number, and paths and pipe numbers by name; types that a peer invents are not. */
function compareFiles(archive, name, path, facts) {
  const table = execFileSync(process.execPath, [
    join(root, "bin/cryoscope.cjs"),
    "files",
    path,
    "-o",
    "wide",
    "--no-headers",
  ]).toString();
  const lines = table.split("\n").map((line) => line.trim().split(/\s{2,}/));
  for (const { pid, fd, what } of facts) {
    if (fd === undefined) continue;
    const line = lines.find((cells) => Number(cells[0]) === pid && cells[1] === fd);
    const text = line?.join(" ") ?? "";
    const pipe = /^pipe\[(\d+)\]$/.exec(what)?.[1];
    const plainPath = /^\/\S*$/.test(what) ? what : undefined;
    const known =
      line !== undefined &&
      (pipe === undefined || text.includes(`pipe:[${pipe}]`)) &&
      (plainPath === undefined || text.includes(plainPath));
    check(archive, name, `pid ${pid} ${fd}: ${what}`, known);
  }
}

function compareCheckpointctl(archive, path) {
  const flags = ["--ps-tree-cmd", "--ps-tree-env", "--files", "--sockets", "--mounts", "--stats"];
  let shown;
  try {
    [shown] = JSON.parse(peer("checkpointctl", "inspect", "--format", "json", ...flags, path));
  } catch {
    console.log(`${archive}: checkpointctl inspect shows nothing`);
    return;
  }
  const document = ours(path, "inspect");
  check(archive, "checkpointctl", `image ${shown.image}`, document.container.image === shown.image);
  check(archive, "checkpointctl", `id ${shown.id}`, document.container.id === shown.id);
  check(
    archive,
    "checkpointctl",
    `runtime ${shown.runtime}`,
    document.runtime.ociRuntime === shown.runtime,
  );
  const statistics = document.criu.dumpStatistics;
  const named = {
    freezing_time: "freezingTime",
    frozen_time: "frozenTime",
    memdump_time: "memdumpTime",
    memwrite_time: "memwriteTime",
    pages_scanned: "pagesScanned",
    pages_written: "pagesWritten",
  };
  for (const [key, value] of Object.entries(shown.statistics ?? {})) {
    check(archive, "checkpointctl", `${key} ${value}`, statistics[named[key]] === value);
  }
  const visit = (node) => {
    if (node === undefined) return;
    const found = document.processes.find(({ pid }) => pid === node.pid);
    check(
      archive,
      "checkpointctl",
      `process ${node.pid} ${node.command}`,
      found?.comm === node.command,
    );
    for (const child of node.children ?? []) visit(child);
  };
  visit(shown.process_tree);
  for (const mount of shown.mounts ?? []) {
    const found = document.mounts.some((entry) => entry.destination === mount.destination);
    check(archive, "checkpointctl", `mount ${mount.destination}`, found);
  }
  const facts = (shown.file_descriptors ?? []).flatMap(({ pid, open_files }) =>
    open_files.map(({ fd, path: what }) => ({ pid, fd: fd.split(" ").at(-1), what })),
  );
  compareFiles(archive, "checkpointctl files", path, facts);
  const sockets = JSON.stringify(ours(path, "sockets"));
  for (const { open_sockets } of shown.sockets ?? []) {
    for (const { protocol, data } of open_sockets ?? []) {
      const port = data?.src_port ?? data?.source_port;
      const known =
        port === undefined || sockets.includes(`"port":${port}`) || sockets.includes(`:${port}`);
      check(archive, "checkpointctl sockets", `${protocol} ${JSON.stringify(data)}`, known);
    }
  }
}

try {
  for (const engine of ["crio", "containerd", "podman"]) {
    const folder = join(root, "samples", engine);
    for (const name of readdirSync(folder).filter((entry) => /\.tar(\.\w+)?$/.test(entry))) {
      const path = join(scratch, basename(name));
      copyFileSync(join(folder, name), path);
      chmodSync(path, 0o600);
      const unpacked = join(scratch, "unpacked");
      mkdirSync(unpacked);
      execFileSync("tar", ["-xf", path, "-C", unpacked]);
      compareCrit(name, path, join(unpacked, "checkpoint"));
      compareCheckpointctl(name, path);
      rmSync(unpacked, { recursive: true });
    }
  }
} finally {
  rmSync(scratch, { recursive: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
