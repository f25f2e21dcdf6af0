import { hex } from "../base/u64.ts";
import { formatCount } from "../base/units.ts";
import type { ProcessDocument } from "../checkpoint/process-document.ts";
import { renderVariable } from "./environment-view.ts";
import { processCommand, processMemory, processState } from "./process-list-view.ts";
import { renderRegisters } from "./register-view.ts";
import { renderRights } from "./rights-view.ts";
import { indent, narrower, renderSections } from "./sections.ts";
import { renderSignals, renderTimers } from "./signal-view.ts";
import { renderFields, renderTable, type TableOptions } from "./table.ts";
import { renderThreads } from "./thread-view.ts";

/** Renders one process in full. Registers of every thread only with `-o wide`. */
export function renderProcess(it: ProcessDocument, options: TableOptions): string {
  return renderSections(
    [
      { title: "Process", body: renderIdentity(it, options) },
      { title: "Rights", body: renderRights(it, options) },
      { title: "Namespaces", body: renderNamespaces(it, options) },
      { title: "Control groups", body: renderCgroups(it, options) },
      { title: "Limits", body: renderLimits(it, options) },
      { title: "Signals", body: renderSignals(it, options) },
      { title: "Timers", body: renderTimers(it, options) },
      { title: "Threads", body: renderThreads(it, options) },
      { title: "Registers", body: options.wide ? renderRegisters(it, options) : "" },
      { title: "Environment", body: renderEnvironment(it) },
    ],
    it.problems,
    options,
  );
}

type Path = ProcessDocument["executable"];

function renderIdentity(it: ProcessDocument, options: TableOptions): string {
  const lines: [string, string | null][] = [
    ["Pid", `${it.pid}`],
    ["Name", it.comm],
    ["Parent", it.ppid === 0 ? null : `${it.ppid}`],
    ["Group", `${it.pgid}`],
    ["Session", `${it.sid}`],
    ["State", it.stopSignal === null ? processState(it) : `${it.state} (${it.stopSignal})`],
    ["Command", it.command === null ? null : processCommand(it)],
    ["Program", pathText(it.executable)],
    ["Folder", pathText(it.workingFolder)],
    ["Root", pathText(it.root)],
    ["Umask", it.umask],
    ["Memory", processMemory(it)],
    ["Architecture", it.architecture],
    // What every process has says nothing.
    ["Personality", it.personality ? personality(it.personality, it) : null],
    ["Dumpable", it.dumpable === null ? null : (dumpable[it.dumpable] ?? `${it.dumpable}`)],
    ["OOM score", it.oomScoreAdj ? `adjusted by ${it.oomScoreAdj}` : null],
    ["Huge pages", it.hugePagesDisabled === true ? "disabled" : null],
    ["Subreaper", it.childSubreaper === true ? "yes" : null],
    ["Login uid", it.loginUid === null ? null : `${it.loginUid}`],
  ];
  return renderFields(present(lines), options);
}

/** The number, and the names of its flags. */
export function personality(value: number, { personalityFlags }: ProcessDocument): string {
  const names = personalityFlags.filter((name) => !name.startsWith("0x"));
  return [hex(value), ...names].join(" ");
}

/** `PR_GET_DUMPABLE` in words. */
export const dumpable: Record<number, string> = { 0: "no", 1: "yes", 2: "by root alone" };

function pathText(path: Path): string | null {
  if (path === null) return null;
  return path.deleted ? `${path.path} (deleted)` : path.path;
}

function renderNamespaces({ namespaces }: ProcessDocument, options: TableOptions): string {
  return renderFields(
    namespaces.map(({ type, id, host }) => [type, host === true ? `${id} (the host's)` : `${id}`]),
    options,
  );
}

function renderCgroups({ cgroups }: ProcessDocument, options: TableOptions): string {
  if (cgroups === null) return "";
  if (cgroups.groups === null) return renderFields([["Set", `${cgroups.id}`]], options);
  // cgroup v1 has a dozen hierarchies, in most of which a container has the same path.
  const byPath = new Map<string, string[]>();
  for (const { controller, path } of cgroups.groups) {
    const names = byPath.get(path) ?? [];
    names.push(controller === "" ? "unified" : controller);
    byPath.set(path, names);
  }
  return indent(
    renderTable(
      [...byPath],
      [
        { title: "CONTROLLERS", cell: ([, names]) => names.join(","), flexible: true },
        { title: "PATH", cell: ([path]) => path, flexible: "middle" },
      ],
      narrower(options),
    ),
  );
}

function renderLimits({ limits }: ProcessDocument, options: TableOptions): string {
  if (limits.length === 0) return "";
  return indent(
    renderTable(
      limits,
      [
        { title: "LIMIT", cell: ({ name }) => name.replace(/^RLIMIT_/, "") },
        { title: "SOFT", align: "right", cell: ({ soft }) => limitText(soft) },
        { title: "HARD", align: "right", cell: ({ hard }) => limitText(hard) },
      ],
      narrower(options),
    ),
  );
}

export function limitText(value: ProcessDocument["limits"][number]["soft"]): string {
  return value === "unlimited" ? value : formatCount(value);
}

function renderEnvironment({ environment }: ProcessDocument): string {
  return (environment ?? []).map((variable) => `  ${renderVariable(variable)}\n`).join("");
}

/** Fields that are there. */
function present(lines: readonly (readonly [string, string | null])[]): [string, string][] {
  return lines.filter((line): line is [string, string] => line[1] !== null);
}
