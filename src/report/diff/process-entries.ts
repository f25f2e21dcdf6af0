import type { CheckpointDiff } from "../../audit/diff/checkpoint-diff.ts";
import type { ProcessChange, ProcessFacts } from "../../audit/diff/processes.ts";
import type { Arrow, DiffEntry } from "./entries.ts";
import { arrow, plural, setChange } from "./values.ts";

/** Processes that came or went: what they brought or took with them is told with them. */
export class Newcomers {
  readonly #known: ReadonlySet<string>;

  constructor({ processes }: Pick<CheckpointDiff, "processes">) {
    const moved = (processes ?? []).filter(({ change }) => change !== "changed");
    this.#known = new Set(moved.map(({ change, pid }) => `${change} ${pid}`));
  }

  has(change: string, pid: number | null): boolean {
    return this.#known.has(`${change} ${pid}`);
  }
}

export function processEntries(diff: CheckpointDiff): DiffEntry[] {
  const descriptors = countByProcess(diff.descriptors ?? []);
  const mappings = countByProcess(diff.memory?.mappings ?? []);
  return (diff.processes ?? []).map((change): DiffEntry => {
    const { pid, before, after } = change;
    const facts = (after ?? before) as ProcessFacts;
    if (change.change === "changed") {
      return { change: "changed", subject: `${pid} ${facts.comm ?? "?"}`, parts: changes(change) };
    }
    const key = `${change.change} ${pid}`;
    return {
      change: change.change,
      subject: `${pid} ${commandOf(facts)}`,
      parts: [
        `parent ${facts.ppid}`,
        ...(facts.uid === null ? [] : [`uid ${facts.uid[1]}`]),
        ...(facts.state === "alive" ? [] : [facts.state]),
        ...counted(descriptors.get(key), "descriptor"),
        ...counted(mappings.get(key), "mapping"),
      ],
    };
  });
}

function counted(count: number | undefined, what: string): string[] {
  return count === undefined ? [] : [plural(count, what)];
}

function countByProcess(
  changes: readonly { change: string; pid: number | null }[],
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { change, pid } of changes) {
    const key = `${change} ${pid}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function commandOf({ command, comm }: ProcessFacts): string {
  return command === null || command.length === 0 ? `[${comm ?? "?"}]` : command.join(" ");
}

const labels: Partial<Record<keyof ProcessFacts, string>> = {
  comm: "name",
  exitCode: "exit code",
  exitSignal: "exit signal",
  ppid: "parent",
  pgid: "process group",
  sid: "session",
  exe: "program",
  exeDeleted: "program deleted",
  cwd: "folder",
  uid: "uids",
  gid: "gids",
  effective: "effective",
  noNewPrivileges: "no new privileges",
  secureBits: "secure bits",
  lsmProfile: "LSM profile",
};
const sets: readonly string[] = [
  "groups",
  "effective",
  "permitted",
  "inheritable",
  "bounding",
  "ambient",
  "secureBits",
];

function changes({ before, after, fields }: ProcessChange): DiffEntry["parts"] {
  if (before === null || after === null) return [];
  return (fields as (keyof ProcessFacts)[]).flatMap((field) => {
    const label = labels[field] ?? field;
    const [old, now] = [before[field], after[field]];
    if (field === "threads") return threads(before.threads, after.threads);
    if (sets.includes(field)) {
      return setChange(label, old as string[] | null, now as string[] | null);
    }
    if (field === "uid" || field === "gid") return ids(field, before[field], after[field]);
    return arrow(label, old, now);
  });
}

function threads(before: readonly number[], after: readonly number[]): string {
  if (before.length === after.length) return setChange("threads", before, after);
  return `threads ${before.length} → ${after.length}`;
}

/** One number where all four roles have it, as nearly always. */
function ids(label: string, before: number[] | null, after: number[] | null): string | Arrow {
  const one = (set: number[] | null): unknown =>
    new Set(set).size === 1 ? set?.[0] : set?.join("/");
  return arrow(label, one(before), one(after));
}
