import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { version } from "../src/base/version.ts";
import { built } from "./support/built.ts";
import { crioCounter, privateCopy, rich, samplePath, scratch } from "./support/samples.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  version: string;
  files: string[];
  bin: Record<string, string>;
  engines: { node: string };
  exports: Record<string, string | Record<string, string>>;
  dependencies?: Record<string, string>;
};
const shipped = readdirSync(join(root, "dist"), { recursive: true, encoding: "utf8" });

describe("package.json", () => {
  it("has the version that the command says", () => {
    expect(manifest.version).toBe(version);
  });

  it("exports files that are there", () => {
    const targets = Object.values(manifest.exports).flatMap((entry) =>
      typeof entry === "string" ? [entry] : Object.values(entry),
    );
    expect(targets.length).toBeGreaterThan(2);
    for (const target of targets.filter((path) => !path.includes("*"))) {
      expect(existsSync(join(root, target)), target).toBe(true);
    }
    for (const path of Object.values(manifest.bin)) {
      expect(existsSync(join(root, path)), path).toBe(true);
    }
  });

  it("exports the schemas by their names, as they stand in the sources", () => {
    const folder = join(root, "src/report/schema");
    const schemas = readdirSync(folder);
    expect(schemas).toContain("inspection.json");
    for (const name of schemas) {
      const path = fileURLToPath(import.meta.resolve(`cryoscope/schema/${name}`));
      expect(readFileSync(path, "utf8")).toBe(readFileSync(join(folder, name), "utf8"));
    }
    const policy = fileURLToPath(import.meta.resolve("cryoscope/schema/audit-policy.json"));
    const source = join(root, "src/audit/policy/audit-policy.json");
    expect(readFileSync(policy, "utf8")).toBe(readFileSync(source, "utf8"));
  });

  it("keeps to ASCII what is loaded as ASCII, regular expressions and all", () => {
    const scripts = readdirSync(join(root, "dist")).filter((name) => name.endsWith(".cjs"));
    expect(scripts).toContain("late.cjs");
    for (const name of scripts) {
      expect(readFileSync(join(root, "dist", name), "latin1"), name).not.toMatch(/[^\0-\x7f]/);
    }
  });

  it("names the Node that made a code cache, because another may take it and crash", () => {
    const caches = readdirSync(join(root, "dist")).filter((name) => name.endsWith(".cache"));
    expect(caches.length).toBeGreaterThan(0);
    for (const name of caches) expect(name).toMatch(/\.cjs\.\w+-v\d+\.\d+\.\d+-\d+\.cache$/);
  });

  it("exports the library, with its types", async () => {
    const library = await import(import.meta.resolve("cryoscope"));
    const checkpoint = await library.openCheckpoint(privateCopy(crioCounter), {
      permissions: "owner",
    });
    expect(await checkpoint.runtime()).toMatchObject({ engine: "cri-o" });
    await checkpoint.close();
    const types = join(root, "dist/types/index.d.ts");
    expect(readFileSync(types, "utf8")).toContain("openCheckpoint");
  });

  it("needs nothing at run time but what is in dist", () => {
    expect(manifest.dependencies ?? {}).toEqual({});
    for (const name of shipped.filter((path) => /\.(js|cjs)$/.test(path))) {
      const text = readFileSync(join(root, "dist", name), "utf8");
      const bare = [
        ...text.matchAll(/(?:\bfrom|\bimport\(?|\brequire\()\s*["']([@a-z][\w@/:.-]*)["']/g),
      ].map(([, module]) => (module as string).replace(/^node:/, ""));
      const foreign = bare.filter((module) => !builtinModules.includes(module));
      expect(foreign, name).toEqual([]);
    }
  });
});

describe("dist", () => {
  it("holds what is shipped, and nothing of development", () => {
    expect(shipped.length).toBeGreaterThan(10);
    const strange = shipped.filter((path) =>
      /(^|\/)(dev|tests?|bench|samples?|node_modules)(\/|$)|\.(test|map|tsbuildinfo|ts)$/.test(
        path.replace(/\.d\.ts$/, ".types"),
      ),
    );
    expect(strange).toEqual([]);
    expect(manifest.files.sort()).toEqual(["bin/*.cjs", "dist"]);
  });

  it("names the licence of everything that it bundles", () => {
    const text = readFileSync(join(root, "dist/THIRD-PARTY-LICENSES"), "utf8");
    for (const name of ["commander", "protobufjs", "picomatch", "re2js", "yaml", "zstddec"]) {
      expect(text).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(.+\\)$`, "m"));
    }
  });

  it("names no folder of the machine that built it", () => {
    for (const name of shipped) {
      const path = join(root, "dist", name);
      if (!statSync(path).isFile()) continue;
      expect(readFileSync(path).includes(root), name).toBe(false);
    }
  });
});

interface Loaded {
  /** Files of ours and packages, as they were asked for. */
  requests: string[];
  /** Modules of Node's own that it had not loaded by itself. */
  builtins: string[];
}

/** Runs the built command and tells what it loaded. */
function loadedBy(argv: readonly string[]): Loaded {
  const folder = scratch();
  const list = join(folder, "loaded.json");
  const hook = join(folder, "hook.cjs");
  writeFileSync(
    hook,
    `const Module = require("node:module");
     const { writeFileSync } = require("node:fs");
     const requests = [];
     const load = Module._load;
     Module._load = function (request, parent, isMain) {
       requests.push(request);
       return load.call(this, request, parent, isMain);
     };
     const known = new Set(process.moduleLoadList);
     process.on("exit", () => {
       const builtins = process.moduleLoadList.filter((name) => !known.has(name));
       writeFileSync(${JSON.stringify(list)}, JSON.stringify({ requests, builtins }));
     });`,
  );
  const { code, err } = built(argv, { node: ["--require", hook] });
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(readFileSync(list, "utf8")) as Loaded;
}

const loaded = (argv: readonly string[]): string[] =>
  loadedBy(argv).requests.filter(
    (request) => request.includes("packages/") || /^(@|[a-z])/.test(request),
  );

const packagesOf = (requests: readonly string[]): string[] =>
  requests.filter((request) => request.includes("packages/")).map((path) => basename(path, ".cjs"));

describe("a command loads only what it needs", () => {
  const owner = ["--permissions", "owner"];

  it("inspect of a plain archive: no package at all", () => {
    for (const words of [["inspect"], ["inspect", "-o", "json"], ["images"], ["list"]]) {
      expect(packagesOf(loaded([...words, ...owner, privateCopy(rich)]))).toEqual([]);
    }
  });

  it("inspect: little of Node, and a small script of ours", () => {
    const costly =
      /^NativeModule (stream|net|http|zlib|crypto|child_process|worker_threads|readline|fs\/promises|internal\/(fs\/promises|modules\/esm\/(load|translators)))$/;
    for (const verb of ["inspect", "images", "list"]) {
      const { builtins } = loadedBy([verb, ...owner, privateCopy(rich)]);
      expect(builtins.filter((name) => costly.test(name))).toEqual([]);
    }
    const { builtins } = loadedBy([
      "extract",
      ...owner,
      "-C",
      scratch(),
      privateCopy(rich),
      "stats-dump",
    ]);
    expect(builtins).toContain("NativeModule fs/promises");
    // Each tenth of a megabyte costs every start two milliseconds. What it holds and inspect does
    // not need: node bin/dev/build.js --sizes.
    expect(statSync(join(root, "dist/command-line.cjs")).size).toBeLessThan(320_000);
  });

  it("others load theirs, which shows that the hook sees them", () => {
    expect(packagesOf(loaded(["inspect", "-o", "yaml", ...owner, privateCopy(rich)]))).toEqual([
      "yaml",
    ]);
    const gzip = privateCopy(samplePath("podman/busybox-volume.tar.gz"));
    expect(packagesOf(loaded(["inspect", ...owner, gzip]))).toEqual([]);
    const extract = ["extract", ...owner, "-C", scratch(), privateCopy(rich), "stats-dump"];
    expect(packagesOf(loaded(extract))).toEqual(["picomatch"]);
  });

  it("none loads the terminal UI or the Kubernetes client", () => {
    const late = [
      ["inspect", "--show", "all", ...owner, privateCopy(rich)],
      ["list", ...owner, privateCopy(crioCounter)],
      ["--version"],
    ];
    for (const argv of late) {
      const foreign = loaded(argv).filter((request) => /ink|react|yoga|kubernetes/.test(request));
      expect(foreign).toEqual([]);
    }
  });
});
