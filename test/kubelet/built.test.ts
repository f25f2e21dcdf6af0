import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { command } from "../support/built.ts";
import { fakeApi, kubeconfig } from "../support/fake-cluster.ts";
import { fakeReader, remotePath, sendOutput } from "../support/fake-reader.ts";
import type { Ran } from "../support/run.ts";
import { scratch } from "../support/samples.ts";

const objects = [
  ["GET /api/v1/namespaces/default/pods/counter", "cluster/pod-counter"],
  ["GET /api/v1/nodes/lab-node", "cluster/node"],
] as const;

/** Runs the built command beside this process, whose stand-ins have to answer it. */
function started(
  argv: readonly string[],
  begun?: (kill: (signal: NodeJS.Signals) => void) => void,
  below: readonly string[] = [],
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const [program = "", ...words] = [...below, process.execPath, command, ...argv];
    const child = spawn(program, words, {
      env: { PATH: process.env["PATH"] },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const texts = { out: "", err: "" };
    child.stdout.on("data", (chunk) => (texts.out += chunk));
    child.stderr.on("data", (chunk) => (texts.err += chunk));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? -1, ...texts }));
    begun?.((signal) => child.kill(signal));
  });
}

describe("the built command", () => {
  it("logs in with the bundled client and asks", async () => {
    const api = await fakeApi([...objects, ["POST ", "cluster/proxy-a-success"]]);
    const words = ["checkpoint", "--kubeconfig", kubeconfig(api), "default/counter"];
    const ran = await started([...words, "-o", "json"]);
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(ran.out)).toMatchObject({ items: [{ route: "proxy", error: null }] });
    const quiet = await started([...words, "-q"]);
    expect(quiet).toMatchObject({ code: 0, err: "", out: expect.stringMatching(/^\/.*\.tar\n$/) });
  });

  it("ends at Ctrl-C, leaves the connection, and says what that means", async () => {
    let stop: (signal: NodeJS.Signals) => void = () => {};
    const api = await fakeApi([
      ...objects,
      [
        "POST ",
        () => {
          stop("SIGINT");
          return "hang";
        },
      ],
    ]);
    const words = ["checkpoint", "--kubeconfig", kubeconfig(api), "default/counter"];
    const ran = await started(words, (kill) => {
      stop = kill;
    });
    expect(ran.code).toBe(130);
    expect(ran.out).toBe("");
    expect(ran.err).toContain("kubelet v1.36.2 cancels the checkpoint when its caller leaves");
    await api.asked.at(-1)?.left;
  });

  it("brings archives through a pod", async () => {
    const archive = randomBytes(5_000_000);
    const { api } = await fakeReader({ archive });
    const folder = scratch();
    const words = ["checkpoint", "--kubeconfig", kubeconfig(api), "default/counter"];
    const ran = await started([...words, "--fetch", folder, "-q"]);
    const path = join(folder, basename(remotePath));
    expect(ran).toEqual({ code: 0, err: "", out: `${path}\n` });
    expect(readFileSync(path).equals(archive)).toBe(true);
  });

  it("keeps nothing of an archive that the disk does not take", async () => {
    const reader = await fakeReader({ archive: randomBytes(3_000_000) });
    const folder = scratch();
    const words = ["checkpoint", "--kubeconfig", kubeconfig(reader.api), "default/counter"];
    const little = ["sh", "-c", 'ulimit -f 2000 && exec "$@"', "sh"];
    const ran = await started([...words, "--fetch", folder, "--remove-remote"], undefined, little);
    expect(ran.code).toBe(4);
    expect(ran.err).toMatch(/the archive does not fit into .*\n.*found +EFBIG/);
    expect(readdirSync(folder)).toEqual([]);
    expect(reader.calls()).toContain("DELETE");
    expect(reader.ran.map(([program]) => program)).not.toContain("rm");
  });

  it.each(["SIGINT", "SIGTERM"] as const)("at %s takes away what it has begun", async (signal) => {
    let stop: (signal: NodeJS.Signals) => void = () => {};
    const archive = randomBytes(1_000_000);
    const reader = await fakeReader({
      archive,
      programs: {
        cat: async (socket) => {
          await sendOutput(socket, archive.subarray(0, 500_000));
          setTimeout(() => stop(signal), 100);
        },
      },
    });
    const folder = scratch();
    const words = ["checkpoint", "--kubeconfig", kubeconfig(reader.api), "default/counter"];
    const ran = await started([...words, "--fetch", folder], (kill) => {
      stop = kill;
    });
    expect(ran.code).toBe(130);
    expect(ran.err).toContain("you stopped before the archive was here");
    expect(readdirSync(folder)).toEqual([]);
    expect(reader.calls()).toContain("DELETE");
  });
});
