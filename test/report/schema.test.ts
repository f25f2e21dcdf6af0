import {
  chmodSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ValidateFunction } from "ajv/dist/2020.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { BugError } from "../../src/base/errors.ts";
import { faultJson } from "../../src/cli/print-fault.ts";
import { type Ran, run } from "../support/run.ts";
import { crioCounter, privateCopy, rich, sampleArchives, scratch } from "../support/samples.ts";

const folder = fileURLToPath(new URL("../../src/report/schema/", import.meta.url));
const names = [
  "inspection",
  "image-list",
  "checkpoint-list",
  "process-list",
  "process",
  "environment-list",
  "file-list",
  "socket-list",
  "mount-list",
  "extract-result",
  "secure-result",
  "error",
] as const;
type Name = (typeof names)[number];
type Json = { [key: string]: unknown };

const schemas = new Map<Name, Json>();
const validators = new Map<Name, ValidateFunction>();
for (const name of names) {
  const schema = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as Json;
  schemas.set(name, schema);
  validators.set(name, new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema));
}

function faultsOf(name: Name, document: unknown): string[] {
  const validate = validators.get(name) as ValidateFunction;
  validate(document);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

function expectValid(name: Name, text: string): Json {
  const document = JSON.parse(text) as Json;
  expect(faultsOf(name, document)).toEqual([]);
  return document;
}

const json = (words: readonly string[], ...paths: string[]): Promise<Ran> =>
  run([...words, "-o", "json", "--permissions", "owner", ...paths]);

describe("schemas", () => {
  const all = readdirSync(folder).map((file): [string, Json] => [
    file.replace(/\.json$/, ""),
    JSON.parse(readFileSync(join(folder, file), "utf8")) as Json,
  ]);

  it.each(all)("%s is a schema under its own name", (name, schema) => {
    expect(schema["$schema"]).toBe("https://json-schema.org/draft/2020-12/schema");
    expect(schema["$id"]).toBe(`urn:cryoscope:v1:${name}`);
  });

  it.each(all)(
    "%s describes every property, and allows keys that are yet to come",
    (name, schema) => {
      const visit = (node: unknown, path: string): void => {
        if (typeof node !== "object" || node === null) return;
        const { properties, additionalProperties, type } = node as Json;
        if (type === "object" && properties !== undefined) {
          expect(additionalProperties, path).toBe(true);
          for (const [key, property] of Object.entries(properties as Json)) {
            const { description, $ref } = property as Json;
            expect(description ?? $ref, `${path}.${key}`).toBeTypeOf("string");
          }
        }
        for (const [key, value] of Object.entries(node)) visit(value, `${path}.${key}`);
      };
      visit(schema, name);
    },
  );
});

describe.each(sampleArchives())("$folder/$name", ({ path }) => {
  it.each<[Name, string[]]>([
    ["inspection", ["inspect"]],
    ["inspection", ["inspect", "--reveal", "--show", "all"]],
    ["inspection", ["inspect", "--show", "processes,rootfs"]],
    ["image-list", ["images"]],
    ["image-list", ["images", "--nested"]],
    ["checkpoint-list", ["list"]],
    ["process-list", ["ps"]],
    ["process-list", ["ps", "--flat", "--reveal"]],
    ["process", ["ps", "--pid", "1"]],
    ["file-list", ["files"]],
    ["file-list", ["files", "--pid", "1", "--reveal"]],
    ["socket-list", ["sockets", "--reveal"]],
    ["mount-list", ["mounts"]],
    ["environment-list", ["env"]],
    ["environment-list", ["env", "--pid", "1", "--reveal"]],
    ["secure-result", ["secure", "--dry-run"]],
  ])("fits %s: %j", async (name, words) => {
    const { code, out } = await json(words, privateCopy(path));
    expect(code).toBe(0);
    expectValid(name, out);
  });

  it("fits extract-result", async () => {
    const { out } = await json(["extract", "-C", scratch()], privateCopy(path), "**");
    const { items } = expectValid("extract-result", out) as { items: Json[] };
    expect(items.length).toBeGreaterThan(30);
  });
});

describe("documents of single processes", () => {
  it.each([2, 3, 4, 5, 6])("ps --pid %i: a child, a zombie, a deleted program", async (pid) => {
    const { code, out } = await json(["ps", "--pid", `${pid}`], privateCopy(rich));
    expect(code).toBe(0);
    expect(expectValid("process", out)).toMatchObject({ kind: "Process", pid });
  });
});

describe("documents of what is not as it should be", () => {
  it("list: an archive of the kubelet's name that the gate refuses, a broken one, a link", async () => {
    const dir = scratch();
    const names = ["checkpoint-a-b_c-d-e-2026-11-21T21:20:14Z.tar", "broken.tar", "link.tar"];
    const [refused, broken, link] = names.map((name) => join(dir, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(refused, readFileSync(crioCounter));
    chmodSync(refused, 0o644);
    writeFileSync(broken, "not a tar", { mode: 0o600 });
    symlinkSync(broken, link);
    const { code, out } = await json(["list"], dir);
    expect(code).toBe(3);
    const { items } = expectValid("checkpoint-list", out) as { items: Json[] };
    expect(items.map(({ fault }) => (fault as Json)["kind"])).toEqual([
      "broken",
      "refused",
      "refused",
    ]);
  });

  it("inspect: an archive that ends too early", async () => {
    const copy = privateCopy(rich);
    writeFileSync(copy, readFileSync(rich).subarray(0, 200_000));
    const { code, out } = await json(["inspect"], copy);
    expect(code).toBe(3);
    const { problems } = expectValid("inspection", out) as { problems: Json[] };
    expect(problems.length).toBeGreaterThan(0);
    const images = await json(["images", "--nested"], copy);
    expectValid("image-list", images.out);
  });

  it("inspect: standard input, which has no owner and no mode", async () => {
    async function* stdin(): AsyncGenerator<Uint8Array> {
      yield readFileSync(crioCounter);
    }
    const { out } = await run(["inspect", "-o", "json", "-"], { stdin: stdin() });
    expect(expectValid("inspection", out)).toMatchObject({
      archive: { path: "-", mode: null, uid: null, lockedDown: null },
    });
  });

  it("extract: what is skipped and what is refused", async () => {
    const { code, out } = await json(
      ["extract", "-C", scratch()],
      privateCopy(rich),
      "rootfs-diff.tar!**",
    );
    expect(code).toBe(4);
    const { items } = expectValid("extract-result", out) as { items: Json[] };
    const status = Object.fromEntries(items.map((item) => [item["name"], item["status"]]));
    expect(status["tmp/rich.fifo"]).toBe("refused");
    expect(status["etc/created.link"]).toBe("skipped");
    expect(status["etc/created.conf"]).toBe("written");
  });

  it("secure: a mode that was wrong", async () => {
    const copy = privateCopy(crioCounter);
    chmodSync(copy, 0o644);
    const { code, out } = await json(["secure"], copy);
    expect(code).toBe(0);
    expect(expectValid("secure-result", out)).toMatchObject({
      items: [{ changed: true, before: { mode: "0644" }, after: { mode: "0600" } }],
    });
    expect(statSync(copy).mode & 0o777).toBe(0o600);
  });
});

describe("error", () => {
  it.each<[string, string[], number]>([
    ["usage", ["inspect", "-o", "json"], 2],
    ["usage", ["inspect", "-o", "json", "--nope", "x"], 2],
    ["usage", ["inspekt", "-o", "json"], 2],
    ["archive", ["inspect", "-o", "json", "no such file"], 3],
    ["archive", ["list", "--output=json", "no such folder"], 3],
  ])("%s: %j", async (kind, argv, exitCode) => {
    const { code, out, err } = await run(argv);
    expect({ code, out }).toEqual({ code: exitCode, out: "" });
    expect(err.trimEnd()).not.toContain("\n");
    expect(expectValid("error", err)).toMatchObject({ error: { kind, exitCode } });
  });

  it("refused: a mode that others can read", async () => {
    const copy = privateCopy(crioCounter);
    chmodSync(copy, 0o604);
    const { code, out, err } = await json(["inspect"], copy);
    expect({ code, out }).toEqual({ code: 4, out: "" });
    expect(expectValid("error", err)).toMatchObject({
      error: { kind: "refused", where: { path: copy }, found: "mode 0604" },
    });
  });

  it("a fault of our own", () => {
    expectValid(
      "error",
      faultJson(new BugError({ what: "this is a fault of cryoscope" }), { calledAs: "cryoscope" }),
    );
  });
});

/** Each key is changed in a true document; the schema has to see it. */
describe("a schema rejects a broken document", () => {
  const broken: [Name, string, unknown][] = [
    ["inspection", "apiVersion", "cryoscope/v2"],
    ["inspection", "kind", "ImageList"],
    ["inspection", "archive.sizeBytes", "292864"],
    ["inspection", "archive.mode", "600"],
    ["inspection", "archive.modifiedAt", "yesterday"],
    ["inspection", "runtime.engine", "nobody"],
    ["inspection", "container.pod", undefined],
    ["inspection", "criu.dumpStatistics.pagesWritten", -1],
    ["inspection", "processes.0.state", "asleep"],
    ["inspection", "processes.0.threads", "1"],
    ["inspection", "processes.0.exitSignal", undefined],
    ["inspection", "memory.pageImages.0.kind", "both"],
    ["inspection", "sizes.pages", undefined],
    ["inspection", "annotations.x", 1],
    ["inspection", "mounts", undefined],
    ["inspection", "problems", undefined],
    ["image-list", "items.0.share", 1.5],
    ["image-list", "items.0.pages", "17"],
    ["image-list", "items.0.pid", undefined],
    ["image-list", "pageBytes", null],
    ["checkpoint-list", "items.0.engine", "rkt"],
    ["checkpoint-list", "items.0.fault", "none"],
    ["checkpoint-list", "items.0.lockedDown", "yes"],
    ["process-list", "items.0.threads.0", "1"],
    ["process-list", "items.0.depth", undefined],
    ["process", "umask", 18],
    ["process", "threads.0.registers.general.rip", 4096],
    ["process", "credentials.capabilities.effective", undefined],
    ["process", "limits.0.soft", "infinity"],
    ["process", "signalHandlers.0.handler", "SIG_DFL"],
    ["environment-list", "items.0.variables.0.name", null],
    ["environment-list", "items", undefined],
    ["file-list", "tables.0.descriptors.0.fd", "0"],
    ["file-list", "items.0.kind", "door"],
    ["file-list", "items.0.holders", undefined],
    ["socket-list", "items.0.options.so_sndbuf", null],
    ["socket-list", "items.0.queues", undefined],
    ["mount-list", "items.0.flags", "MS_RDONLY"],
    ["mount-list", "namespaces", undefined],
    ["extract-result", "items.0.status", "perhaps"],
    ["extract-result", "directory", undefined],
    ["secure-result", "items.0.before.mode", 384],
    ["secure-result", "dryRun", undefined],
    ["error", "error.exitCode", 1],
    ["error", "error.kind", "other"],
    ["error", "error.next", undefined],
  ];
  const printed: Record<Name, () => Promise<string>> = {
    inspection: async () => (await json(["inspect"], privateCopy(crioCounter))).out,
    "image-list": async () => (await json(["images"], privateCopy(crioCounter))).out,
    "checkpoint-list": async () => (await json(["list"], privateCopy(crioCounter))).out,
    "process-list": async () => (await json(["ps"], privateCopy(rich))).out,
    process: async () => (await json(["ps", "--pid", "1"], privateCopy(rich))).out,
    "environment-list": async () => (await json(["env"], privateCopy(rich))).out,
    "file-list": async () => (await json(["files"], privateCopy(rich))).out,
    "socket-list": async () => (await json(["sockets"], privateCopy(rich))).out,
    "mount-list": async () => (await json(["mounts"], privateCopy(rich))).out,
    "extract-result": async () =>
      (await json(["extract", "-C", scratch()], privateCopy(crioCounter), "stats-dump")).out,
    "secure-result": async () => (await json(["secure"], privateCopy(crioCounter))).out,
    error: async () => (await run(["inspect", "-o", "json"])).err,
  };

  it.each(broken)("%s: %s = %j", async (name, path, value) => {
    const document = expectValid(name, await printed[name]());
    const keys = path.split(".");
    const last = keys.pop() as string;
    let parent: Json = document;
    for (const key of keys) parent = parent[key] as Json;
    if (value === undefined) delete parent[last];
    else parent[last] = value;
    expect(faultsOf(name, document)).not.toEqual([]);
  });

  it("takes new keys", async () => {
    const document = expectValid("inspection", await printed.inspection());
    expect(faultsOf("inspection", { ...document, later: true })).toEqual([]);
  });

  it("takes a part of an inspection only where the document says that it is one", async () => {
    const { sections, ...document } = expectValid(
      "inspection",
      (await json(["inspect", "--show", "memory"], privateCopy(crioCounter))).out,
    );
    expect(sections).toEqual(["memory"]);
    expect(Object.keys(document).sort()).toEqual(["apiVersion", "kind", "memory", "problems"]);
    expect(faultsOf("inspection", document)).not.toEqual([]);
  });
});
