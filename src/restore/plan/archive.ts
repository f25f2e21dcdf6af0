import { formatBytes } from "../../base/units.ts";
import {
  cannotTell,
  count,
  isPod,
  needsOf,
  no,
  type PlanRow,
  type PlanSubject,
  some,
  sources,
  yes,
} from "./row.ts";

const need = needsOf("archive", sources.criu);

/** What keeps an archive from coming back anywhere, and what depends on no place. */
export function archiveRows(subject: PlanSubject): PlanRow[] {
  return [
    imagesRow(subject),
    ...memoryRows(subject),
    ...objectRows(subject),
    ...ghostRows(subject),
    ...watchRows(subject),
    ...clockRows(subject),
  ];
}

/** Without images of processes there is nothing to restore. */
function imagesRow({ needs: { memory, machine } }: PlanSubject): PlanRow {
  const wanted = need("images", "the archive holds processes", "images of CRIU", {
    evidence: machine.architecture.evidence,
  });
  if (memory.processes === 0)
    return no(wanted, "none", "checkpoint again, or bring the whole archive");
  const processes = count(memory.processes, "process", "processes");
  return yes(wanted, `${processes}, ${count(memory.threads, "thread", "threads")}`);
}

function memoryRows({ needs: { memory } }: PlanSubject): PlanRow[] {
  const rows: PlanRow[] = [];
  const { parentBytes, hasParent, lazyBytes } = memory;
  if (parentBytes > 0) {
    const wanted = need("parent", "the dump before this one is there", formatBytes(parentBytes), {
      evidence: "page tables",
      source: "criu.org/Memory_changes_tracking",
    });
    const remedy = "keep the dumps before it beside it, as CRIU's parent link names them";
    rows.push(hasParent ? yes(wanted, "it was given") : no(wanted, "not in this archive", remedy));
  }
  if (lazyBytes > 0) {
    const wanted = need("lazy-pages", "all memory was dumped", "no pages left behind", {
      evidence: "page tables",
      source: "criu.org/Lazy_migration",
    });
    const remedy = "they are had only while the page server of the dump runs; checkpoint again";
    rows.push(no(wanted, `${formatBytes(lazyBytes)} left behind`, remedy));
  }
  return rows;
}

/** Things that CRIU cannot make again. */
function objectRows({ needs: { objects, network } }: PlanSubject): PlanRow[] {
  const rows: PlanRow[] = [];
  const add = (
    found: readonly { name: string; evidence: string }[],
    wanted: [id: string, what: string, needed: string, source: string],
    remedy: string,
  ): void => {
    const [first] = found;
    if (first === undefined) return;
    const [id, what, needed, source] = wanted;
    const names = some(found.map(({ name }) => name));
    rows.push(no(need(id, what, needed, { evidence: first.evidence, source }), names, remedy));
  };
  add(
    objects.ioUrings,
    ["io-uring", "no process has an io_uring", "none", "criu#2131"],
    "have the program do without (Node.js: UV_USE_IO_URING=0), and checkpoint again",
  );
  add(
    objects.memfdPrograms,
    ["memfd-program", "programs run from files", "no program in a memfd", sources.criu],
    "run the program from a file, and checkpoint again",
  );
  add(
    objects.unsupportedMounts,
    ["file-systems", "CRIU knows the container's own file systems", "none else", "podman#12574"],
    "mount it from outside, as a volume, and checkpoint again",
  );
  add(
    network.unsupported.map(({ what, local, evidence }) => ({
      name: `${what} at ${local ?? "no address"}`,
      evidence,
    })),
    ["protocols", "CRIU knows the protocols of sockets", "TCP, UDP, raw", "criu#2655"],
    "GODEBUG=multipathtcp=0 for Go programs, no ping; and checkpoint again",
  );
  add(
    network.external
      .filter(({ type }) => type !== "dgram")
      .map(({ name, evidence }) => ({ name: name ?? "a socket without a name", evidence })),
    ["unix-streams", "no unix stream leads out", "none", "criu.org/External_UNIX_socket"],
    "end the client, or unmount the socket, and checkpoint again",
  );
  return rows;
}

/** Deleted files are in the dump; links that CRIU made beside some have to be in the file system. */
function ghostRows({ needs: { objects } }: PlanSubject): PlanRow[] {
  const rows: PlanRow[] = [];
  const { ghosts, linkRemaps } = objects;
  if (ghosts[0] !== undefined) {
    const bytes = ghosts.reduce((sum, ghost) => sum + ghost.bytes, 0);
    const wanted = need("deleted-files", "deleted files in use are in the dump", "their content", {
      evidence: ghosts[0].evidence,
      source: "criu#491",
    });
    const found = `${count(ghosts.length, "file", "files")} of ${formatBytes(bytes)}`;
    rows.push(yes(wanted, found));
  }
  const lost = linkRemaps.filter(({ carried }) => !carried);
  if (linkRemaps[0] !== undefined) {
    const wanted = need("link-remap", "links that CRIU made are in the file system", "each", {
      evidence: linkRemaps[0].evidence,
      source: "CRIU: files-reg.c",
    });
    const names = some((lost.length > 0 ? lost : linkRemaps).map(({ name }) => name));
    rows.push(
      lost.length === 0
        ? yes(wanted, `${names} in rootfs-diff.tar`)
        : no(wanted, `${names} not in rootfs-diff.tar`, "the file has to be put there by hand"),
    );
  }
  return rows;
}

function watchRows({ needs: { objects } }: PlanSubject): PlanRow[] {
  const [watch] = objects.watches;
  if (watch === undefined) return [];
  const wanted = need("watches", "watched files are known by path", "force-irmap at the dump", {
    evidence: watch.evidence,
    source: "criu.org/Irmap",
  });
  return [
    cannotTell(
      wanted,
      "they are known by inode alone, which another copy of the image has otherwise",
      "restore on the node of the dump, or checkpoint again with force-irmap",
    ),
  ];
}

/** A clock that runs behind would live through the time of the dump again. */
function clockRows(subject: PlanSubject): PlanRow[] {
  const { value, evidence } = subject.needs.checkpointedAt;
  if (value === null) return [];
  const wanted = need("clock", "the clock is past the checkpoint", value, {
    topic: "node",
    evidence,
    required: false,
    source: isPod(subject) ? "the kubelet's and the API server's certificates" : sources.criu,
  });
  const time = Date.parse(value);
  if (Number.isNaN(time)) return [cannotTell(wanted, "that is no time")];
  const { target, now } = subject;
  if (target === undefined) return [cannotTell(wanted, "no place was named")];
  const renewed = Date.parse(target.api?.lease?.renewedAt ?? "");
  const clock = Number.isNaN(renewed) ? now : renewed;
  const found = new Date(clock).toISOString();
  if (clock >= time) return [yes(wanted, found)];
  return [no(wanted, found, "set the clock (chrony, ntp): one of the two nodes is wrong")];
}
