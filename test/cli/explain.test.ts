import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { unsafe } from "../report/unsafe.ts";
import { run } from "../support/run.ts";
import {
  containerdCounter,
  crioCounter,
  privateCopy,
  rich,
  samplePath,
  scratch,
} from "../support/samples.ts";

const owner = ["--permissions", "owner"];
const excerpt = (name: string): string =>
  fileURLToPath(new URL(`../diagnose/excerpts/${name}.log`, import.meta.url));
const schema = JSON.parse(
  readFileSync(new URL("../../src/report/schema/log-explanation.json", import.meta.url), "utf8"),
) as object;
const fits = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);

async function* chunks(...parts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

/** A log of its own with that text. */
function logOf(text: string): string {
  const path = join(scratch(), "dump.log");
  writeFileSync(path, text);
  return path;
}

describe("explain", () => {
  it("says what failed, why, and what helps", async () => {
    const { code, out, err } = await run(["explain", excerpt("tcp")]);
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(out).toMatch(/^✗ .*tcp\.log: the dump failed$/m);
    expect(out).toContain("CRIU 4.2.1, Linux 6.18.0 x86_64");
    expect(out).toMatch(/✗ +\d+ {2}inet: Connected TCP socket, consider using/);
    expect(out).toContain("Cause\n  the container holds an open TCP connection");
    expect(out).toContain('put the line "tcp-established" into /etc/criu/runc.conf (crun: ');
    expect(out).toContain("https://github.com/checkpoint-restore/criu/issues/589\n");
    expect(out).toMatch(/harmless +rlimit: .*\n.*follows from it +Dump files/);
    expect(out).not.toContain("Timeline");
  });

  it.each([crioCounter, containerdCounter, samplePath("crio/counter-runc.tar")])(
    "reads the log of the archive %s, which ended well",
    async (path) => {
      const copy = privateCopy(path);
      const { code, out, err } = await run(["explain", "--timeline", ...owner, copy]);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toMatch(/^✓ dump\.log: the dump went well; what it complained of did no harm$/m);
      expect(out).toMatch(/process \d+ counter +.*(?:memory|state) /);
      expect(out).toMatch(/Frozen for +0\.\d+ s/);
      const json = await run(["explain", "-o", "json", ...owner, copy]);
      expect(fits(JSON.parse(json.out)), JSON.stringify(fits.errors)).toBe(true);
    },
  );

  it("fits its schema, whatever the log", async () => {
    const names = ["tcp", "pages-cut", "no-images", "pid-taken", "traced", "tcp-network-lock"];
    for (const name of names) {
      const { code, out } = await run(["explain", "-o", "json", excerpt(name)]);
      expect(code).toBe(1);
      expect(fits(JSON.parse(out)), JSON.stringify(fits.errors)).toBe(true);
    }
  });

  it("reads standard input, a log or an archive", async () => {
    const log = readFileSync(excerpt("locks"), "utf8");
    for (const argv of [["explain"], ["explain", "-"]]) {
      const { code, out } = await run(argv, { stdin: chunks(log.slice(0, 7), log.slice(7)) });
      expect(code).toBe(1);
      expect(out).toMatch(/^✗ -: the dump failed$/m);
    }
    const archive = readFileSync(crioCounter);
    for (const bytes of [archive, gzipSync(archive, { level: 1 })]) {
      const ran = await run(["explain", "-", "--permissions", "any"], {
        stdin: chunks(bytes.subarray(0, 100), bytes.subarray(100)),
      });
      expect(ran.out).toMatch(/^✓ dump\.log: the dump went well/m);
      expect(ran.code).toBe(0);
    }
  });

  it("asks the gate for archives, and not for logs", async () => {
    const copy = privateCopy(crioCounter);
    chmodSync(copy, 0o644);
    expect((await run(["explain", ...owner, copy])).code).toBe(4);
    expect((await run(["explain", excerpt("tcp")])).code).toBe(1);
  });

  it("takes another log of the archive by its name", async () => {
    const copy = privateCopy(crioCounter);
    const { code, out } = await run(["explain", "--log", "dump.log", "-q", ...owner, copy]);
    expect({ code, out }).toEqual({ code: 0, out: "dump.log succeeded\n" });
    const other = await run(["explain", "--log", "io.kubernetes.cri-o.LogPath", ...owner, copy]);
    expect(other.code).toBe(0);
    expect(other.out).toContain("no error is in it");
    const gone = await run(["explain", "--log", "restore.log", ...owner, copy]);
    expect(gone.code).toBe(3);
    expect(gone.err).toContain("there is no log restore.log");
    const plain = await run(["explain", "--log", "dump.log", excerpt("tcp")]);
    expect(plain.code).toBe(2);
    expect(plain.err).toContain("is a log itself");
  });

  it("reads logs that lie among images, each with what it tells", async () => {
    const folder = scratch();
    const dump = join(folder, "checkpoint");
    mkdirSync(dump, { mode: 0o700 });
    writeFileSync(join(dump, "inventory.img"), Buffer.from("19435654", "hex"), { mode: 0o600 });
    for (const [name, from] of [
      ["dump.log", "tcp"],
      ["restore.log", "pid-taken"],
    ] as const) {
      writeFileSync(join(dump, name), readFileSync(excerpt(from)), { mode: 0o600 });
    }
    const { code, out } = await run(["explain", "-q", ...owner, folder]);
    expect({ code, out: out.split("\n").sort() }).toEqual({
      code: 1,
      out: [
        "",
        "checkpoint/dump.log failed tcp-established",
        "checkpoint/restore.log failed pid-taken",
      ],
    });
  });

  it.each([
    ["an archive without logs", () => privateCopy(rich), "the archive holds no log of CRIU's"],
    ["an empty log", () => logOf(""), "the log is empty"],
    ["a text of something else", () => logOf("hello\nworld\n"), "this is no log that we can read"],
    ["no file at all", () => join(scratch(), "gone.log"), "gone.log"],
  ])("says of %s that there is nothing to read", async (_, path, what) => {
    const { code, err, out } = await run(["explain", ...owner, path()]);
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(err).toContain(what);
  });

  it("says of a new error that it is new, and of a log that breaks off that it does", async () => {
    const stamp =
      "(00.000010) Version: 4.2.1 (gitid 0)\n(00.000020) Dumping task (pid: 1 comm: a)\n";
    const unknown = await run([
      "explain",
      logOf(`${stamp}(00.1) x\n(00.200000) Error (criu/a.c:1): moon\n`),
    ]);
    expect(unknown.code).toBe(1);
    expect(unknown.out).toContain("not known: this error is new to cryoscope");
    const cut = await run(["explain", logOf(`${stamp}(00.3`)]);
    expect(cut.code).toBe(1);
    expect(cut.out).toContain("the log breaks off in the middle of a line");
  });

  it("shows as many lines around as it is asked for", async () => {
    const path = excerpt("tcp");
    const around = async (count: string): Promise<number> => {
      const { out } = await run(["explain", "-o", "json", "--context", count, path]);
      const { before, after } = JSON.parse(out).items[0].finding;
      return before.length + after.length;
    };
    expect([await around("0"), await around("1"), await around("2")]).toEqual([0, 2, 4]);
    expect((await run(["explain", "--context", "x", path])).code).toBe(2);
  });

  it("lets nothing of a log reach the terminal as it is, and no secret at all", async () => {
    const evil = "\u001b[2J\u202e\u009b31m\u0007";
    const path = logOf(
      `(00.000010) Version: ${evil}1\n(00.000011) CRIU run id = ${evil}\n(00.000020) Dumping task (pid: 1 comm: ${evil})\n(00.1) PASSWORD=hunter2 ${evil}\n(00.200000) Error (criu/a.c:1): moon ${evil} token=hunter2\n`,
    );
    for (const format of ["table", "wide", "json", "yaml"]) {
      const { out } = await run(["explain", "--timeline", "-o", format, path], { columns: 80 });
      expect(out.replaceAll("\n", "")).not.toMatch(unsafe);
      expect(out).not.toContain("hunter2");
    }
    expect((await run(["explain", "--reveal", path])).out).toContain("token=hunter2");
  });

  it("keeps to the width of a terminal, with colour that says nothing by itself", async () => {
    const { out } = await run(["explain", excerpt("inotify")], { columns: 80, colour: true });
    expect(out).toContain("\u001b[31m✗\u001b[39m");
    const bare = await run(["explain", "--no-color", excerpt("inotify")], {
      columns: 80,
      colour: true,
    });
    expect(bare.out).not.toContain("\u001b");
  });
});
