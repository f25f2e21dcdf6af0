import type { DescriptorChange, DescriptorFacts } from "../../audit/diff/descriptors.ts";
import type { VariableChange } from "../../audit/diff/environment.ts";
import type { FindingChange } from "../../audit/diff/findings.ts";
import type { NamedChange } from "../../audit/diff/identity.ts";
import type { MountChange, MountFacts } from "../../audit/diff/mounts.ts";
import type { SocketChange, SocketFacts } from "../../audit/diff/sockets.ts";
import { formatBytes } from "../../base/units.ts";
import { shortFlags } from "../mount-view.ts";
import { protocol } from "../socket-view.ts";
import type { Arrow, DiffEntry } from "./entries.ts";
import type { Newcomers } from "./process-entries.ts";
import { arrow, setChange } from "./values.ts";

const names: Readonly<Record<string, string>> = {
  podUid: "pod UID",
  createdAt: "created",
  restoredAt: "restored at",
  image: "name",
  imageRef: "reference",
  imageId: "id",
  ociRuntime: "OCI runtime",
  imageVersion: "CRIU's image version",
  lsm: "LSM",
  pageSize: "page size",
};

export function namedEntries(changes: readonly NamedChange[]): DiffEntry[] {
  return changes.map(({ name, before, after }) => ({
    change: "changed",
    subject: names[name] ?? name,
    parts: [arrow("", before?.value, after?.value)],
  }));
}

export function variableEntries(
  changes: readonly VariableChange[],
  newcomers: Newcomers,
): DiffEntry[] {
  return changes.flatMap(({ change, pids, name, before, after }): DiffEntry[] => {
    const told = pids.filter((pid) => !newcomers.has(change, pid));
    if (told.length === 0) return [];
    const value = (after ?? before)?.value ?? null;
    const whose = told.length > 8 ? `${told.length} processes` : `pid ${told.join(" ")}`;
    const parts = change === "changed" ? [arrow("", before?.value, after?.value)] : [];
    const subject = change === "changed" || value === null ? name : `${name}=${value}`;
    return [{ change, subject, parts: [...parts, whose] }];
  });
}

const descriptorLabels: Partial<Record<keyof DescriptorFacts, string>> = {
  closeOnExec: "close on exec",
};

export function descriptorEntries(
  changes: readonly DescriptorChange[],
  newcomers: Newcomers,
): DiffEntry[] {
  return changes.flatMap((entry): DiffEntry[] => {
    const { change, pid, fd, before, after, fields } = entry;
    if (newcomers.has(change, pid)) return [];
    const facts = (after ?? before) as DescriptorFacts;
    const parts = fields.map((field) => {
      const key = field as keyof DescriptorFacts;
      const label = descriptorLabels[key] ?? key;
      const [old, now] = [before?.[key], after?.[key]];
      if (key === "name") return `was ${old}`;
      if (key === "flags") return setChange(label, before?.flags ?? [], after?.flags ?? []);
      return key === "sizeBytes" ? sizes("size", old, now) : arrow(label, old, now);
    });
    if (change !== "changed" && facts.access !== null) parts.push(facts.access);
    if (change !== "changed" && facts.deleted) parts.push("deleted");
    return [{ change, subject: `${pid}/${fd} ${facts.name}`, parts }];
  });
}

function sizes(label: string, before: unknown, after: unknown): string | Arrow {
  const text = (value: unknown): string | null =>
    typeof value === "number" ? formatBytes(value) : null;
  const [old, now] = [text(before), text(after)];
  // What is rounded to the same is told by the byte.
  return old === now ? arrow(label, before, after) : arrow(label, old, now);
}

export function socketEntries(changes: readonly SocketChange[]): DiffEntry[] {
  return changes.map((entry): DiffEntry => {
    const { change, before, after, fields, local, remote } = entry;
    const facts = (after ?? before) as SocketFacts;
    const ends = [local ?? "unnamed", ...(remote === null ? [] : [remote])].join(" – ");
    const parts = fields.map((field) => {
      const key = field as keyof SocketFacts;
      const [old, now] = [before?.[key], after?.[key]];
      if (key === "holders") {
        return setChange("held by", before?.holders ?? [], after?.holders ?? []);
      }
      if (key === "receivedBytes") return sizes("waiting to be read", old, now);
      return key === "unsentBytes" ? sizes("waiting to be sent", old, now) : arrow(key, old, now);
    });
    if (change !== "changed")
      parts.push(facts.state, `held by ${facts.holders.join(" ") || "none"}`);
    return { change, subject: `${protocol(entry)} ${ends}`, parts };
  });
}

const mountLabels: Partial<Record<keyof MountFacts, string>> = {
  fstype: "type",
  externalKey: "outside",
  specType: "type asked for",
  specSource: "source asked for",
  specOptions: "options asked for",
};

export function mountEntries(changes: readonly MountChange[]): DiffEntry[] {
  return changes.map(({ change, mountpoint, before, after, fields }): DiffEntry => {
    const facts = (after ?? before) as MountFacts;
    const subject = mountpoint;
    if (change !== "changed") {
      const source = facts.source ?? facts.specSource;
      const parts = [
        facts.fstype ?? facts.specType ?? "",
        source === null ? "" : `of ${source}`,
        facts.flags.length === 0 ? "" : shortFlags(facts.flags),
      ];
      return { change, subject, parts: parts.filter((part) => part !== "") };
    }
    const parts = fields.map((field) => {
      const key = field as keyof MountFacts;
      const label = mountLabels[key] ?? key;
      if (key === "flags") {
        return setChange(label, flagWords(before), flagWords(after));
      }
      if (key === "options") {
        const list = (facts: MountFacts | null): string[] =>
          facts?.options?.split(",").filter((word) => word !== "") ?? [];
        return setChange(label, list(before), list(after));
      }
      if (key === "specOptions") {
        return setChange(label, before?.specOptions ?? [], after?.specOptions ?? []);
      }
      return arrow(label, before?.[key], after?.[key]);
    });
    return { change, subject, parts };
  });
}

function flagWords(facts: MountFacts | null): string[] {
  return shortFlags(facts?.flags ?? []).split(",");
}

export function findingEntries(changes: readonly FindingChange[]): DiffEntry[] {
  return changes.map(({ change, severity, ruleId, message }) => ({
    change,
    subject: `${severity} ${ruleId}`,
    parts: [message],
  }));
}
