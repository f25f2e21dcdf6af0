/** What a file of a CRIU image folder is, told from its name alone. */
export interface ImageName {
  /** Type name as in the magic table (`CORE`), or a raw kind (`PAGES`). */
  type: string;
  /** The number in the name. */
  id?: number;
  /** What `id` counts. */
  idKind?: IdKind;
  /** Does the file begin with a CRIU magic? */
  framed: boolean;
}

type IdKind = "pid" | "pages" | "shmem" | "namespace" | "fdinfo" | "ghost" | "socket" | "device";

interface Stem {
  type: string;
  idKind?: IdKind;
  /** The name also stands without a number. */
  bare?: boolean;
  raw?: boolean;
}

const plain = (type: string): Stem => ({ type, bare: true });
const per = (idKind: IdKind, type: string): Stem => ({ type, idKind });
const raw = (idKind: IdKind, type: string): Stem => ({ type, idKind, raw: true });

/**
 * File names without number and ending, as in `criu/image-desc.c` of CRIU 4.2 and, for images
 * that older ones wrote, of CRIU 0.1 to 3.19. Raw images (page contents, dumps of `ip` and
 * `iptables`, tars) have no magic.
 */
const stems: Record<string, Stem> = {
  inventory: plain("INVENTORY"),
  pstree: plain("PSTREE"),
  core: per("pid", "CORE"),
  mm: per("pid", "MM"),
  pagemap: per("pid", "PAGEMAP"),
  "pagemap-shmem": per("shmem", "PAGEMAP"),
  pages: raw("pages", "PAGES"),
  "pages-shmem": raw("shmem", "PAGES"),
  ids: per("pid", "IDS"),
  fs: per("pid", "FS"),
  creds: per("pid", "CREDS"),
  vmas: per("pid", "VMAS"),
  sigacts: per("pid", "SIGACT"),
  itimers: per("pid", "ITIMERS"),
  "posix-timers": per("pid", "POSIX_TIMERS"),
  rlimit: per("pid", "RLIMIT"),
  "signal-s": per("pid", "SIGNAL"),
  "signal-p": per("pid", "SIGNAL"),
  fdinfo: per("fdinfo", "FDINFO"),
  files: plain("FILES"),
  "reg-files": plain("REG_FILES"),
  "ns-files": plain("NS_FILES"),
  "ext-files": plain("EXT_FILES"),
  eventfd: plain("EVENTFD_FILE"),
  eventpoll: plain("EVENTPOLL_FILE"),
  "eventpoll-tfd": plain("EVENTPOLL_TFD"),
  signalfd: plain("SIGNALFD"),
  timerfd: plain("TIMERFD"),
  pidfd: plain("PIDFD"),
  inotify: plain("INOTIFY_FILE"),
  "inotify-wd": plain("INOTIFY_WD"),
  fanotify: plain("FANOTIFY_FILE"),
  "fanotify-mark": plain("FANOTIFY_MARK"),
  pipes: plain("PIPES"),
  "pipes-data": plain("PIPES_DATA"),
  fifo: plain("FIFO"),
  "fifo-data": plain("FIFO_DATA"),
  unixsk: plain("UNIXSK"),
  inetsk: plain("INETSK"),
  packetsk: plain("PACKETSK"),
  netlinksk: plain("NETLINK_SK"),
  "sk-queues": plain("SK_QUEUES"),
  "tcp-stream": per("socket", "TCP_STREAM"),
  tunfile: plain("TUNFILE"),
  tty: plain("TTY_FILES"),
  "tty-info": plain("TTY_INFO"),
  "tty-data": plain("TTY_DATA"),
  filelocks: { type: "FILE_LOCKS", idKind: "pid", bare: true },
  "remap-fpath": plain("REMAP_FPATH"),
  "ghost-file": per("ghost", "GHOST_FILE"),
  memfd: plain("MEMFD_INODE"),
  "memfd-file": plain("MEMFD_FILE"),
  "bpfmap-file": plain("BPFMAP_FILE"),
  "bpfmap-data": plain("BPFMAP_DATA"),
  seccomp: plain("SECCOMP"),
  apparmor: plain("APPARMOR"),
  cgroup: plain("CGROUP"),
  cpuinfo: plain("CPUINFO"),
  "irmap-cache": plain("IRMAP_CACHE"),
  "stats-dump": plain("STATS"),
  "stats-restore": plain("STATS"),
  mountpoints: per("namespace", "MNTS"),
  utsns: per("namespace", "UTSNS"),
  "ipcns-var": per("namespace", "IPC_VAR"),
  "ipcns-shm": per("namespace", "IPCNS_SHM"),
  "ipcns-msg": per("namespace", "IPCNS_MSG"),
  "ipcns-sem": per("namespace", "IPCNS_SEM"),
  userns: per("namespace", "USERNS"),
  timens: per("namespace", "TIMENS"),
  pidns: per("namespace", "PIDNS"),
  netns: per("namespace", "NETNS"),
  netdev: per("namespace", "NETDEV"),
  autofs: per("namespace", "AUTOFS"),
  "binfmt-misc": { type: "BINFMT_MISC", idKind: "namespace", bare: true },
  ifaddr: raw("namespace", "IFADDR"),
  route: raw("namespace", "ROUTE"),
  route6: raw("namespace", "ROUTE6"),
  rule: raw("namespace", "RULE"),
  iptables: raw("namespace", "IPTABLES"),
  ip6tables: raw("namespace", "IP6TABLES"),
  nftables: raw("namespace", "NFTABLES"),
  "netns-ct": raw("namespace", "NETNF_CT"),
  "netns-exp": raw("namespace", "NETNF_EXP"),
  tmpfs: raw("namespace", "TMPFS_IMG"),
  "tmpfs-dev": raw("device", "TMPFS_DEV"),
};

/** These ids are written in hexadecimal. */
const hexadecimal = new Set<IdKind>(["socket", "ghost"]);
const ending = /(?:\.tar\.gz)?\.img$/;

/** Reads a file name without its folder; undefined where no CRIU gives such a name. */
export function parseImageName(name: string): ImageName | undefined {
  if (name === "descriptors.json") return { type: "DESCRIPTORS", framed: false };
  const base = name.replace(ending, "");
  // Statistics and the inode cache are written without an ending.
  if (base === name && !/^(stats|irmap)-/.test(name)) return undefined;
  const exact = Object.hasOwn(stems, base) ? stems[base] : undefined;
  return exact?.bare === true ? { type: exact.type, framed: true } : numbered(base);
}

function numbered(base: string): ImageName | undefined {
  const dash = base.lastIndexOf("-");
  const key = base.slice(0, dash);
  const stem = dash > 0 && Object.hasOwn(stems, key) ? stems[key] : undefined;
  if (stem?.idKind === undefined) return undefined;
  const digits = base.slice(dash + 1);
  const hex = hexadecimal.has(stem.idKind);
  if (!(hex ? /^[0-9a-f]{1,13}$/ : /^[0-9]{1,15}$/).test(digits)) return undefined;
  const id = Number.parseInt(digits, hex ? 16 : 10);
  return { type: stem.type, id, idKind: stem.idKind, framed: stem.raw !== true };
}
