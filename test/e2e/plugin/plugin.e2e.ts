import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { fakeApi, json, kubeconfig, recorded, type Script } from "../../support/fake-cluster.ts";
import type { Ran } from "../../support/run.ts";
import { scratch } from "../../support/samples.ts";

/**
 * A real kubectl with the plugin on its PATH: as npm installs it, and as links to the one-file
 * executable where that was built (npm run build:exe). The API server is the stand-in of the other
 * tests. CRYOSCOPE_KUBECTL names several kubectl with `:` between them.
 */
const root = fileURLToPath(new URL("../../../", import.meta.url));
const names = ["cryoscope", "kubectl-cryoscope", "kubectl_complete-cryoscope"];
const kubectls = (process.env["CRYOSCOPE_KUBECTL"] ?? "kubectl").split(":").filter(works);
const executable = join(root, `out/cryoscope-linux-${process.arch}`);
const { bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  bin: Record<string, string>;
};

function works(kubectl: string): boolean {
  const { status } = spawnSync(kubectl, ["version", "--client"]);
  if (status !== 0) console.log(`left out: ${kubectl} does not run here`);
  return status === 0;
}

/** A folder for PATH with a link of each name. */
function installed(target: (name: string) => string): string {
  const folder = join(scratch(), "bin");
  mkdirSync(folder);
  for (const name of names) symlinkSync(target(name), join(folder, name));
  return folder;
}

const ways: [string, () => string][] = [
  ["as npm installs it", () => installed((name) => join(root, bin[name] as string))],
];
if (existsSync(executable)) ways.push(["the executable", () => installed(() => executable)]);
else console.log(`left out: ${executable} was not built (npm run build:exe)`);

const success = "cluster/proxy-a-success";
const pods = "GET /api/v1/namespaces/default/pods";
const objects: Script = [
  [`${pods}/web`, "cluster/pod-web"],
  [`${pods}?`, json({ items: [recorded("pod-counter"), recorded("pod-web")] })],
  ["GET /api/v1/namespaces?", json({ items: [{ metadata: { name: "default" } }] })],
  ["GET /api/v1/nodes?", json({ items: [recorded("node")] })],
  ["GET /api/v1/nodes/lab-node", "cluster/node"],
  ["POST /api/v1/nodes/lab-node/proxy/checkpoint/default/web/side", success],
];

describe.each(kubectls)("%s", (kubectl) => {
  describe.each(ways)("%s", (_, install) => {
    const start = (words: readonly string[], more: Record<string, string> = {}): Promise<Ran> =>
      new Promise((resolve, reject) => {
        const env = { PATH: `${install()}:${process.env["PATH"]}`, HOME: scratch(), ...more };
        const child = spawn(kubectl, words, { env, stdio: ["ignore", "pipe", "pipe"] });
        const texts = { out: "", err: "" };
        child.stdout.on("data", (chunk) => (texts.out += chunk));
        child.stderr.on("data", (chunk) => (texts.err += chunk));
        child.on("error", reject);
        child.on("close", (code) => resolve({ code: code ?? -1, ...texts }));
      });
    const completed = async (...words: string[]): Promise<string[]> => {
      const api = await fakeApi(objects);
      const { out } = await start(["__complete", "cryoscope", ...words], {
        KUBECONFIG: kubeconfig(api, { namespace: "default" }),
      });
      return out
        .trimEnd()
        .split("\n")
        .map((line) => line.split("\t")[0] as string);
    };

    it("is found", async () => {
      const { code, out } = await start(["plugin", "list"]);
      expect(code).toBe(0);
      expect(out).toMatch(/^\/.*\/bin\/kubectl-cryoscope$/m);
    });

    it("shows its help by the name that is typed", async () => {
      for (const words of [["cryoscope"], ["cryoscope", "--help"]]) {
        const { code, out, err } = await start(words);
        expect({ code, err }).toEqual({ code: 0, err: "" });
        expect(out).toMatch(/^Usage: kubectl cryoscope \[options\] \[command\]\n/);
      }
    });

    it("tells of the nodes of the cluster", async () => {
      const api = await fakeApi(objects);
      const words = ["cryoscope", "node", "--kubeconfig", kubeconfig(api)];
      const { out, err } = await start(words);
      expect(err).toBe("");
      expect(out).toContain("lab-node");
    });

    it("checkpoints a container, with kubectl's flags on either side", async () => {
      const file = kubeconfig(await fakeApi(objects), { namespace: "elsewhere" });
      const flags = ["-n", "default", "--context", "lab", "--kubeconfig", file];
      for (const words of [
        ["cryoscope", "checkpoint", "pod/web", "-c", "side", "-q", ...flags],
        ["cryoscope", ...flags, "checkpoint", "web/side", "-q"],
      ]) {
        const { code, out, err } = await start(words);
        expect({ code, err }, words.join(" ")).toEqual({ code: 0, err: "" });
        expect(out).toMatch(/^\/var\/lib\/kubelet\/checkpoints\/.*\.tar\n$/);
      }
    });

    it("says what to type next, and hands its exit code on", async () => {
      const { code, err } = await start(["cryoscope", "checkpoint"]);
      expect(code).toBe(2);
      expect(err).toContain("next     kubectl cryoscope checkpoint --help");
    });

    it("opens a sample", async () => {
      const sample = join(root, "samples/podman/rich-crun.tar");
      const words = ["cryoscope", "ps", "--permissions", "any", "-o", "json", sample];
      const { code, out } = await start(words);
      expect(code).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ kind: "ProcessList" });
    });

    it("completes what is typed", async () => {
      expect(await completed("chec")).toEqual(["checkpoint", ":4"]);
      expect(await completed("checkpoint", "--all-c")).toEqual(["--all-containers", ":4"]);
      expect(await completed("inspect", "-o", "j")).toEqual(["json", ":4"]);
      expect(await completed("inspect", "")).toEqual([":0"]);
      expect(await completed("checkpoint", "--fetch", "")).toEqual([":16"]);
      expect(await completed("checkpoint", "")).toEqual(["counter", "web", "default/", ":4"]);
      expect(await completed("checkpoint", "def")).toEqual(["default/", ":6"]);
      expect(await completed("checkpoint", "pod/web", "-c", "s")).toEqual(["side", ":4"]);
      expect(await completed("node", "l")).toEqual(["lab-node", ":4"]);
      expect(await completed("node", "--context", "")).toEqual(["lab", ":4"]);
    });
  });
});

it.skipIf(kubectls.length > 0)("there is a kubectl here", () => {
  console.log("left out: there is no kubectl here");
});
