import { basename } from "node:path/posix";
import { maskCommand } from "../base/mask.ts";
import type { UnitFacts } from "./facts.ts";
import type { Host } from "./host.ts";
import {
  expandCommand,
  listValues,
  parseEnvironmentFile,
  parseSpan,
  parseUnit,
  splitWords,
  type UnitLine,
} from "./unit-file.ts";

/** Folders of units, the first wins (systemd.unit(5)). */
const folders = [
  "/etc/systemd/system",
  "/run/systemd/system",
  "/usr/local/lib/systemd/system",
  "/usr/lib/systemd/system",
  "/lib/systemd/system",
];

/** A service as systemd would start it. `words` is its command line, unmasked. */
export interface Unit {
  facts: UnitFacts;
  words: string[];
}

/** A unit with its drop-ins and environment files, or undefined where there is no such unit. */
export function readUnit(host: Host, name: string): Unit | undefined {
  const files: string[] = [];
  const lines: UnitLine[] = [];
  const main = folders.map((folder) => `${folder}/${name}`).find((path) => isThere(host, path));
  if (main === undefined || isMasked(host, main)) return undefined;
  for (const path of [main, ...dropIns(host, name)]) {
    const read = host.text(path);
    if (read.state !== "found") continue;
    files.push(path);
    lines.push(...parseUnit(read.value));
  }
  const environmentFiles: UnitFacts["environmentFiles"] = [];
  const variables = environment(host, lines, environmentFiles);
  const command = listValues(lines, "Service", "ExecStart").at(-1) ?? "";
  const words = expandCommand(command, variables);
  const watchdog = lines.findLast(
    ({ section, key }) => section === "Service" && key === "WatchdogSec",
  )?.value;
  return {
    words,
    facts: {
      name,
      files,
      environmentFiles,
      command: maskCommand(words),
      watchdogMs: watchdog === undefined ? null : (parseSpan(watchdog) ?? null),
    },
  };
}

function isThere(host: Host, path: string): boolean {
  return host.stat(path).state === "found" || host.link(path).state === "found";
}

/** A unit that is a link to /dev/null is switched off. */
function isMasked(host: Host, path: string): boolean {
  const link = host.link(path);
  return link.state === "found" && link.value === "/dev/null";
}

/** Drop-ins by name: of files of one name the one in the first folder counts. */
function dropIns(host: Host, name: string): string[] {
  const byName = new Map<string, string>();
  for (const folder of folders) {
    for (const below of [`${name}.d`, "service.d"]) {
      const listed = host.list(`${folder}/${below}`);
      if (listed.state !== "found") continue;
      for (const entry of listed.value) {
        const path = `${folder}/${below}/${entry.name}`;
        if (entry.name.endsWith(".conf") && !byName.has(entry.name)) byName.set(entry.name, path);
      }
    }
  }
  return [...byName.values()]
    .sort((a, b) => (basename(a) < basename(b) ? -1 : 1))
    .filter((path) => !isMasked(host, path));
}

/** Variables of `Environment=`, and over them those of the environment files. */
function environment(
  host: Host,
  lines: readonly UnitLine[],
  files: UnitFacts["environmentFiles"],
): Map<string, string> {
  const variables = new Map<string, string>();
  for (const value of listValues(lines, "Service", "Environment")) {
    for (const word of splitWords(value)) {
      const at = word.indexOf("=");
      if (at > 0) variables.set(word.slice(0, at), word.slice(at + 1));
    }
  }
  for (const value of listValues(lines, "Service", "EnvironmentFile")) {
    const path = value.replace(/^-/, "");
    const read = host.text(path);
    files.push({ path, state: read.state === "found" ? "read" : read.state });
    if (read.state !== "found") continue;
    for (const [key, text] of parseEnvironmentFile(read.value)) variables.set(key, text);
  }
  return variables;
}
