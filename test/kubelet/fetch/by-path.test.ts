import { createHash, randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { openHere } from "../../../src/kubelet/fetch/by-path.ts";
import { mayBeHere } from "../../../src/kubelet/fetch/here.ts";
import { json } from "../../support/fake-cluster.ts";
import { fakeReader, remotePath } from "../../support/fake-reader.ts";
import { fetching } from "../../support/fetching.ts";
import { run } from "../../support/run.ts";
import { scratch } from "../../support/samples.ts";
import { type StandIn, standIn } from "../../support/stand-in.ts";

const archive = randomBytes(2_500_000);
const sha256 = createHash("sha256").update(archive).digest("hex");
const name = basename(remotePath);

/** A folder like a kubelet's, with an archive in it; its path. */
function onDisk(): string {
  const folder = join(scratch(), "checkpoints");
  mkdirSync(folder);
  const path = join(folder, name);
  writeFileSync(path, archive, { mode: 0o600 });
  return path;
}

function direct(kubelet: StandIn, words: readonly string[]): ReturnType<typeof run> {
  const asked = ["--kubelet", kubelet.url, "--insecure-skip-tls-verify", "default/counter/counter"];
  return run(["checkpoint", ...asked, ...words]);
}

describe("--fetch on the node itself", () => {
  it("copies by path where a cluster's node is this machine: no pod is made", async () => {
    const path = onDisk();
    const { code, out, folder, reader } = await fetching({ path });
    expect(code).toBe(0);
    expect(JSON.parse(out).items[0].fetched).toMatchObject([
      { from: path, path: join(folder, name), way: "path", sha256, compared: true, removed: false },
    ]);
    expect(readFileSync(join(folder, name)).equals(archive)).toBe(true);
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(existsSync(path)).toBe(true);
    expect(reader.calls()).toEqual([]);
  });

  it("copies from a kubelet that was asked by its address; --remove-remote moves", async () => {
    const path = onDisk();
    const kubelet = await standIn(() => json({ items: [path] }));
    const folder = scratch();
    const ran = await direct(kubelet, ["--fetch", folder, "--remove-remote", "-q"]);
    expect(ran).toMatchObject({ code: 0, out: `${join(folder, name)}\n` });
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(folder)).toEqual([name]);
  });

  it("into the kubelet's own folder it says that it is there, and keeps it", async () => {
    const path = onDisk();
    const kubelet = await standIn(() => json({ items: [path] }));
    const ran = await direct(kubelet, ["--fetch", join(path, ".."), "--remove-remote"]);
    expect(ran.code).toBe(4);
    expect(ran.err).toContain("exists already");
    expect(readFileSync(path).equals(archive)).toBe(true);
  });

  it("behind a tunnel there is no such file, and only a command helps", async () => {
    const kubelet = await standIn(() => json({ items: [remotePath] }));
    const ran = await direct(kubelet, ["--fetch", scratch()]);
    expect(ran.code).toBe(5);
    expect(ran.err).toContain("no API server was asked");
    expect(ran.err).toContain("--fetch-command 'ssh {node} sudo cat {path}'");
  });

  it("of several archives one that fails does not keep the others back", async () => {
    const [one, other] = [onDisk(), onDisk()];
    const kubelet = await standIn(() => json({ items: [one, other, "/x", remotePath] }));
    const folder = scratch();
    const ran = await direct(kubelet, ["--fetch", folder, "-o", "json"]);
    expect(ran.code).toBe(5);
    const codes = JSON.parse(ran.out).items[0].fetched.map(
      ({ error }: { error: { code: string } | null }) => error?.code ?? "fine",
    );
    expect(codes).toEqual(["fine", "exists", "fetch-path", "no-way-to-fetch"]);
    expect(readdirSync(folder)).toEqual([name]);
  });

  it("follows no link, and takes no folder for an archive", async () => {
    const folder = scratch();
    symlinkSync(onDisk(), join(folder, "link"));
    await expect(openHere(join(folder, "link"))).rejects.toMatchObject({
      detail: { code: "archive-forbidden", found: "ELOOP" },
    });
    await expect(openHere(folder)).rejects.toMatchObject({ detail: { found: "no regular file" } });
    expect(await openHere(join(folder, "nothing"))).toBeUndefined();
  });

  it("knows addresses of this machine from others", () => {
    expect(["127.0.0.1", "localhost", "[::1]"].map(mayBeHere)).toEqual([true, true, true]);
    expect(["192.0.2.7", "worker-3", undefined].map(mayBeHere)).toEqual([false, false, false]);
  });
});

describe("--fetch-command", () => {
  const cat = (path: string, end = ""): string[] => [
    "--fetch-command",
    `sh -c 'cat "$1"${end}' {node} ${path === remotePath ? "{path}" : `${path} {path}`}`,
  ];

  it("brings what a program prints, and says that no hash was compared", async () => {
    const path = onDisk();
    const { code, out, folder, reader } = await fetching({}, cat(path));
    expect(code).toBe(0);
    expect(JSON.parse(out).items[0].fetched).toMatchObject([
      { from: remotePath, way: "command", sha256, sizeBytes: archive.length, compared: false },
    ]);
    expect(readdirSync(folder)).toEqual([name]);
    expect(reader.calls()).toEqual([]);
  });

  it("hands over node and path as words", async () => {
    const { folder } = await fetching({}, ["--fetch-command", "printf %s|%s {node} 'a {path}'"]);
    expect(readFileSync(join(folder, name), "utf8")).toBe(`lab-node|a ${remotePath}`);
  });

  it.each([
    [
      "that fails",
      ["--fetch-command", "sh -c 'echo half; echo no route >&2; exit 255' {path}"],
      5,
      "fetch-command-failed",
      "exit code 255: no route",
    ],
    [
      "that is killed",
      ["--fetch-command", "sh -c 'echo half; kill -9 $$' {path}"],
      5,
      "fetch-command-failed",
      "ended by SIGKILL",
    ],
    ["that prints nothing", ["--fetch-command", "true {path}"], 5, "fetch-size", "nothing"],
    [
      "that is not there",
      ["--fetch-command", "no-such-program-anywhere {path}"],
      2,
      "fetch-command",
      "no such program",
    ],
  ])("one %s leaves nothing", async (_name, words, code, word, found) => {
    const fetch = await fetching({}, words, { env: { PATH: process.env["PATH"] ?? "" } });
    expect(fetch.code).toBe(code);
    expect(fetch.error).toMatchObject({ code: word, found: expect.stringContaining(found) });
    expect(readdirSync(fetch.folder)).toEqual([]);
  });

  it("shows no password that the program speaks of", async () => {
    const words = ["--fetch-command", "sh -c 'echo password=hunter22 >&2; exit 1' {path}"];
    const fetch = await fetching({}, words, { env: { PATH: process.env["PATH"] ?? "" } });
    expect(fetch.err).not.toContain("hunter22");
  });

  it("is ended at Ctrl-C, also where it does not want to", async () => {
    const user = new AbortController();
    setTimeout(() => user.abort(), 700);
    const file = join(scratch(), "pid");
    const script = `echo $$ > ${file}; trap "" TERM; echo begun; exec sleep 600`;
    const words = ["--fetch-command", `sh -c '${script}' {path}`];
    const env = { PATH: process.env["PATH"] ?? "" };
    const fetch = await fetching({}, words, { interrupt: user.signal, env });
    expect(fetch.code).toBe(130);
    expect(readdirSync(fetch.folder)).toEqual([]);
    const pid = Number(readFileSync(file, "utf8"));
    const alive = (): boolean => existsSync(`/proc/${pid}/cmdline`);
    await vi.waitFor(() => expect(alive()).toBe(false), 5000);
  });
});

describe("options of --fetch", () => {
  it.each([
    [["--remove-remote"], "--remove-remote is of no use without --fetch"],
    [["--fetch-command", "cat {path}"], "--fetch-command is of no use without --fetch"],
    [["--fetch", ".", "--fetch-command", "cat {path}", "--remove-remote"], "compares no hash"],
    [["--fetch", ".", "--fetch-command", "cat"], "does not say which archive"],
    [["--fetch", ".", "--fetch-timeout", "0"], "too short or too long"],
    [["--fetch", ".", "--fetch-timeout", "200h"], "too short or too long"],
    [["--fetch", ".", "--fetch-timeout", "soon"], "--fetch-timeout is no time"],
    [["--fetch", ".", "--namespace-for-fetch", "a/b"], "namespace"],
    [["--fetch", ".", "--kubelet", "https://192.0.2.7:10250"], "asked by its address"],
  ])("%j", async (words, what) => {
    const reader = await fakeReader({ archive });
    const ran = await run(["checkpoint", "default/counter/counter", ...words]);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(what);
    expect(reader.api.asked).toEqual([]);
  });
});
