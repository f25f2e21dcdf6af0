import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { maskVariable } from "../../checkpoint/environment-list.ts";
import { noteParentPages } from "../../checkpoint/parent-note.ts";
import { type Change, compareLists, type Item, inOrder } from "./change.ts";
import { type Pairing, pidKey, type Side } from "./pairing.ts";

interface VariableId {
  /** Processes in which the same happened to it. */
  pids: number[];
  name: string;
}

interface VariableFacts {
  /** Masked unless revealed: a mask says nothing of the value, not even whether it changed. */
  value: string | null;
}

export type VariableChange = Change<VariableId, VariableFacts>;

type OneId = { pid: number; name: string };

/** Variables of processes whose environment is known on both sides, or that came or went. */
async function variables(
  checkpoint: Checkpoint,
  other: Checkpoint,
  side: Side,
  pairing: Pairing,
): Promise<Item<OneId, VariableFacts>[]> {
  const items: Item<OneId, VariableFacts>[] = [];
  const reader = await checkpoint.processReader();
  const processes = await checkpoint.processes();
  noteParentPages(checkpoint, processes, "env");
  const otherReader = await other.processReader();
  const others = new Map((await other.processes()).map((process) => [process.pid, process]));
  for (const process of processes) {
    const { pid } = process;
    if (pairing.pid !== undefined && pid !== pairing.pid) continue;
    const counterpart = pairing.reused.has(pid) ? undefined : others.get(pid);
    const unknown =
      counterpart !== undefined && (await otherReader?.environment(counterpart)) === undefined;
    if (unknown) continue;
    for (const { name, value } of (await reader?.environment(process)) ?? []) {
      const key = `${pidKey(pairing, side, pid)} ${name}`;
      items.push({ key, id: { pid, name }, facts: { value } });
    }
  }
  return items;
}

export async function compareEnvironments(pairing: Pairing): Promise<VariableChange[]> {
  const { before, after, reveal } = pairing;
  const changes = compareLists(
    await variables(before, after, "before", pairing),
    await variables(after, before, "after", pairing),
    { order: (a, b) => inOrder(a.pid, b.pid) },
  );
  // Children have what their parents have: a change that is the same in all is told once.
  const groups = new Map<string, VariableChange>();
  for (const { pid, name, ...change } of changes) {
    const key = JSON.stringify([name, change.change, change.before?.value, change.after?.value]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { pids: [pid], name, ...change });
    else if (known.pids.at(-1) !== pid) known.pids.push(pid);
  }
  return [...groups.values()]
    .sort((a, b) => inOrder(a.name, b.name) || inOrder(a.pids[0] ?? 0, b.pids[0] ?? 0))
    .map((change) => (reveal ? change : masked(change)));
}

function masked(change: VariableChange): VariableChange {
  const hide = (facts: VariableFacts | null): { name: string; value: string | null } | null =>
    facts === null ? null : maskVariable({ name: change.name, value: facts.value }, {});
  const [before, after] = [hide(change.before), hide(change.after)];
  return {
    ...change,
    name: (after ?? before)?.name ?? change.name,
    before: before === null ? null : { value: before.value },
    after: after === null ? null : { value: after.value },
  };
}
