/** A line with which a phase begins. */
export interface Marker {
  /** How the message begins, as in CRIU's sources. */
  begin: string;
  /** How it ends, where the beginning alone does not tell. */
  end?: string;
  id: string;
  title: string;
  /** It is a part of the process that is under way, where one is. */
  part?: true;
}

/** Phases of dumps, in the order in which they come. */
export const dumpMarkers: readonly Marker[] = [
  { begin: "Dumping processes (pid:", id: "prepare", title: "preparations" },
  { begin: "Pre-dumping processes (pid:", id: "prepare", title: "preparations" },
  { begin: "Running pre-dump scripts", id: "pre-scripts", title: "scripts before" },
  { begin: "Preparing image inventory", id: "prepare", title: "preparations" },
  { begin: "freezing cgroup", id: "freeze", title: "freeze" },
  { begin: "freezing processes", id: "freeze", title: "freeze" },
  { begin: "SEIZE ", id: "freeze", title: "freeze" },
  { begin: "Seized task", id: "freeze", title: "freeze" },
  { begin: "Will take ", id: "find-namespaces", title: "namespaces found" },
  { begin: "net: Lock network", id: "lock-network", title: "network locked" },
  { begin: "mnt: Building mountpoints tree", id: "mounts", title: "mounts read" },
  { begin: "Collecting pidns", id: "sockets", title: "sockets collected" },
  { begin: "net: Collecting netns", id: "sockets", title: "sockets collected" },
  { begin: "Dumping task (pid:", id: "process", title: "process" },
  { begin: "Pre-dumping task (pid:", id: "process", title: "process" },
  { begin: "Collecting mappings (pid:", id: "mappings", title: "mappings", part: true },
  { begin: "Collecting fds (pid:", id: "descriptors", title: "descriptors", part: true },
  { begin: "Parasite syscall_ip", id: "infect", title: "parasite", part: true },
  { begin: "Dumping opened files (pid:", id: "files", title: "files", part: true },
  { begin: "Dumping pages (type:", id: "memory", title: "memory", part: true },
  { begin: "Dumping core for thread", id: "threads", title: "threads", part: true },
  { begin: "Dumping core (pid:", id: "state", title: "state", part: true },
  { begin: "Dumping mm (pid:", id: "state", title: "state", part: true },
  { begin: "mnt: Dumping mountpoints", id: "mounts", title: "mounts" },
  { begin: "Dumping file-locks", id: "locks", title: "file locks" },
  { begin: "Dumping pstree (pid:", id: "tree", title: "process tree" },
  { begin: "Dumping ", end: "'s namespaces", id: "namespaces", title: "namespaces" },
  { begin: "cg: Dumping ", end: " sets", id: "cgroups", title: "control groups" },
  { begin: "unix: Dumping external sockets", id: "finish", title: "inventory" },
  { begin: "Writing image inventory", id: "finish", title: "inventory" },
  { begin: "Running post-dump scripts", id: "post-scripts", title: "scripts after" },
  { begin: "net: Unlock network", id: "unlock-network", title: "network unlocked" },
  { begin: "Unfreezing tasks into", id: "unfreeze", title: "unfreeze" },
  { begin: "Writing stats", id: "statistics", title: "statistics" },
];

/** What processes of a restore do side by side is told for each; these are the whole's. */
export const restoreMarkers: readonly Marker[] = [
  { begin: "Reading image tree", id: "images", title: "images read" },
  { begin: "Running pre-restore scripts", id: "pre-scripts", title: "scripts before" },
  { begin: "mnt: Reading mountpoint images", id: "images", title: "images read" },
  { begin: "Forking task with", id: "processes", title: "processes" },
  {
    begin: "Running setup-namespaces scripts",
    id: "namespace-scripts",
    title: "namespace scripts",
  },
  { begin: "Wait until namespaces are created", id: "namespaces", title: "namespaces" },
  { begin: "Running post-restore scripts", id: "post-scripts", title: "scripts after" },
  { begin: "net: Unlock network", id: "unlock-network", title: "network unlocked" },
  { begin: "Run late stage hook", id: "late-hooks", title: "plugins" },
  {
    begin: "Running pre-resume scripts",
    id: "pre-resume-scripts",
    title: "scripts before resuming",
  },
  { begin: "Restore finished successfully", id: "resume", title: "resumed" },
  {
    begin: "Running post-resume scripts",
    id: "post-resume-scripts",
    title: "scripts after resuming",
  },
];

/** What a process of a restore begins with such a line of its own. */
export const restoreParts: readonly Marker[] = [
  { begin: "Restoring namespaces", id: "namespaces", title: "namespaces" },
  { begin: "mnt: Restoring mount namespace", id: "mounts", title: "mounts" },
  { begin: "Preparing info about shared resources", id: "prepare", title: "preparations" },
  { begin: "Opened local page read", id: "memory", title: "memory" },
  { begin: "Restore on-core sigactions", id: "state", title: "state" },
  { begin: "Restoring resources", id: "files", title: "files" },
  { begin: "Restore via sigreturn", id: "resume", title: "last steps" },
];

/** The first marker that a message is; they are asked for every line of a log. */
export function markerFinder(markers: readonly Marker[]): (message: string) => Marker | undefined {
  const byLetter = new Map<number, Marker[]>();
  for (const marker of markers) {
    const letter = marker.begin.charCodeAt(0);
    byLetter.set(letter, [...(byLetter.get(letter) ?? []), marker]);
  }
  return (message) =>
    byLetter
      .get(message.charCodeAt(0))
      ?.find(
        ({ begin, end }) =>
          message.startsWith(begin) && (end === undefined || message.endsWith(end)),
      );
}
