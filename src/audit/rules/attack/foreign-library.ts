import { type Rootfs, readRootfs } from "../../../checkpoint/needs/rootfs.ts";
import { absolutePath } from "../../../checkpoint/needs/tasks.ts";
import {
  compiles,
  type ExecutableMapping,
  mappingPlace,
  readExecutableMappings,
} from "../../facts/executable-memory.ts";
import { openFolder } from "../../facts/folders.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Libraries that did not come with the image. */
export const foreignLibrary: Rule = {
  id: "attack/foreign-library",
  title: "Library is not the image's",
  severity: "high",
  looksAt:
    "files that are mapped to be run, beside the program: deleted, in open folders, in rootfs-diff.tar",
  why: "A library that was deleted while it is in use, or lies where anybody may write, was loaded by whoever put it there. Java and .NET programs unpack their native libraries so.",
  remedy:
    "Save it for analysis: `cryoscope extract ARCHIVE --deleted`, and find out which package it belongs to.",
  references: ["https://attack.mitre.org/techniques/T1574/006/"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const rootfs = await readRootfs(subject);
    for (const found of await readExecutableMappings(subject)) {
      const sighting = judge(subject, found, rootfs);
      if (sighting !== undefined) yield sighting;
    }
  },
};

function judge(subject: Subject, found: ExecutableMapping, rootfs: Rootfs): Sighting | undefined {
  const { kind, file, task } = found;
  if (kind !== "file" || file?.path === undefined) return undefined;
  if (file.id === task.executable?.fileId) return undefined;
  const path = absolutePath(file.path);
  const why = fault(path, file.deleted !== undefined, rootfs);
  if (why === undefined) return undefined;
  return {
    message: `${task.name} has code from ${path}, which ${why}`,
    key: path,
    severity: compiles(task) === undefined ? "high" : "medium",
    places: [{ ...mappingPlace(subject, found), path }],
    facts: { library: path, program: task.program ?? "" },
  };
}

function fault(path: string, deleted: boolean, rootfs: Rootfs): string | undefined {
  if (deleted) return "was deleted";
  const folder = openFolder(path);
  if (folder !== undefined) return `lies in ${folder}, where anybody may write`;
  return rootfs.find(path) === undefined
    ? undefined
    : "the container wrote or changed after it had started";
}
