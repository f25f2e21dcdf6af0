import { chmodSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { displayWidth } from "../../../src/base/text.ts";
import { CheckpointBuilder } from "../../support/checkpoint-builder.ts";
import { type Ran, type RunOptions, run } from "../../support/run.ts";
import { crioCounter, privateCopy, rich, samplePath } from "../../support/samples.ts";
import { alter } from "./support.ts";

const runc = samplePath("crio/counter-runc.tar");
const any = ["--permissions", "any"];

function diff(words: string[], options?: RunOptions): Promise<Ran> {
  return run(["diff", ...any, "--no-findings", ...words], options);
}

const schema = JSON.parse(
  readFileSync(new URL("../../../src/report/schema/checkpoint-diff.json", import.meta.url), "utf8"),
) as object;
const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);

/** What is said besides that the samples of a clone can be read by others. */
function besidesModes(err: string): string {
  return err.replace(/^.*can be read by others.*\n/gm, "");
}

function faults(document: unknown): unknown[] {
  validate(document);
  return validate.errors ?? [];
}

describe("diff", () => {
  it("says of the same archive that nothing differs: exit 0", async () => {
    const { code, out } = await diff([rich, rich, "--pages"]);
    expect(code).toBe(0);
    expect(out).toContain("No differences.");
    expect(out).not.toMatch(/^ {2}[+~-] /m);
    expect(await diff([rich, rich, "-q"])).toMatchObject({ code: 0, out: "" });
  });

  it("exits 1 where they differ, names sections with -q, warns of other containers", async () => {
    const { code, out, err } = await diff([crioCounter, runc]);
    expect(code).toBe(1);
    expect(besidesModes(err)).toBe("");
    const strangers = await diff([crioCounter, rich, "--show", "container"]);
    expect(strangers.err).toContain("different containers");
    expect(out).toMatch(/^ {2}~ changed {2}OCI runtime {2}crun → runc$/m);
    expect(out).toMatch(
      /^ {2}\+ new {6}8 sleep 1 {2}parent 1, uid 0, 3 descriptors, 11 mappings$/m,
    );
    // What came with a process is told with it, and not again.
    expect(out).not.toContain("Descriptors");
    const quiet = await diff([crioCounter, runc, "-q"]);
    expect(quiet.out).toBe("container\nruntime\nprocesses\nmounts\nmemory\nfiles\n");
    expect(besidesModes(quiet.err)).toBe("");
  });

  it("shows the sections that are asked for, and refuses others", async () => {
    const { out } = await diff([crioCounter, runc, "--show", "processes, runtime", "-o", "json"]);
    const found = JSON.parse(out) as Record<string, unknown>;
    expect(found["mounts"]).toBeNull();
    expect(found["processes"]).toHaveLength(2);
    const one = JSON.parse((await diff([crioCounter, runc, "--pid", "8", "-o", "json"])).out);
    expect(one).toMatchObject({ files: null, mounts: null, processes: [{ pid: 8 }] });
    expect(await diff([crioCounter, runc, "--show", "procs"])).toMatchObject({ code: 2, out: "" });
  });

  it("exits 3 after it showed what can be compared, 3 without an archive, 4 refused, 2 unused", async () => {
    const builder = await CheckpointBuilder.from(rich);
    const broken = builder.replace("checkpoint/core-2.img", "no image").write();
    const { code, out, err } = await diff([rich, broken, "--show", "processes"]);
    expect(code).toBe(3);
    expect(out).toContain("core-2.img");
    expect(err).toContain("core-2.img");
    expect((await diff([rich, "no such file"])).code).toBe(3);
    const open = privateCopy(rich);
    chmodSync(open, 0o644);
    expect((await run(["diff", open, open, "--permissions", "owner"])).code).toBe(4);
    expect((await diff([rich])).code).toBe(2);
    expect((await diff(["-", "-"])).code).toBe(2);
    expect(await diff([rich, rich, "--pid", "77"])).toMatchObject({ code: 3, out: "" });
  });

  it("takes one archive from standard input, and --parent for the dump before", async () => {
    async function* stdin(): AsyncGenerator<Uint8Array> {
      yield readFileSync(rich);
    }
    const piped = await diff([rich, "-", "--pages", "-q"], { stdin: stdin() });
    expect(piped).toMatchObject({ code: 0, out: "" });
    const [one, two, three] = [1, 2, 3].map((step) => samplePath(`criu/chain-${step}.tar.gz`));
    const { out } = await diff([
      two as string,
      three as string,
      "--parent",
      one as string,
      "--pages",
    ]);
    expect(out).not.toContain("not at hand");
    expect(out).toContain("stack");
  });

  it("fits a terminal of 80 columns, and keeps both ends of what changed", async () => {
    const podman = samplePath("podman/busybox-crun-none.tar");
    const { out } = await diff([crioCounter, podman], { columns: 80 });
    expect(Math.max(...out.split("\n").map(displayWidth))).toBeLessThanOrEqual(80);
    expect(out).toMatch(/^ +9388\S*…\S*cc8 → 631c\S*…\S*5b8$/m);
    const coloured = await diff([crioCounter, podman], { columns: 80, colour: true });
    expect(coloured.out).toContain("\u001b[33m~ changed");
  });

  it("shows no text of an archive as it is, and no secret", async () => {
    const builder = await CheckpointBuilder.from(rich);
    await alter(builder, "checkpoint/core-2.img", "CORE", "core_entry", ([core]) => {
      if (core?.tc !== undefined) core.tc.comm = "\u001b[2Jevil\u202e";
    });
    await alter(builder, "checkpoint/files.img", "FILES", "file_entry", (files) => {
      const log = files.find(({ reg }) => reg?.name.endsWith("rich.log"));
      if (log?.reg !== undefined) log.reg.name = "/tmp/\u001b]0;title\u0007\nnew line";
    });
    const changed = builder.write();
    for (const form of ["table", "wide", "json", "yaml"]) {
      const { out } = await diff([rich, changed, "-o", form]);
      expect(out).toContain("evil");
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
    const { out } = await diff([crioCounter, rich]);
    expect(out).toContain("POSTGRES_PASSWORD=••••••••");
    expect(out).not.toContain("mysecret");
    const shown = await diff([crioCounter, rich, "--reveal"]);
    expect(shown.out).toContain("POSTGRES_PASSWORD=mysecret-not-real");
  });
});

describe("its document", () => {
  it.each([
    ["two engines", crioCounter, samplePath("podman/busybox-volume.tar.gz"), []],
    ["everything", samplePath("podman/busybox-crun-none.tar"), rich, ["--pages", "--reveal"]],
    ["pre-dumps", samplePath("criu/chain-1.tar.gz"), samplePath("criu/chain-2.tar.gz"), []],
  ])("fits the schema: %s", async (_name, before, after, words) => {
    const { out } = await run(["diff", ...any, before, after, "-o", "json", ...words]);
    const document = JSON.parse(out) as Record<string, unknown>;
    expect(faults(document)).toEqual([]);
    for (const key of Object.keys(document)) {
      expect(faults({ ...document, [key]: 7 }), key).not.toEqual([]);
      expect(faults({ ...document, [key]: undefined }), key).not.toEqual([]);
    }
    for (const [key, value] of Object.entries(document)) {
      const item = Array.isArray(value) ? (value[0] as Record<string, unknown>) : undefined;
      if (item === undefined || key === "problems") continue;
      for (const inner of Object.keys(item)) {
        const broken = { ...document, [key]: [{ ...item, [inner]: { not: "this" } }] };
        expect(faults(broken), `${key}.${inner}`).not.toEqual([]);
      }
    }
  });

  it("is the same in each run", async () => {
    const words = ["diff", "--permissions", "owner", "-o", "json", "--pages"];
    const [one, two] = [privateCopy(crioCounter), privateCopy(rich)];
    expect((await run([...words, one, two])).out).toBe((await run([...words, one, two])).out);
  });
});
