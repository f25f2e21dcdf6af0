import type { OpenFile } from "./open-file.ts";
import type { Socket } from "./socket.ts";

/** A name for people, after the manner of /proc/PID/fd. Foreign text: not sanitised. */
export function nameOf(file: Omit<OpenFile, "name">): string {
  const { details, path, kind } = file;
  if (details.socket !== undefined) return socketName(details.socket);
  if (details.pipe !== undefined && kind === "pipe") return `pipe:[${details.pipe.pipeId}]`;
  if (details.terminal !== undefined && path !== undefined) {
    const { end, index } = details.terminal;
    return end === "master" ? `${path} (master of ${index ?? "?"})` : path;
  }
  if (details.memfd !== undefined) return `memfd:${details.memfd.name}`;
  if (details.pidfd !== undefined) return `pidfd of ${details.pidfd.pid}`;
  if (details.namespace !== undefined) return `${details.namespace.type}:[${details.namespace.id}]`;
  if (details.tun !== undefined) return `tun ${details.tun.device ?? ""}`.trimEnd();
  if (details.bpfMap !== undefined) return `bpf-map ${details.bpfMap.name}`.trimEnd();
  return path ?? kind;
}

function socketName({ family, type, protocol, local, remote, inode }: Socket): string {
  const inet = family === "inet" || family === "inet6";
  const words = [family === "unix" ? `unix ${type}` : inet ? (protocol ?? family) : family];
  words.push(local ?? (inode === undefined ? "" : `socket:[${inode}]`));
  if (remote !== undefined) words.push(`-> ${remote}`);
  return words.filter((word) => word !== "").join(" ");
}
