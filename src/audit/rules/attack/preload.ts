import { changePlace, type Rootfs, readRootfs } from "../../../checkpoint/needs/rootfs.ts";
import { placeOf, readTasks, type Task } from "../../../checkpoint/needs/tasks.ts";
import type { Variable } from "../../../criu/process/environment.ts";
import { openFolder } from "../../facts/folders.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Variables that make the loader take libraries along. */
const loading = new Set(["LD_PRELOAD", "LD_AUDIT"]);

/** Libraries that are forced on programs. */
export const preload: Rule = {
  id: "attack/preload",
  title: "Library is forced on programs",
  severity: "high",
  looksAt:
    "LD_PRELOAD, LD_AUDIT and LD_LIBRARY_PATH in the environment of every process, /etc/ld.so.preload in rootfs-diff.tar",
  why: "A preloaded library sees and changes all that a program does: so passwords are read and processes are hidden. From a folder that anybody may write to, anybody may exchange it.",
  remedy:
    "Save the library: `cryoscope extract ARCHIVE 'rootfs-diff.tar!**'`. If the image does not set the variable, find out who did.",
  references: ["https://attack.mitre.org/techniques/T1574/006/"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const rootfs = await readRootfs(subject);
    const file = "/etc/ld.so.preload";
    if (rootfs.find(file) !== undefined) {
      yield {
        message: `the container wrote ${file}: every program that starts takes what it names along`,
        key: file,
        places: [changePlace(file)],
      };
    }
    const reader = await subject.checkpoint.processReader();
    for (const task of await readTasks(subject)) {
      const environment = (await reader?.environment(task.process)) ?? [];
      yield* inEnvironment(subject, task, environment, rootfs);
    }
  },
};

function* inEnvironment(
  subject: Subject,
  task: Task,
  environment: readonly Variable[],
  rootfs: Rootfs,
): Generator<Sighting> {
  for (const { name, value } of environment) {
    const searched = name === "LD_LIBRARY_PATH";
    if (value === null || (!searched && !loading.has(name))) continue;
    // Parts are told apart by colons, those of LD_PRELOAD by spaces too.
    for (const path of value.slice(0, longestValue).split(searched ? ":" : /[: ]/)) {
      const why = fault(path, rootfs);
      // Folders that are searched are worth a word only where something is wrong with them.
      if (path === "" || (searched && why === undefined)) continue;
      yield sighting(subject, task, { name, path, why });
    }
  }
}

function sighting(
  subject: Subject,
  task: Task,
  { name, path, why }: { name: string; path: string; why: string | undefined },
): Sighting {
  const grave = name === "LD_LIBRARY_PATH" ? "medium" : "high";
  return {
    message: `${task.name} has ${path} in ${name}${why === undefined ? "" : `, which ${why}`}`,
    key: `${name} ${path}`,
    severity: why === undefined ? "info" : grave,
    places: [{ ...placeOf(subject, task, "mm"), path }],
    facts: { variable: name, path },
  };
}

/** More is no list of libraries. */
const longestValue = 4096;

function fault(path: string, rootfs: Rootfs): string | undefined {
  if (!path.startsWith("/")) return path.includes("/") ? "is no absolute path" : undefined;
  const folder = openFolder(path);
  if (folder !== undefined) return `lies in ${folder}, where anybody may write`;
  if (rootfs.find(path)?.type === "file") return "the container wrote or changed itself";
  return undefined;
}
