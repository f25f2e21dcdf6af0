import { chmodSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inspectionSections } from "../../src/report/inspection-view.ts";
import { run } from "../support/run.ts";
import { crioCounter, privateCopy, rich, samplePath } from "../support/samples.ts";

const owner = ["--permissions", "owner"];
const titles = /^(?! )(\S.*)$/gm;

async function sections(...words: string[]): Promise<string[]> {
  const { code, out } = await run(["inspect", ...words, ...owner, privateCopy(rich)]);
  expect(code).toBe(0);
  return [...out.matchAll(titles)].map(([, title]) => title as string);
}

describe("--show", () => {
  it("chooses sections, which come in their usual order", async () => {
    expect(await sections("--show", "memory,processes")).toEqual(["Processes", "Memory"]);
    expect(await sections("--show", " mounts , container ")).toEqual(["Container", "Mounts"]);
  });

  it("all adds what costs more to read", async () => {
    const usual = await sections();
    expect(usual).not.toContain("Root file system");
    const all = await sections("--show", "all");
    expect(all.filter((title) => !usual.includes(title))).toEqual(["Root file system"]);
  });

  it.each(inspectionSections)("%s alone is a section of its own in JSON too", async (section) => {
    const copy = privateCopy(rich);
    const { code, out } = await run(["inspect", "--show", section, "-o", "json", ...owner, copy]);
    expect(code).toBe(0);
    const document = JSON.parse(out) as Record<string, unknown>;
    expect(document).toMatchObject({ kind: "Inspection", sections: [section], problems: [] });
    const known = ["apiVersion", "kind", "sections", "problems"];
    const others = Object.keys(document).filter((key) => !known.includes(key));
    expect(others.length > 0).toBe(section !== "problems");
    expect(others.length).toBeLessThan(3);
  });
});

describe("secrets", () => {
  const secret = "mysecret-not-real";

  it("of a command line are hidden, and shown where that is asked for", async () => {
    const words = ["inspect", ...owner, privateCopy(rich)];
    for (const format of ["table", "wide", "json", "yaml"]) {
      const hidden = await run([...words, "-o", format]);
      expect(hidden.out).not.toContain("cmdline-secret-not-real");
      expect(hidden.out).toContain("--password=••••••••");
      const shown = await run([...words, "-o", format, "--reveal"]);
      expect(shown.out).toContain("--password=cmdline-secret-not-real");
    }
  });

  it("of the environment are in no inspection at all", async () => {
    const copy = privateCopy(samplePath("podman/busybox-env-secrets.tar.gz"));
    const { out } = await run(["inspect", "--show", "all", "--reveal", ...owner, copy]);
    expect(out).not.toContain(secret);
  });
});

describe("the permission gate", () => {
  it("refuses before anything is shown, and says how to mend it", async () => {
    const copy = privateCopy(crioCounter);
    chmodSync(copy, 0o640);
    const { code, out, err } = await run(["inspect", ...owner, copy]);
    expect({ code, out }).toEqual({ code: 4, out: "" });
    expect(err).toContain("can be read by others");
    expect(err).toContain("  found    mode 0640\n");
    expect(err).toContain(`  next     cryoscope secure ${copy}`);
  });

  it("any warns on stderr, and in the report", async () => {
    const copy = privateCopy(crioCounter);
    chmodSync(copy, 0o640);
    const { code, out, err } = await run(["inspect", "--permissions", "any", copy]);
    expect(code).toBe(0);
    expect(err).toMatch(/^cryoscope: warning: .*can be read by others/m);
    expect(out).toMatch(/^ {2}Locked down +✗ mode 0640, owner /m);
    expect(out).toMatch(/^Problems\n(.*\n)* {2}! .*can be read by others/m);
  });
});
