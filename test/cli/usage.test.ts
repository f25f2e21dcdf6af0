import { describe, expect, it } from "vitest";
import { version } from "../../src/base/version.ts";
import { run } from "../support/run.ts";
import { crioCounter, privateCopy } from "../support/samples.ts";

const verbs = ["list", "inspect", "images", "extract", "secure", "completion"];

describe("what asks for help gets it", () => {
  it.each(["--version", "-V"])("%s", async (flag) => {
    expect(await run([flag])).toEqual({ code: 0, out: `cryoscope ${version}\n`, err: "" });
  });

  it.each([["--help"], ["-h"], ["help"]])("%s names every command, on stdout", async (...argv) => {
    const { code, out, err } = await run(argv);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const verb of verbs) expect(out).toMatch(new RegExp(`^  ${verb}\\b`, "m"));
    expect(out).toMatch(/^Exit codes:\n {2}0 +fine$/m);
  });

  it.each(verbs)("help %s and %s --help are the same", async (verb) => {
    const help = await run(["help", verb]);
    expect(help).toMatchObject({ code: 0, err: "" });
    expect(help.out).toMatch(new RegExp(`^Usage: cryoscope ${verb}`));
    expect(await run([verb, "--help"])).toEqual(help);
  });

  it("help fits the terminal", async () => {
    const { out } = await run(["inspect", "--help"], { columns: 80 });
    const long = out.split("\n").filter((line) => line.length > 80);
    expect(long).toEqual([]);
  });

  it("no word at all: the help, but on stderr and as an error of usage", async () => {
    const { code, out, err } = await run([]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/^Usage: cryoscope/);
  });
});

describe("an error of usage is one line, with the next step, and exit code 2", () => {
  it.each<[string[], string, string]>([
    [["inspekt", "x"], "unknown command 'inspekt' (did you mean inspect?)", "cryoscope --help"],
    [["frobnicate"], "unknown command 'frobnicate'", "cryoscope --help"],
    [["help", "frobnicate"], "unknown command 'frobnicate'", "cryoscope --help"],
    [["--nope"], "unknown option '--nope'", "cryoscope --help"],
    [["inspect"], "missing required argument 'archive'", "cryoscope inspect --help"],
    [["images"], "missing required argument 'archive'", "cryoscope images --help"],
    [["extract", "a.tar"], "missing required argument 'pattern'", "cryoscope extract --help"],
    [["secure"], "missing required argument 'path'", "cryoscope secure --help"],
    [["completion"], "missing required argument 'shell'", "cryoscope completion --help"],
    [["list", "--nope"], "unknown option '--nope'", "cryoscope list --help"],
    [["memory", "ls", "x", "--bad"], "unknown option '--bad'", "cryoscope memory ls --help"],
    [["memory", "ls"], "missing required argument 'archive'", "cryoscope memory ls --help"],
    [["memory", "--bad"], "unknown option '--bad'", "cryoscope memory --help"],
    [["memory", "raed"], "unknown command 'raed' (did you mean read?)", "cryoscope memory --help"],
    [["ls", "--nope"], "unknown option '--nope'", "cryoscope ls --help"],
    [
      ["inspect", "--revel", "x"],
      "unknown option '--revel' (did you mean --reveal?)",
      "cryoscope inspect --help",
    ],
    [
      ["inspect", "a", "b"],
      "too many arguments for 'inspect': expected 1 argument but got 2",
      "cryoscope inspect --help",
    ],
    [
      ["inspect", "x", "--spool"],
      "option '--spool <dir>' argument missing",
      "cryoscope inspect --help",
    ],
    [
      ["inspect", "--max-expansion", "many", "x"],
      "option '--max-expansion <ratio>' argument 'many' is invalid: give a whole number of times",
      "cryoscope inspect --help",
    ],
  ])("%j", async (argv, what, next) => {
    expect(await run(argv)).toEqual({
      code: 2,
      out: "",
      err: `cryoscope: ${what}\n  next     ${next}\n`,
    });
  });

  it.each<[string[], string, string]>([
    [["inspect", "-o", "xml", "x"], "argument 'xml' is invalid", "table, wide, json, yaml"],
    [["list", "--permissions", "all"], "argument 'all' is invalid", "root, owner, any"],
    [["extract", "--links", "follow", "x", "y"], "argument 'follow' is invalid", "skip, keep"],
    [["completion", "tcsh"], "'tcsh' is invalid", "bash, zsh, fish"],
    [["inspect", "--show", "ghosts", "x"], 'no section "ghosts"', "container, archive, runtime"],
    [["secure", "--permissions", "any", "x"], "fit for anybody", "--permissions root or owner"],
    [["extract", "x", "a!"], '"a!" is no pattern', "a name or glob, or OUTER!INNER"],
  ])("%j says what would have been right", async (argv, what, allowed) => {
    const { code, out, err } = await run(argv);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    const [first, ...rest] = err.split("\n");
    expect(first).toContain(what);
    expect(rest.some((line) => line.startsWith(`  allowed  ${allowed}`))).toBe(true);
    expect(rest.some((line) => line.startsWith("  next     cryoscope "))).toBe(true);
  });

  it("shows foreign words as what they are", async () => {
    const { err } = await run(["\u001b[31m\n"]);
    expect(err).toContain("unknown command '\\x1b[31m\\n'");
  });
});

describe("-o json gives errors as JSON, however it is written", () => {
  it.each([
    [["-o", "json"]],
    [["-ojson"]],
    [["--output", "json"]],
    [["--output=json"]],
    [["-qo", "json"]],
    [["-qojson"]],
  ])("%j", async (flags) => {
    const { code, err } = await run(["inspect", ...flags, "no such file"]);
    expect(code).toBe(3);
    expect(JSON.parse(err)).toMatchObject({
      apiVersion: "cryoscope/v1",
      kind: "Error",
      error: { kind: "archive", exitCode: 3, where: { path: "no such file" } },
    });
  });

  it.each([[["-o", "yaml"]], [["--output-file", "json"]], [[]]])("but not %j", async (flags) => {
    const { err } = await run(["inspect", ...flags, "no such file"]);
    expect(err).toMatch(/^cryoscope: there is no file no such file\n/);
  });
});

describe("--debug", () => {
  it("adds where a fault came from; without it no stack is shown", async () => {
    const bare = await run(["inspect", "no such file"]);
    expect(bare.err).not.toMatch(/^ +at /m);
    const { code, err } = await run(["inspect", "--debug", "no such file"]);
    expect(code).toBe(3);
    expect(err.startsWith(bare.err)).toBe(true);
    expect(err).toMatch(/^ArchiveError: there is no file no such file\n +at /m);
  });

  it("changes nothing where all is well", async () => {
    const copy = privateCopy(crioCounter);
    const words = ["inspect", "--permissions", "owner", copy];
    expect(await run([...words, "--debug"])).toEqual(await run(words));
  });
});
