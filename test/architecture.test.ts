import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const src = fileURLToPath(new URL("../src", import.meta.url));

/** Rooms that another program may use, below both front ends. */
const library = [
  "base",
  "remote",
  "archive",
  "criu",
  "runtime",
  "checkpoint",
  "memory",
  "audit",
  "diagnose",
  "kubelet",
  "node",
  "restore",
];

/**
 * What each room may import. Folders are layers, and arrows point one way; ARCHITECTURE.md says
 * why. A room that is not here does not exist yet: add it with its arrows.
 */
const rooms: Record<string, readonly string[]> = {
  base: [],
  remote: ["base"],
  archive: ["base", "remote"],
  criu: ["base"],
  runtime: ["base"],
  checkpoint: ["base", "archive", "criu", "runtime"],
  memory: ["base", "archive", "criu", "runtime", "checkpoint"],
  audit: ["base", "archive", "criu", "runtime", "checkpoint", "memory"],
  diagnose: ["base"],
  kubelet: ["base", "diagnose"],
  node: ["base", "kubelet"],
  restore: ["base", "remote", "archive", "criu", "runtime", "checkpoint", "diagnose", "node"],
  // Types only, which the second test sees to.
  report: [
    "base",
    "archive",
    "criu",
    "runtime",
    "checkpoint",
    "memory",
    "audit",
    "diagnose",
    "kubelet",
    "node",
    "restore",
  ],
  tui: [...library, "report"],
  cli: [...library, "report", "tui"],
};

/** Packages, and the rooms that may know them. */
const fences: Record<string, readonly string[]> = {
  "tar-stream": ["restore"],
  "zstddec/stream": ["archive"],
  "protobufjs/minimal.js": ["criu"],
  commander: ["cli"],
  ink: ["tui"],
  react: ["tui"],
  picomatch: ["cli"],
  yaml: ["report", "audit", "kubelet"],
  "@kubernetes/client-node/dist/config.js": ["kubelet"],
  "smol-toml": ["node"],
  re2js: ["audit"],
  sarif: ["report"],
};

interface Import {
  /** Path of the importing file below src. */
  from: string;
  room: string;
  target: string;
  typeOnly: boolean;
  late: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(src, file), "utf8");
  const room = file.includes("/") ? (file.split("/")[0] as string) : "";
  const found: Import[] = [];
  const statement = /^(?:import|export) (type )?[^;]*? ?from "([^"]+)"|^import "([^"]+)"/gm;
  for (const [, type, from, bare] of text.matchAll(statement)) {
    const target = (from ?? bare) as string;
    found.push({ from: file, room, target, typeOnly: type !== undefined, late: false });
  }
  for (const [, target] of text.matchAll(/\bimport\("([^"]+)"\)/g)) {
    found.push({ from: file, room, target: target as string, typeOnly: false, late: true });
  }
  return found;
}

const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter(
  (name) =>
    // AssemblyScript is another language in the same clothes.
    /\.tsx?$/.test(name) && !name.includes("/assembly/"),
);
const imports = files.flatMap(importsOf);
const ours = imports.filter(({ target }) => target.startsWith("."));
const packages = imports.filter(
  ({ target }) => !target.startsWith(".") && !target.startsWith("node:"),
);

function roomOf({ from, target }: Import): string {
  const path = relative(src, join(src, dirname(from), target));
  return path.includes("/") ? (path.split("/")[0] as string) : "";
}

describe("rooms", () => {
  it("sees the imports that it judges", () => {
    expect(files.length).toBeGreaterThan(60);
    expect(ours.length).toBeGreaterThan(200);
    expect(packages.length).toBeGreaterThan(5);
  });

  it("are all in the table", () => {
    const found = new Set(
      files.filter((name) => name.includes("/")).map((name) => name.split("/")[0]),
    );
    expect([...found].sort()).toEqual(Object.keys(rooms).sort());
  });

  it("import only what lies below them", () => {
    const wrong = ours.filter((entry) => {
      const target = roomOf(entry);
      const allowed = entry.room === "" ? library : [entry.room, ...(rooms[entry.room] ?? [])];
      return !allowed.includes(target);
    });
    expect(wrong.map(({ from, target }) => `${from} imports ${target}`)).toEqual([]);
  });

  it("render domain values without doing IO", () => {
    const wrong = imports.filter(
      (entry) =>
        entry.room === "report" &&
        (entry.target.startsWith("node:") ||
          (entry.target.startsWith(".") &&
            !entry.typeOnly &&
            !["report", "base"].includes(roomOf(entry)))),
    );
    expect(wrong.map(({ from, target }) => `${from} imports ${target}`)).toEqual([]);
  });

  it("do not know each other in circles", () => {
    const graph = new Map(
      files.map((file) => [
        file,
        ours
          .filter(({ from, typeOnly }) => from === file && !typeOnly)
          .map(({ target }) => relative(src, join(src, dirname(file), target))),
      ]),
    );
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, path: string[]): void => {
      if (path.includes(file)) circles.push([...path, file].join(" -> "));
      else if (!done.has(file)) {
        for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
        done.add(file);
      }
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });
});

describe("packages", () => {
  it("stay in their rooms", () => {
    const wrong = packages.filter(({ room, target }) => !(fences[target] ?? []).includes(room));
    expect(wrong.map(({ from, target }) => `${from} imports ${target}`)).toEqual([]);
  });

  it("that a plain inspect does not need are loaded late", () => {
    const late = [
      "tar-stream",
      "zstddec/stream",
      "picomatch",
      "yaml",
      "smol-toml",
      "re2js",
      "@kubernetes/client-node/dist/config.js",
    ];
    const wrong = packages.filter(
      (entry) => late.includes(entry.target) && !entry.late && !entry.typeOnly,
    );
    expect(wrong.map(({ from, target }) => `${from} imports ${target}`)).toEqual([]);
  });

  it("never let criu and runtime see a tar or a file", () => {
    const wrong = imports.filter(
      ({ room, target }) => (room === "criu" || room === "runtime") && target.startsWith("node:"),
    );
    expect(wrong.map(({ from, target }) => `${from} imports ${target}`)).toEqual([]);
  });
});
