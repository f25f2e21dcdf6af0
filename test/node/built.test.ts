import { spawn } from "node:child_process";
import { describe, expect, it } from "vitest";
import { command } from "../support/built.ts";
import { fakeApi, kubeconfig } from "../support/fake-cluster.ts";
import type { Ran } from "../support/run.ts";

/** Runs the built command beside this process, whose stand-in has to answer it. */
function started(
  argv: readonly string[],
  begun?: (kill: (signal: NodeJS.Signals) => void) => void,
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [command, ...argv], {
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
  it("reads this machine", async () => {
    const { out, err } = await started(["node", "-o", "json"]);
    expect(err).toBe("");
    expect(JSON.parse(out)).toMatchObject({ kind: "Node", source: "host" });
  });

  it("asks a cluster, and tells its faults as faults", async () => {
    const api = await fakeApi([
      ["GET /api/v1/nodes/lab-node/proxy", "cluster/node-not-found"],
      ["GET /api/v1/nodes/lab-node", "cluster/node"],
      ["GET ", "cluster/node-not-found"],
    ]);
    const known = await started(["node", "lab-node", "--kubeconfig", kubeconfig(api)]);
    expect(known).toMatchObject({
      code: 0,
      err: "",
      out: expect.stringMatching(/kubelet-version .* v1\.36\.2\n/),
    });
    const unknown = await started(["node", "nope", "--kubeconfig", kubeconfig(api)]);
    expect(unknown).toMatchObject({
      code: 5,
      out: "",
      err: expect.stringMatching(/^cryoscope: there is no node nope\n/),
    });
  });

  it("ends at Ctrl-C", async () => {
    let stop: (signal: NodeJS.Signals) => void = () => {};
    const api = await fakeApi([
      [
        "GET ",
        () => {
          stop("SIGINT");
          return "hang";
        },
      ],
    ]);
    const ran = await started(["node", "lab-node", "--kubeconfig", kubeconfig(api)], (kill) => {
      stop = kill;
    });
    expect(ran).toMatchObject({ code: 130, out: "" });
  });
});
