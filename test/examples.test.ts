import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CommanderError } from "commander";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { everyManual } from "../bin/dev/manuals/index.ts";
import { asTyped, type CalledAs } from "../src/cli/calling.ts";
import { processIo } from "../src/cli/io.ts";
import { pluginPages } from "../src/cli/manual/plugin-pages.ts";
import { buildProgram } from "../src/cli/program.ts";
import {
  type Block,
  bareCommand,
  printedAsShown,
  type Step,
  shellBlocks,
} from "./support/examples/blocks.ts";
import { foreign, setApart, shownCodes } from "./support/examples/set-apart.ts";
import { blockFolder, type Call, type Done, ExampleShell } from "./support/examples/shell.ts";
import { layOut } from "./support/examples/things.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const documents = [
  "README.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .map((path) => `docs/${path}`)
    .sort(),
].map((name) => ({ name, blocks: shellBlocks(readFileSync(join(root, name), "utf8")) }));
documents.push({
  name: "help of the plugin",
  blocks: Object.values(pluginPages).map(({ examples }, at) => ({
    line: at + 1,
    steps: examples.map(([line]) => ({
      text: asTyped(line, "kubectl-cryoscope"),
      line: at + 1,
      shown: undefined,
    })),
  })),
});
const manuals = everyManual();
/** Commands that say by exit code 1 that something was found; of a search it says that nothing was. */
const finders = manuals
  .filter(({ exits, words }) => words !== "memory search" && exits.some(([code]) => code === 1))
  .map(({ words }) => words);

let shell: ExampleShell;
beforeAll(async () => {
  shell = await ExampleShell.start(manuals);
});
afterAll(() => shell.stop());

describe.each(documents.filter(({ blocks }) => blocks.length > 0))("$name", ({ name, blocks }) => {
  it.each(blocks.map((block) => [block.line, block] as const))("line %d", async (_line, block) => {
    expect(await faultsOf(name, block)).toBe("");
  });
});

/** Runs what can run, and asks the command line whether it takes the rest. */
async function faultsOf(name: string, block: Block): Promise<string> {
  const steps = block.steps.map((step) => ({ ...step, dry: isApart(step) }));
  const folder = blockFolder(shell);
  await layOut(folder, block.steps.map(({ text }) => text).join("\n"));
  const { done, calls } = await shell.run(steps, folder);
  const wrong = steps.flatMap((step, at) =>
    step.dry ? [] : faults(step, done[at] as Done).map((it) => `${name}:${step.line}: ${it}`),
  );
  return [...wrong, ...calls.flatMap(usageFault)].join("\n\n");
}

function isApart({ text }: Step): boolean {
  return setApart[bareCommand(text)] !== undefined || foreignProgram(text) !== undefined;
}

/** The program of a line that does not call ours; what an image of ours is given is checked. */
function foreignProgram(text: string): string | undefined {
  // Elsewhere it is the name of something, such as an image.
  if (/(?:^|[|&;(])\s*(?:sudo |kubectl )?cryoscope\s/m.test(text.replaceAll("\\\n", " ")))
    return undefined;
  const program = /^(?:sudo )?(\w+)/.exec(text)?.[1] ?? "";
  return foreign[program] === undefined ? undefined : program;
}

function faults({ text, shown }: Step, { code, out, err }: Done): string[] {
  const said = `${text}\n${start(err)}`;
  const wanted = shownCodes[bareCommand(text)];
  const right =
    wanted === undefined ? code === 0 || (code === 1 && mayFind(text)) : code === wanted;
  if (!right) return [`ends with ${code}: ${said}`];
  if (shown === undefined || printedAsShown(out + err, shown)) return [];
  return [`prints something else than is shown: ${text}\n${start(out + err)}`];
}

function start(text: string): string {
  return text.split("\n").slice(0, 30).join("\n");
}

function mayFind(text: string): boolean {
  return finders.some((words) => words !== "" && text.includes(`cryoscope ${words}`));
}

/** What the command line would not take, also where the example could not run. */
function usageFault({ program, argv }: Call): string[] {
  const io = { ...processIo(async () => 70), calledAs: program as CalledAs };
  const tree = buildProgram(io, () => {});
  const idle = (command: typeof tree): void => {
    command.action(() => {});
    for (const below of command.commands) idle(below);
  };
  for (const command of tree.commands) idle(command);
  try {
    if (argv.length > 0) tree.parse(argv, { from: "user" });
    return [];
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? [] : [`${program} ${argv.join(" ")}\n${error.message}`];
  }
}

describe("examples", () => {
  const all: readonly Step[] = documents.flatMap(({ blocks }) =>
    blocks.flatMap(({ steps }: Block) => steps),
  );

  it("are set apart only where they stand in a document", () => {
    const texts = new Set(all.map(({ text }) => bareCommand(text)));
    const named = [...Object.keys(setApart), ...Object.keys(shownCodes)];
    expect(named.filter((text) => !texts.has(text))).toEqual([]);
  });

  it("name scripts of npm that there are", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    for (const { text } of all) {
      const name = /^npm (?:run )?(start|test|run|[\w:]+)/.exec(text)?.[1];
      if (name === undefined || /^(install|pack|ci)$/.test(name)) continue;
      expect(Object.keys(scripts), text).toContain(name);
    }
  });
});

describe("a wrong example", () => {
  const wrong = async (...lines: string[]): Promise<string> => {
    const [block] = shellBlocks(["```console", ...lines, "```"].join("\n"));
    return faultsOf("x.md", block as Block);
  };

  it.each([
    [
      "an option that is not there",
      "$ cryoscope inspect --nope cart.tar",
      "unknown option '--nope'",
    ],
    ["an archive that nobody made", "$ cryoscope inspect other.tar", "there is no file other.tar"],
    [
      "a search that finds nothing",
      "$ cryoscope memory search --text zebra cart.tar",
      "ends with 1",
    ],
    [
      "a comment without its sign",
      "$ cryoscope inspect cart.tar   all of it",
      "too many arguments",
    ],
    ["a program that nobody chose", "$ cryoscope list | wget -", "may not run wget"],
    ["a quote too many", "$ cryoscope inspect 'cart.tar", "ends with 98"],
    ["a folder that is not there", "$ cryoscope extract FILE dump.log -C new", "ends with 4"],
    ["a filter that is none", "$ cryoscope inspect -o json FILE | jq '.['", "ends with"],
  ])("%s", async (_what, line, said) => {
    expect(await wrong(line)).toContain(said);
  });

  it("shows what is not printed", async () => {
    const line = "$ cryoscope inspect -o json cart.tar | jq -r .runtime.engine";
    expect(await wrong(line, "cri-o")).toBe("");
    expect(await wrong(line, "cri…")).toBe("");
    expect(await wrong(line, "…", "cri-o", "…")).toBe("");
    expect(await wrong(line, "containerd")).toContain("prints something else");
    expect(await wrong(line, "cri-o", "and more")).toContain("prints something else");
  });

  it("is set apart, and yet nothing that the command line would take", () => {
    const call = { program: "cryoscope", dry: true };
    expect(usageFault({ ...call, argv: ["node", "--all"] })).toEqual([]);
    expect(usageFault({ ...call, argv: ["node", "--every"] })[0]).toContain("unknown option");
    expect(usageFault({ ...call, argv: ["restore", "plan"] })[0]).toContain("missing required");
  });
});
