import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import yaml from "yaml";
import { displayWidth } from "../../src/base/text.ts";
import { wantsColour } from "../../src/cli/io.ts";
import { run } from "../support/run.ts";
import { crioCounter, privateCopy, rich, sampleArchives, scratch } from "../support/samples.ts";

const owner = ["--permissions", "owner"];

describe("--output-file", () => {
  it("writes the result to a new private file, and nothing to stdout", async () => {
    const copy = privateCopy(crioCounter);
    const file = join(scratch(), "inspection.json");
    const words = ["inspect", "-o", "json", ...owner, copy];
    expect(await run([...words, "--output-file", file])).toEqual({ code: 0, out: "", err: "" });
    expect(readFileSync(file, "utf8")).toBe((await run(words)).out);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("never writes over what exists, a file or a link", async () => {
    const copy = privateCopy(crioCounter);
    const folder = scratch();
    const file = join(folder, "kept");
    writeFileSync(file, "precious");
    const link = join(folder, "link");
    symlinkSync(join(folder, "target"), link);
    for (const path of [file, link]) {
      const { code, out, err } = await run(["list", ...owner, copy, "--output-file", path]);
      expect({ code, out }).toEqual({ code: 4, out: "" });
      expect(err).toContain(`${path} exists already, and nothing is ever overwritten`);
    }
    expect(readFileSync(file, "utf8")).toBe("precious");
    expect(existsSync(join(folder, "target"))).toBe(false);
  });

  it("says where it cannot write", async () => {
    const path = join(scratch(), "no", "such", "folder");
    const { code, err } = await run([
      "list",
      privateCopy(crioCounter),
      ...owner,
      "--output-file",
      path,
    ]);
    expect(code).toBe(4);
    expect(err).toContain(`${path} cannot be created (ENOENT)`);
  });

  it("is not cut to the width of a terminal", async () => {
    const file = join(scratch(), "table");
    const words = ["inspect", ...owner, privateCopy(rich)];
    await run([...words, "--output-file", file], { columns: 60 });
    expect(readFileSync(file, "utf8")).toBe((await run(words)).out);
  });
});

describe("-o yaml", () => {
  it.each([
    [["inspect", "--show", "all"]],
    [["images", "--nested"]],
    [["list"]],
    [["secure", "--dry-run"]],
  ])("of %j is the document of -o json", async (words) => {
    const copy = privateCopy(rich);
    const json = await run([...words, "-o", "json", ...owner, copy]);
    const text = await run([...words, "-o", "yaml", ...owner, copy]);
    expect(text.code).toBe(json.code);
    expect(yaml.parse(text.out)).toEqual(JSON.parse(json.out));
  });
});

describe("tables", () => {
  it.each(sampleArchives())(
    "of $name are cut to a terminal, at any width that has room",
    async ({ path }) => {
      const copy = privateCopy(path);
      for (const columns of [100, 160]) {
        const { out } = await run(["inspect", ...owner, copy], { columns });
        const long = out.split("\n").filter((line) => displayWidth(line) > columns);
        expect(long).toEqual([]);
      }
    },
  );

  it("are whole where no terminal is", async () => {
    const { out } = await run(["inspect", ...owner, privateCopy(crioCounter)]);
    expect(out).not.toContain("…");
  });

  it("are whole with -o wide, with more columns", async () => {
    const copy = privateCopy(crioCounter);
    const wide = await run(["inspect", "-o", "wide", ...owner, copy], { columns: 60 });
    expect(wide.out).not.toContain("…");
    expect(wide.out).toContain("PPID");
    expect((await run(["inspect", ...owner, copy])).out).not.toContain("PPID");
  });

  it("have no titles with --no-headers", async () => {
    const copy = privateCopy(crioCounter);
    const titled = (await run(["images", ...owner, copy])).out.split("\n");
    const bare = (await run(["images", "--no-headers", ...owner, copy])).out.split("\n");
    expect(titled[0]).toMatch(/^NAME +KIND/);
    expect(bare).toHaveLength(titled.length - 1);
    expect(bare[0]).toMatch(/^checkpoint\/pages-1\.img/);
  });
});

describe("-q", () => {
  const id = "93887e4ddfd9a1f5db9f6ee2927c3db78cb1c4e6856a79150e1c016797543cc8";

  it("gives names only", async () => {
    const copy = privateCopy(crioCounter);
    expect((await run(["inspect", "-q", ...owner, copy])).out).toBe(`${id}\n`);
    expect((await run(["list", "-q", ...owner, copy])).out).toBe(`${copy}\n`);
    const images = (await run(["images", "-q", ...owner, copy])).out.split("\n");
    expect(images.slice(0, 2)).toEqual(["checkpoint/pages-1.img", "checkpoint/pages-2.img"]);
    expect(images).toHaveLength(34 + 1);
    const extracted = await run([
      "extract",
      "-q",
      ...owner,
      "-C",
      scratch(),
      copy,
      "stats-dump",
      "bind.mounts",
    ]);
    expect(extracted.out).toBe("stats-dump\nbind.mounts\n");
  });

  it("leaves documents as they are", async () => {
    const words = ["inspect", "-o", "json", ...owner, privateCopy(crioCounter)];
    expect(await run([...words, "-q"])).toEqual(await run(words));
  });

  it("leaves warnings out", async () => {
    const words = ["inspect", "--permissions", "any", crioCounter];
    const loud = await run(words);
    const quiet = await run([...words, "-q"]);
    expect(quiet).toMatchObject({ code: loud.code, out: `${id}\n`, err: "" });
  });
});

describe("colour", () => {
  it.each<[boolean, Record<string, string>, boolean, string]>([
    [true, {}, true, "a terminal"],
    [false, {}, false, "no terminal"],
    [true, { NO_COLOR: "1" }, false, "NO_COLOR"],
    [true, { NO_COLOR: "" }, true, "an empty NO_COLOR is none (no-color.org)"],
    [false, { FORCE_COLOR: "1" }, true, "FORCE_COLOR"],
    [false, { FORCE_COLOR: "0" }, false, "FORCE_COLOR=0"],
    [false, { FORCE_COLOR: "" }, false, "an empty FORCE_COLOR is none"],
    [true, { TERM: "dumb" }, false, "a terminal that can do nothing"],
    [true, { TERM: "xterm-256color" }, true, "one that can"],
    [true, { FORCE_COLOR: "1", NO_COLOR: "1" }, false, "both: no"],
    [true, { FORCE_COLOR: "1", TERM: "dumb" }, true, "who forces it knows better"],
  ])("terminal %s, %j: %s (%s)", (isTTY, env, expected) => {
    expect(wantsColour(isTTY, env)).toBe(expected);
  });

  it("is not in documents, nor in files, and not where --no-color says so", async () => {
    const copy = privateCopy(rich);
    const colour = (...words: string[]) =>
      run(["inspect", ...words, ...owner, copy], { columns: 100, colour: true });
    expect((await colour()).out).toContain("\u001b[1mContainer\u001b[22m");
    expect((await colour("--no-color")).out).not.toContain("\u001b");
    expect((await colour("-o", "json")).out).not.toContain("\u001b");
    expect((await colour("-o", "yaml")).out).not.toContain("\u001b");
    const file = join(scratch(), "table");
    await colour("--output-file", file);
    expect(readFileSync(file, "utf8")).not.toContain("\u001b");
  });

  it("says nothing that the text does not say", async () => {
    const words = ["inspect", "--show", "all", ...owner, privateCopy(rich)];
    const bare = await run(words, { columns: 100 });
    const painted = await run(words, { columns: 100, colour: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colour is made of them
    expect(painted.out.replace(/\u001b\[\d+m/g, "")).toBe(bare.out);
  });
});
