import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import {
  accessSync,
  chmodSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { removeTree } from "../../../src/archive/remove-tree.ts";
import type { CommandManual } from "../../../src/cli/manual/command-manual.ts";

/** What examples may run besides this repository's own command. */
const programs =
  "bash basename cat chmod cmp cp cut date diff dirname false find grep gzip head install ls mkdir mktemp mv od printf readlink rm sed sh sha256sum sleep sort stat tail tar tee touch tr true uniq wc xargs".split(
    " ",
  );

/** Not empty: jq itself is to be asked, and not what stands in for it. */
const realJq = process.env["CRYOSCOPE_REAL_JQ"] ?? "";

/** Where the paths of examples lie in here. */
const elsewhere =
  /(?<![\w./-])\/(?=(var\/lib\/kubelet|var\/lib\/node_exporter|var\/log|mnt|srv)\b)/g;

export interface Call {
  /** `cryoscope`, or `kubectl-cryoscope`. */
  program: string;
  argv: string[];
  dry: boolean;
}

export interface Done {
  code: number;
  /** With the paths of the example, not of this machine. */
  out: string;
  err: string;
}

/** A shell for examples, and the process in which the command runs. */
export class ExampleShell {
  readonly #server: ChildProcess;
  readonly #port: number;
  readonly folder: string;

  private constructor(server: ChildProcess, port: number, folder: string) {
    this.#server = server;
    this.#port = port;
    this.folder = folder;
  }

  static async start(manuals: readonly CommandManual[]): Promise<ExampleShell> {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "cryoscope-examples-")));
    for (const name of ["bin", "home", "home/.config/fish/completions", "calls", "calls/nothing"])
      mkdirSync(join(folder, name), { mode: 0o700, recursive: true });
    for (const name of realJq === "" ? programs : [...programs, "jq"]) {
      const found = ["/bin", "/usr/bin"].map((path) => join(path, name)).find(isProgram);
      if (found !== undefined) symlinkSync(found, join(folder, "bin", name));
    }
    const server = fork(fileURLToPath(new URL("./server.js", import.meta.url)), {
      cwd: folder,
      env: { HOME: join(folder, "home") },
      execArgv: [],
    });
    // One that ends before it speaks has said on stderr why: a package is missing, or the build.
    const ended = once(server, "exit").then(([code]) => {
      throw new Error(`server.js ended with code ${code} before the first example`);
    });
    ended.catch(() => undefined);
    const [{ port }] = (await Promise.race([once(server, "message"), ended])) as [{ port: number }];
    server.send({ commands: Object.fromEntries(manuals.map((it) => [it.words, traits(it)])) });
    return new ExampleShell(server, port, folder);
  }

  /** Runs commands in one shell, in a new folder or in one that is given. */
  async run(
    commands: readonly { text: string; dry: boolean }[],
    folder: string,
  ): Promise<{ done: Done[]; calls: Call[] }> {
    const calls = join(this.folder, "calls");
    const result = (at: number, what: string): string => join(calls, `${at}.${what}`);
    const script = commands.map(({ text, dry }, at) => {
      const body = text.replace(elsewhere, `${folder}/`);
      const run = `{ ${body}\n} >${quoted(result(at, "out"))} 2>${quoted(result(at, "err"))} </dev/null\necho $? >${quoted(result(at, "code"))}`;
      return dry ? `dry\n${run}\nwet` : run;
    });
    const prelude = fileURLToPath(new URL("./prelude.sh", import.meta.url));
    writeFileSync(
      join(calls, "script.sh"),
      [`. ${quoted(prelude)}`, `cd ${quoted(folder)}`, ...script, ""].join("\n"),
    );
    for (const at of commands.keys()) writeFileSync(result(at, "code"), "none\n");
    const bash = spawn("bash", ["--norc", "--noprofile", join(calls, "script.sh")], {
      env: {
        PATH: join(this.folder, "bin"),
        HOME: join(this.folder, "home"),
        USER: userInfo().username,
        LANG: "C.UTF-8",
        REAL_JQ: realJq,
        EXAMPLES: calls,
        EXAMPLES_PORT: String(this.#port),
      },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    bash.stderr.on("data", (chunk) => (said += chunk));
    await once(bash, "close");
    this.#server.send({ calls: true });
    const [answer] = (await once(this.#server, "message")) as [{ calls: Call[] }];
    const { username, uid } = userInfo();
    const done = commands.map((_, at) => {
      const code = Number.parseInt(readFileSync(result(at, "code"), "utf8"), 10);
      // What bash cannot parse ends the script.
      if (Number.isNaN(code)) return { code: 98, out: "", err: said };
      const text = (what: string): string =>
        readFileSync(result(at, what), "utf8")
          .replaceAll(`${folder}/`, "/")
          // Archives are of whoever runs the test; on a node they are root's.
          .replaceAll(new RegExp(`\\b(?:${username}|uid ${uid})(?![\\w-])`, "g"), "root");
      return { code, out: text("out"), err: text("err") };
    });
    return { done, calls: answer.calls };
  }

  async stop(): Promise<void> {
    this.#server.disconnect();
    await once(this.#server, "exit");
    removeTree(this.folder);
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What has to be known of a command to call it as somebody else, somewhere else. */
function traits({ options, arguments: rows, words }: CommandManual): object {
  return {
    values: options
      .filter(([flags]) => flags.includes("<"))
      .flatMap(([flags]) => flags.match(/(?<![\w-])--?[\w-]+/g) ?? []),
    gate: options.some(([flags]) => flags.startsWith("--permissions")),
    folder: words === "list" || (words === "audit" && rows.length > 0),
  };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A folder of a block's own. */
export function blockFolder(shell: ExampleShell): string {
  const folder = mkdtempSync(join(shell.folder, "block-"));
  chmodSync(folder, 0o700);
  return folder;
}
