import type { ProcessDocument } from "../../../checkpoint/process-document.ts";
import { processCommand, processMemory, processState } from "../../../report/process-list-view.ts";
import { dumpable, personality } from "../../../report/process-view.ts";
import { idText, seccompText } from "../../../report/rights-view.ts";
import { beside, type Field, fieldSection } from "../../view/fields.ts";
import type { Line } from "../../view/line.ts";
import { documentTab } from "./document-tab.ts";

type Process = ProcessDocument;

function overview(it: Process, columns: number): Line[] {
  return [
    ...beside(
      (room) => fieldSection("Process", identity(it), room),
      (room) => [
        ...fieldSection("Program", program(it), room),
        ...fieldSection("Rights", rights(it), room),
      ],
      columns,
    ),
    ...fieldSection("Capabilities", capabilities(it), columns),
    ...beside(
      (room) => fieldSection("Namespaces", namespaces(it), room),
      (room) => [
        ...fieldSection("Control groups", cgroups(it), room),
        ...fieldSection("Sharing, by number", shared(it), room),
      ],
      columns,
    ),
  ];
}

function identity(it: Process): Field[] {
  const { threads, stopSignal, oomScoreAdj } = it;
  return [
    ["pid", `${it.pid}`],
    ["name", it.comm],
    ["parent", it.ppid === 0 ? "none in the container" : `${it.ppid}`],
    ["group", `${it.pgid}`],
    ["session", it.sid === it.pid ? `${it.sid}, which it leads` : `${it.sid}`],
    ["state", stopSignal === null ? processState(it) : `${it.state} (${stopSignal})`],
    ["threads", threads.length === 0 ? null : `${threads.length}`],
    ["memory", processMemory(it)],
    ["architecture", it.architecture],
    [
      "personality",
      it.personality === null || it.personality === 0 ? null : personality(it.personality, it),
    ],
    ["dumpable", it.dumpable === null ? null : (dumpable[it.dumpable] ?? `${it.dumpable}`)],
    ["OOM score", oomScoreAdj === null || oomScoreAdj === 0 ? null : `adjusted by ${oomScoreAdj}`],
    ["subreaper", it.childSubreaper === true ? "yes" : null],
    ["login uid", it.loginUid === null ? null : `${it.loginUid}`],
  ];
}

function program(it: Process): Field[] {
  const path = (file: Process["executable"]): string | null =>
    file === null ? null : file.deleted ? `${file.path}  ! deleted` : file.path;
  return [
    ["command", it.command === null ? null : processCommand(it)],
    ["executable", path(it.executable), it.executable?.deleted === true ? "warning" : "plain"],
    ["folder", path(it.workingFolder)],
    ["root", path(it.root)],
    ["umask", it.umask],
  ];
}

function rights({ credentials: it, seccomp }: Process): Field[] {
  const privileges = it?.noNewPrivileges ?? null;
  return [
    ["uid", it === null ? null : idText(it.uid)],
    ["gid", it === null ? null : idText(it.gid)],
    ["groups", it === null || it.groups.length === 0 ? null : it.groups.join(", ")],
    ["no new privileges", privileges === null ? null : privileges ? "yes" : "no"],
    ["seccomp", seccomp === null ? null : seccompText(seccomp)],
    ["secure bits", it === null || it.secureBits.length === 0 ? null : it.secureBits.join(", ")],
    ["LSM profile", it?.lsmProfile ?? null],
    ["LSM of sockets", it?.lsmSocketLabel ?? null],
  ];
}

/** Sets by the names of their capabilities; one like the effective set is not listed again. */
function capabilities({ credentials }: Process): Field[] {
  if (credentials === null) return [];
  const { effective, permitted, inheritable, bounding, ambient } = credentials.capabilities;
  const names = (set: readonly string[]): string =>
    set.length === 0 ? "none" : set.map((name) => name.replace(/^CAP_/, "")).join(" ");
  const like = (set: readonly string[]): string =>
    set.length > 0 && names(set) === names(effective) ? "as effective" : names(set);
  return [
    ["effective", names(effective)],
    ["permitted", like(permitted)],
    ["inheritable", like(inheritable)],
    ["bounding", like(bounding)],
    ["ambient", ambient === null ? null : like(ambient)],
  ];
}

function namespaces(it: Process): Field[] {
  return it.namespaces.map(({ type, id, host }) => [
    type,
    host === true ? `${id}  ! the host's` : `${id}`,
    host === true ? "warning" : "plain",
  ]);
}

function cgroups({ cgroups: it }: Process): Field[] {
  if (it === null) return [];
  if (it.groups === null) return [["set", `${it.id}, which the dump does not describe`]];
  // cgroup v1 has a dozen hierarchies, in most of which a container has the same path.
  const byPath = new Map<string, string[]>();
  for (const { controller, path } of it.groups) {
    const names = byPath.get(path) ?? [];
    byPath.set(path, names);
    names.push(controller === "" ? "unified" : controller);
  }
  return [...byPath].flatMap(([path, names]): Field[] => [
    ["path", path],
    ["of", names.join(", ")],
  ]);
}

function shared({ sharedObjects: it }: Process): Field[] {
  if (it === null) return [];
  // Processes with the same number have the thing itself in common.
  return [
    ["memory", `${it.memory}`],
    ["files", `${it.files}`],
    ["file system", `${it.fileSystem}`],
    ["signal handlers", `${it.signalHandlers}`],
  ];
}

export const overviewTab = documentTab({ name: "overview", title: "Overview", lines: overview });
