import { homedir } from "node:os";
import { describe, expect, it } from "vitest";
import type { ImageList } from "../../src/checkpoint/image-list.ts";
import type { Inspection } from "../../src/checkpoint/inspection.ts";
import type { CheckpointList } from "../../src/checkpoint/summary.ts";
import { renderImages } from "../../src/report/image-view.ts";
import { defaultSections, renderInspection } from "../../src/report/inspection-view.ts";
import { renderJson } from "../../src/report/json.ts";
import { renderList } from "../../src/report/list-view.ts";
import { run } from "../support/run.ts";
import { privateCopy, sampleArchives } from "../support/samples.ts";
import { expectGolden, goldenMode, goldenNames, readGolden } from "./golden.ts";
import { normaliseFile } from "./normalise.ts";

const samples = sampleArchives().map((sample) => ({
  ...sample,
  // The kubelet's names end with a time, with colons that some file systems do not allow.
  golden: `${sample.folder}/${sample.name.replace(/(-[\d-]+T[\d:]+Z)?\.tar/, "")}`,
}));

/** Runs a command on a private copy of a sample and reads the JSON that it prints. */
async function json<T>(words: readonly string[], path: string): Promise<T> {
  const copy = privateCopy(path);
  const { code, out, err } = await run([...words, "-o", "json", "--permissions", "owner", copy]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out) as T;
}

async function inspected(path: string, ...flags: string[]): Promise<Inspection> {
  const document = await json<Inspection>(["inspect", ...flags], path);
  return { ...document, archive: normaliseFile(document.archive) };
}

describe.each(samples)("$folder/$name", ({ path, golden }) => {
  it("is inspected as before", async () => {
    expectGolden(`${golden}.inspect.json`, [...renderJson(await inspected(path))].join(""));
  });

  it("lists its members as before", async () => {
    const list = normaliseFile(await json<ImageList>(["images"], path));
    expectGolden(`${golden}.images.json`, [...renderJson(list)].join(""));
  });

  it("gets the pod that restores it, as before", async () => {
    const copy = privateCopy(path);
    const { code, out } = await run(["restore", "manifest", "--permissions", "owner", copy]);
    expect(code).toBe(0);
    expectGolden(`${golden}.manifest.yaml`, out.replace(copy, "FILE"));
  });
});

/** Samples whose tables are kept too: one of each engine, and one of each compression. */
const drawn = [
  "crio/counter-runc",
  "containerd/checkpoint-mounts-lab-node_default-mounts",
  "podman/busybox-crun-zstd.zst",
  "podman/busybox-volume.gz",
  "podman/rich-crun",
];
const tables = samples.filter(({ golden }) => drawn.includes(golden));
/** One of each engine, of which the other commands' tables are kept, on a terminal and wide. */
const commanded = [
  "crio/counter-runc",
  "containerd/checkpoint-mounts-lab-node_default-mounts",
  "podman/rich-crun",
];
const commands = ["ps", "ps --flat", "ps --pid 1", "env", "files", "sockets", "mounts"];
const page = { headers: true, wide: false, width: 100 };

describe("tables", () => {
  it("are drawn of samples that are there", () => {
    expect(tables.map(({ golden }) => golden).sort()).toEqual([...drawn].sort());
  });

  it.each(tables)("inspect $golden", async ({ path, golden }) => {
    const table = renderInspection(await inspected(path), defaultSections, page);
    expectGolden(`${golden}.inspect.txt`, table);
  });

  it.each(tables)("inspect -o wide --show all $golden", async ({ path, golden }) => {
    const document = await inspected(path, "--show", "all");
    const sections = [...defaultSections, "rootfs"] as const;
    const table = renderInspection(document, sections, { headers: true, wide: true });
    expectGolden(`${golden}.inspect-wide.txt`, table);
  });

  it.each(tables)("images --nested $golden", async ({ path, golden }) => {
    const list = await json<ImageList>(["images", "--nested"], path);
    expectGolden(`${golden}.images.txt`, renderImages(list, { ...page, width: 120 }));
  });

  it.each(samples.filter(({ golden }) => commanded.includes(golden)))(
    "ps, env, files, sockets, mounts $golden",
    async ({ path, golden }) => {
      const copy = privateCopy(path);
      for (const format of ["table", "wide"]) {
        let text = "";
        for (const words of commands) {
          const argv = [...words.split(" "), "-o", format, "--permissions", "owner", copy];
          const { code, out, err } = await run(argv, { columns: 100 });
          expect(code).toBe(0);
          expect(err.replace(copy, "FILE")).toMatch(/^(No sockets in FILE\n)?$/);
          text += `$ cryoscope ${words} -o ${format}\n${out}\n`;
        }
        expectGolden(`${golden}.${format}.txt`, text);
      }
    },
  );

  it("list", async () => {
    const items: CheckpointList["items"] = [];
    for (const { path } of samples) {
      const list = await json<CheckpointList>(["list"], path);
      items.push(...list.items.map(normaliseFile));
    }
    const now = Date.parse("2026-11-22T00:00:00Z");
    expectGolden("list.txt", renderList(items, now, { ...page, width: 120 }));
    expectGolden("list-wide.txt", renderList(items, now, { headers: true, wide: true }));
  });
});

describe("goldens", () => {
  it("belong to a sample each: none is left over", () => {
    const expected = [
      ...samples.flatMap(({ golden }) => [
        `${golden}.images.json`,
        `${golden}.inspect.json`,
        `${golden}.manifest.yaml`,
        `${golden}.plan.txt`,
      ]),
      ...drawn.flatMap((golden) => [
        `${golden}.inspect.txt`,
        `${golden}.inspect-wide.txt`,
        `${golden}.images.txt`,
      ]),
      ...commanded.flatMap((golden) => [`${golden}.table.txt`, `${golden}.wide.txt`]),
      "list.txt",
      "list-wide.txt",
    ];
    // Frames of the terminal UI have a test of their own.
    const names = goldenNames().filter((name) => !name.startsWith("tui/"));
    expect(names).toEqual(expected.sort());
  });

  it("hold no colour, no home and no folder of a test", () => {
    for (const name of goldenNames()) {
      const text = readGolden(name);
      expect(text, name).not.toContain("\u001b");
      expect(text, name).not.toContain("cryoscope-test-");
      const paths = text.match(/(?<![\w.-])\/[\w/.-]+/g) ?? [];
      expect(paths.filter((path) => path.startsWith(`${homedir()}/`))).toEqual([]);
    }
  });

  it("are only written where somebody asked, and never by CI", () => {
    expect(goldenMode({})).toBe("compare");
    expect(goldenMode({ CI: "true" })).toBe("compare");
    expect(goldenMode({ CRYOSCOPE_UPDATE_GOLDENS: "1" })).toBe("update");
    expect(goldenMode({ CRYOSCOPE_UPDATE_GOLDENS: "1", CI: "false" })).toBe("update");
    expect(() => goldenMode({ CRYOSCOPE_UPDATE_GOLDENS: "1", CI: "true" })).toThrow(/CI machine/);
  });
});
