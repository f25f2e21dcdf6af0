import { hex } from "../../base/u64.ts";

/** Flags by name, as Linux's headers call them. What has no name is kept as one `0x…`. */
type FlagTable = readonly (readonly [name: string, bits: number])[];

export function flagNames(value: number, table: FlagTable): string[] {
  let rest = value >>> 0;
  const names: string[] = [];
  for (const [name, bits] of table) {
    if ((rest & bits) >>> 0 !== bits >>> 0) continue;
    names.push(name);
    rest = (rest & ~bits) >>> 0;
  }
  if (rest !== 0) names.push(hex(rest));
  return names;
}

const openCommon: FlagTable = [
  ["O_CREAT", 0o100],
  ["O_EXCL", 0o200],
  ["O_NOCTTY", 0o400],
  ["O_TRUNC", 0o1000],
  ["O_APPEND", 0o2000],
  ["O_NONBLOCK", 0o4000],
  ["O_SYNC", 0o4010000],
  ["O_DSYNC", 0o10000],
  ["O_ASYNC", 0o20000],
  ["O_NOATIME", 0o1000000],
  ["O_CLOEXEC", 0o2000000],
  ["O_PATH", 0o10000000],
];

// The one place where open flags differ between the architectures that CRIU knows.
const openGeneric: FlagTable = [
  ["O_TMPFILE", 0o20200000],
  ["O_DIRECT", 0o40000],
  ["O_LARGEFILE", 0o100000],
  ["O_DIRECTORY", 0o200000],
  ["O_NOFOLLOW", 0o400000],
];
const openArm: FlagTable = [
  ["O_TMPFILE", 0o20040000],
  ["O_DIRECTORY", 0o40000],
  ["O_NOFOLLOW", 0o100000],
  ["O_DIRECT", 0o200000],
  ["O_LARGEFILE", 0o400000],
];

const accessModes = ["O_RDONLY", "O_WRONLY", "O_RDWR"];

/**
 * Flags of `open(2)`, the access mode first.
 * @param architecture as core images name it (`X86_64`, `AARCH64`); ARM and POWER number some
 *   flags in another way.
 */
export function openFlags(value: number, architecture?: string): string[] {
  const own = /^(aarch64|arm|ppc64)/i.test(architecture ?? "") ? openArm : openGeneric;
  const access = accessModes[value & 3] ?? "O_ACCMODE";
  return [access, ...flagNames(value & ~3, [...own, ...openCommon])];
}

/** `r`, `w` or `rw`, as `lsof` shows it. */
export function accessOf(value: number): "r" | "w" | "rw" {
  const mode = value & 3;
  return mode === 0 ? "r" : mode === 1 ? "w" : "rw";
}

/** Flags of `mount(2)`, as `mountpoints` images hold them. */
export const mountFlags: FlagTable = [
  ["MS_RDONLY", 1],
  ["MS_NOSUID", 2],
  ["MS_NODEV", 4],
  ["MS_NOEXEC", 8],
  ["MS_SYNCHRONOUS", 16],
  ["MS_REMOUNT", 32],
  ["MS_MANDLOCK", 64],
  ["MS_DIRSYNC", 128],
  ["MS_NOSYMFOLLOW", 256],
  ["MS_NOATIME", 1024],
  ["MS_NODIRATIME", 2048],
  ["MS_BIND", 4096],
  ["MS_MOVE", 8192],
  ["MS_REC", 16384],
  ["MS_SILENT", 32768],
  ["MS_POSIXACL", 1 << 16],
  ["MS_UNBINDABLE", 1 << 17],
  ["MS_PRIVATE", 1 << 18],
  ["MS_SLAVE", 1 << 19],
  ["MS_SHARED", 1 << 20],
  ["MS_RELATIME", 1 << 21],
  ["MS_KERNMOUNT", 1 << 22],
  ["MS_I_VERSION", 1 << 23],
  ["MS_STRICTATIME", 1 << 24],
  ["MS_LAZYTIME", 1 << 25],
];

export const sealFlags: FlagTable = [
  ["F_SEAL_SEAL", 1],
  ["F_SEAL_SHRINK", 2],
  ["F_SEAL_GROW", 4],
  ["F_SEAL_WRITE", 8],
  ["F_SEAL_FUTURE_WRITE", 16],
  ["F_SEAL_EXEC", 32],
];

export const epollFlags: FlagTable = [
  ["EPOLLIN", 0x1],
  ["EPOLLPRI", 0x2],
  ["EPOLLOUT", 0x4],
  ["EPOLLERR", 0x8],
  ["EPOLLHUP", 0x10],
  ["EPOLLRDNORM", 0x40],
  ["EPOLLRDBAND", 0x80],
  ["EPOLLWRNORM", 0x100],
  ["EPOLLWRBAND", 0x200],
  ["EPOLLMSG", 0x400],
  ["EPOLLRDHUP", 0x2000],
  ["EPOLLEXCLUSIVE", 1 << 28],
  ["EPOLLWAKEUP", 1 << 29],
  ["EPOLLONESHOT", 1 << 30],
  ["EPOLLET", 0x80000000],
];

export const inotifyFlags: FlagTable = [
  ["IN_ACCESS", 0x1],
  ["IN_MODIFY", 0x2],
  ["IN_ATTRIB", 0x4],
  ["IN_CLOSE_WRITE", 0x8],
  ["IN_CLOSE_NOWRITE", 0x10],
  ["IN_OPEN", 0x20],
  ["IN_MOVED_FROM", 0x40],
  ["IN_MOVED_TO", 0x80],
  ["IN_CREATE", 0x100],
  ["IN_DELETE", 0x200],
  ["IN_DELETE_SELF", 0x400],
  ["IN_MOVE_SELF", 0x800],
  ["IN_UNMOUNT", 0x2000],
  ["IN_Q_OVERFLOW", 0x4000],
  ["IN_IGNORED", 0x8000],
  ["IN_ONLYDIR", 0x1000000],
  ["IN_DONT_FOLLOW", 0x2000000],
  ["IN_EXCL_UNLINK", 0x4000000],
  ["IN_MASK_ADD", 0x20000000],
  ["IN_ISDIR", 0x40000000],
  ["IN_ONESHOT", 0x80000000],
];

export const fanotifyFlags: FlagTable = [
  ["FAN_ACCESS", 0x1],
  ["FAN_MODIFY", 0x2],
  ["FAN_ATTRIB", 0x4],
  ["FAN_CLOSE_WRITE", 0x8],
  ["FAN_CLOSE_NOWRITE", 0x10],
  ["FAN_OPEN", 0x20],
  ["FAN_MOVED_FROM", 0x40],
  ["FAN_MOVED_TO", 0x80],
  ["FAN_CREATE", 0x100],
  ["FAN_DELETE", 0x200],
  ["FAN_DELETE_SELF", 0x400],
  ["FAN_MOVE_SELF", 0x800],
  ["FAN_OPEN_EXEC", 0x1000],
  ["FAN_Q_OVERFLOW", 0x4000],
  ["FAN_OPEN_PERM", 0x10000],
  ["FAN_ACCESS_PERM", 0x20000],
  ["FAN_OPEN_EXEC_PERM", 0x40000],
  ["FAN_EVENT_ON_CHILD", 0x8000000],
  ["FAN_RENAME", 0x10000000],
  ["FAN_ONDIR", 0x40000000],
];
