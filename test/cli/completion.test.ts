import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { processIo } from "../../src/cli/io.ts";
import { buildProgram } from "../../src/cli/program.ts";
import { command } from "../support/built.ts";
import { run } from "../support/run.ts";
import { scratch } from "../support/samples.ts";

const shells = ["bash", "zsh", "fish"] as const;

/** Every command with its flags, as the parser knows them. */
const commands = buildProgram(
  processIo(async () => 70),
  () => {},
).commands.map((command) => ({
  name: command.name(),
  aliases: [...command.aliases(), ...command.commands.map((below) => below.name())],
  flags: [command, ...command.commands]
    .flatMap(({ options }) => options)
    .flatMap(({ long, short }) => [long, short].filter((flag) => flag != null)),
}));

async function script(shell: string): Promise<string> {
  const { code, out, err } = await run(["completion", shell]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return out;
}

async function scriptFile(shell: string): Promise<string> {
  const file = join(scratch(), `cryoscope.${shell}`);
  writeFileSync(file, await script(shell));
  return file;
}

const installed = (program: string): boolean =>
  spawnSync(program, ["-c", "exit 0"]).error === undefined;

describe.each(shells)("the script for %s", (shell) => {
  it("knows every command and every flag", async () => {
    const text = await script(shell);
    for (const { name, aliases, flags } of commands) {
      for (const verb of [name, ...aliases]) {
        expect(text, verb).toMatch(new RegExp(`\\b${verb}\\b`));
      }
      for (const flag of flags as string[]) {
        // fish has its own spelling: -l output -s o.
        const spelled =
          shell !== "fish"
            ? flag
            : flag.startsWith("--")
              ? `-l ${flag.slice(2)}`
              : `-s ${flag.slice(1)}`;
        expect(text.includes(spelled), `${name} ${flag}`).toBe(true);
      }
    }
  });

  it.skipIf(!installed(shell))("is a script that the shell can read", async () => {
    const file = await scriptFile(shell);
    execFileSync(shell, shell === "fish" ? ["--no-execute", file] : ["-n", file]);
  });
});

/** What bash would offer for the last of the words. */
async function offered(...words: string[]): Promise<string[]> {
  const file = await scriptFile("bash");
  const quoted = words.map((word) => `'${word}'`).join(" ");
  const program = `
    cryoscope() { '${process.execPath}' '${command}' "$@"; }
    source ${file}
    COMP_WORDS=(cryoscope ${quoted})
    COMP_CWORD=${words.length}
    _cryoscope
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync("bash", ["--norc", "-c", program], {
    encoding: "utf8",
  });
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  return stdout.split("\n").filter((line) => line !== "");
}

describe("bash offers", () => {
  it("verbs first", async () => {
    const verbs = await offered("");
    for (const { name } of commands) expect(verbs).toContain(name);
    expect(await offered("ins")).toEqual(["inspect"]);
    expect(await offered("--v")).toEqual(["--version"]);
  });

  it("flags of the verb", async () => {
    expect(await offered("inspect", "--rev")).toEqual(["--reveal"]);
    expect(await offered("images", "--ne")).toEqual(["--nested"]);
    expect(await offered("images", "--rev")).toEqual([]);
    expect(await offered("inspect", "--output-")).toEqual(["--output-file"]);
    expect(await offered("ls", "--perm")).toEqual(["--permissions"]);
  });

  it("values of flags", async () => {
    expect(await offered("inspect", "-o", "")).toEqual(["table", "wide", "json", "yaml"]);
    expect(await offered("inspect", "--output", "j")).toEqual(["json"]);
    expect(await offered("list", "--permissions", "")).toEqual(["root", "owner", "any"]);
    expect(await offered("extract", "a.tar", "--links", "k")).toEqual(["keep"]);
  });

  it("the commands below a command, and their flags", async () => {
    expect(await offered("memory", "r")).toEqual(["read"]);
    expect(await offered("memory", "search", "--pi")).toEqual(["--pid"]);
  });

  it("shells", async () => {
    expect(await offered("completion", "")).toEqual(["bash", "zsh", "fish"]);
    expect(await offered("completion", "z")).toEqual(["zsh"]);
  });

  it("names of the kubeconfig, none of which is run", async () => {
    const file = join(scratch(), "kubeconfig");
    const mark = join(scratch(), "mark");
    const contexts = [{ name: "lab" }, { name: "prod" }, { name: `$(touch ${mark})` }];
    writeFileSync(file, JSON.stringify({ contexts }));
    const words = ["node", "--kubeconfig", file, "--context"];
    expect(await offered(...words, "")).toEqual(contexts.map(({ name }) => name));
    expect(await offered(...words, "p")).toEqual(["prod"]);
    expect(await offered(...words, "x")).toEqual([]);
    expect(existsSync(mark)).toBe(false);
  });

  it("nothing of its own where a file belongs: bash itself completes those", async () => {
    expect(await offered("inspect", "")).toEqual([]);
    expect(await offered("inspect", "--output-file", "")).toEqual([]);
    expect(await script("bash")).toContain("-o default -F _cryoscope cryoscope");
  });
});
