import type { CheckpointDiff } from "../../audit/diff/checkpoint-diff.ts";
import { type DiffEntry, partText } from "../../report/diff/entries.ts";
import { fileEntries } from "../../report/diff/file-entries.ts";
import { memoryEntries } from "../../report/diff/memory-entries.ts";
import { Newcomers, processEntries } from "../../report/diff/process-entries.ts";
import {
  descriptorEntries,
  findingEntries,
  mountEntries,
  namedEntries,
  socketEntries,
  variableEntries,
} from "../../report/diff/section-entries.ts";
import type { DiffRow } from "../state/audit-rows.ts";

/** Where a difference can be looked at. */
interface Seen {
  pid?: number | null;
  address?: bigint;
}

/** Differences as the command line tells them, one a row, with where each can be looked at. */
export function diffRows(diff: CheckpointDiff): DiffRow[] {
  const newcomers = new Newcomers(diff);
  const rows: DiffRow[] = [];
  const add = (section: string, entries: readonly DiffEntry[], seen: Seen = {}): void => {
    for (const { change, word, subject, parts } of entries) {
      const { pid = null, address = null } = seen;
      const told = {
        section,
        change,
        word: word ?? words[change],
        subject,
        parts: parts.map(partText),
      };
      rows.push({ ...told, pid, address });
    }
  };
  add("container", namedEntries(diff.container ?? []));
  add("image", namedEntries(diff.image ?? []));
  add("runtime", namedEntries(diff.runtime ?? []));
  for (const [at, entry] of processEntries(diff).entries()) {
    add("processes", [entry], { pid: diff.processes?.[at]?.pid ?? null });
  }
  add("environment", variableEntries(diff.environment ?? [], newcomers));
  for (const it of diff.descriptors ?? []) {
    add("descriptors", descriptorEntries([it], newcomers), { pid: it.pid });
  }
  add("sockets", socketEntries(diff.sockets ?? []));
  add("mounts", mountEntries(diff.mounts ?? []));
  for (const it of diff.memory?.mappings ?? []) {
    const address = BigInt((it.after ?? it.before)?.start ?? it.start);
    add("memory", memoryEntries([it], newcomers), { pid: it.pid, address });
  }
  add("files", fileEntries(diff.files ?? []));
  add("findings", findingEntries(diff.findings ?? []));
  return rows;
}

const words = { came: "new", went: "gone", changed: "changed" } as const;
