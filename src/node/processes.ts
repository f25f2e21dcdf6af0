import { basename } from "node:path/posix";
import type { Found, Host } from "./host.ts";

/** A process of the host whose program is one that we look for. */
export interface HostProcess {
  pid: number;
  /** Program and arguments. */
  words: string[];
  /** The program's file, where the kernel may tell. */
  path: string | null;
  /** Does it see other files than we, as in a container? Null where that cannot be told. */
  elsewhere: boolean | null;
}

const wanted: Readonly<Record<string, string>> = {
  kubelet: "kubelet",
  containerd: "containerd",
  crio: "crio",
  "k3s-server": "k3s",
  "k3s-agent": "k3s",
  k3s: "k3s",
};

/** Processes by the name of their program: kubelet, containerd, crio, k3s. Sorted by pid. */
export function findProcesses(host: Host): Found<Map<string, HostProcess[]>> {
  const listed = host.list("/proc");
  if (listed.state !== "found") return listed;
  const found = new Map<string, HostProcess[]>();
  const pids = listed.value.map(({ name }) => name).filter((name) => /^\d{1,7}$/.test(name));
  for (const pid of pids.map(Number).sort((a, b) => a - b)) {
    const process = readProcess(host, pid);
    if (process === undefined) continue;
    const [name, entry] = process;
    found.set(name, [...(found.get(name) ?? []), entry]);
  }
  return { ...listed, value: found };
}

function readProcess(host: Host, pid: number): [string, HostProcess] | undefined {
  const read = host.read(`/proc/${pid}/cmdline`);
  if (read.state !== "found" || read.value.length === 0) return undefined;
  let words = Buffer.from(read.value).toString("utf8").replace(/\0+$/, "").split("\0");
  // Programs that set their own title leave one word with blanks.
  if (words.length === 1) words = (words[0] as string).trim().split(/ +/);
  const name = basename(words[0] as string);
  const program = name === "hyperkube" && words[1] === "kubelet" ? "kubelet" : wanted[name];
  if (program === undefined || (name === "k3s" && !/^(?:server|agent)$/.test(words[1] ?? ""))) {
    return undefined;
  }
  return [program, { pid, words, path: exeOf(host, pid), elsewhere: isElsewhere(host, pid) }];
}

function exeOf(host: Host, pid: number): string | null {
  const link = host.link(`/proc/${pid}/exe`);
  return link.state === "found" ? link.value.replace(/ \(deleted\)$/, "") : null;
}

function isElsewhere(host: Host, pid: number): boolean | null {
  const theirs = host.link(`/proc/${pid}/ns/mnt`);
  const ours = host.link("/proc/self/ns/mnt");
  if (theirs.state !== "found" || ours.state !== "found") return null;
  return theirs.value !== ours.value;
}
