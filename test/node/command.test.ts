import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import yaml from "yaml";
import { apiNodeFacts } from "../../src/node/api.ts";
import { nodeDocument } from "../../src/node/document.ts";
import { verdicts } from "../../src/node/verdicts.ts";
import { renderJson } from "../../src/report/json.ts";
import { renderNode } from "../../src/report/node-view.ts";
import { unsafe } from "../report/unsafe.ts";
import {
  cmdline,
  containerd,
  criuTools,
  kubeadm,
  machine,
  nodeTree,
  type Tree,
} from "../support/node-tree.ts";
import { run } from "../support/run.ts";
import { scratch } from "../support/samples.ts";

type Json = { [key: string]: unknown };

const schema = JSON.parse(
  readFileSync(
    fileURLToPath(new URL("../../src/report/schema/node.json", import.meta.url)),
    "utf8",
  ),
) as Json;
const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);
const faultsOf = (document: unknown): string[] => {
  validate(document);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

const running: Tree = {
  "proc/812/cmdline": cmdline(
    "/usr/bin/kubelet",
    "--config=/var/lib/kubelet/config.yaml",
    "--container-runtime-endpoint=unix:///run/containerd/containerd.sock",
  ),
};
const whole = [machine, criuTools, kubeadm, containerd, running];
const node = (root: string, ...words: string[]) => run(["node", "--root", root, ...words]);

const recording = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`recordings/${name}.json`, import.meta.url), "utf8"));

/** A document of the API's side, from a real cluster. */
function apiDocument() {
  const facts = apiNodeFacts({
    node: recording("node"),
    lease: recording("lease"),
    configz: recording("configz-admin"),
  });
  return nodeDocument(facts, verdicts(facts, Date.parse("2026-11-21T22:24:00Z")));
}

describe("cryoscope node", () => {
  it("gives the answers, each need with what was found, and what to do", async () => {
    const { code, out, err } = await node(nodeTree(...whole));
    expect({ code, err }).toEqual({ code: 1, err: "" });
    for (const line of [
      /✗ +Checkpoint through the kubelet +no +runtime-socket, containerd-checkpoint\n/,
      /✓ +kubelet +a kubelet runs +pid 812\n/,
      /✓ +gate +the gate ContainerCheckpoint is on +on \(default\)\n/,
      /✗ +runtime-socket +the runtime listens +nothing there\n/,
      /✗ +containerd-checkpoint +containerd can checkpoint +1\.6\.20~ds1\n/,
      /\? +criu-check .* cannot tell: \/usr\/sbin\/criu: programs of another root are not run\n/,
      /✗ containerd-checkpoint: upgrade containerd to 2\.1 or newer\n/,
      /! watchdog: WatchdogSec=15s in a drop-in of kubelet\.service\n/,
      /cgroupDriver +systemd +\/var\/lib\/kubelet\/config\.yaml\n/,
    ]) {
      expect(out).toMatch(line);
    }
    expect(out).not.toMatch(/healthz|rotateCertificates +false/);
  });

  it("with -o wide shows defaults, needs and sources too", async () => {
    const { out } = await node(nodeTree(...whole), "-o", "wide");
    expect(out).toMatch(/NEEDED +FOR +SOURCE\n/);
    expect(out).toMatch(/runtimeRequestTimeout +2m0s +default\n/);
  });

  it("with -q names what keeps the node from a checkpoint", async () => {
    const { code, out } = await node(nodeTree(...whole), "-q");
    expect({ code, out }).toEqual({ code: 1, out: "runtime-socket\ncontainerd-checkpoint\n" });
  });

  it("leaves with 0 where nothing says no, and what cannot be told is no finding", async () => {
    const root = nodeTree(...whole, {
      "var/lib/dpkg/status":
        "Package: kubelet\nVersion: 1.36.2-1\n\nPackage: containerd\nVersion: 2.2.1-1\n\nPackage: criu\nVersion: 4.2.1-1\n",
      "var/lib/kubelet/config.yaml":
        "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n",
      "proc/812/cmdline": cmdline(
        "kubelet",
        "--config=/var/lib/kubelet/config.yaml",
        "--container-runtime-endpoint=containerd.sock",
      ),
    });
    const { code, out } = await node(root, "-o", "json");
    const { verdicts: found } = JSON.parse(out) as { verdicts: Json };
    expect(found["checkpoint"]).toEqual({
      answer: "unknown",
      because: ["oci-runtime", "criu-check"],
    });
    expect(code).toBe(0);
  });

  it("says of a root that is none what would be one", async () => {
    const file = join(scratch(), "file");
    writeFileSync(file, "");
    for (const root of [file, `${file}/x`, "/no/such/folder"]) {
      const { code, out, err } = await node(root);
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(err).toMatch(/there is no folder .*\n {2}allowed .*\n {2}next /);
    }
  });

  it("tells the truth of this machine, whatever it is", async () => {
    const { code, out, err } = await run(["node", "-o", "json"]);
    expect(err).toBe("");
    const document = JSON.parse(out) as { verdicts: { checkpoint: { answer: string } } };
    expect(faultsOf(document)).toEqual([]);
    expect(document).toMatchObject({
      source: "host",
      root: "/",
      machine: { kernel: { value: expect.any(String) } },
    });
    expect(code).toBe(document.verdicts.checkpoint.answer === "no" ? 1 : 0);
  });

  it("lets nothing of a hostile node reach the terminal as it is", async () => {
    const evil = "\u001b]0;x\u0007\u202e";
    const root = nodeTree(...whole, {
      "proc/sys/kernel/hostname": `h${evil}`,
      "etc/os-release": `PRETTY_NAME="a${evil}"\n`,
      "proc/812/cmdline": cmdline("kubelet", `--node-labels=${evil}`, `--root-dir=/x${evil}`),
      [`x${evil}/checkpoints`]: { folder: true, mode: 0o755 },
      "etc/criu/a.conf": `opt${evil} v${evil}\n`,
      "etc/containerd/config.toml": `evil = "${"\u202e"}`,
    });
    for (const format of ["table", "wide", "json", "yaml"]) {
      const { out, err } = await node(root, "-o", format);
      expect(out + err, format).not.toMatch(unsafe);
    }
  });

  it("never prints what is secret by its name", async () => {
    const root = nodeTree(...whole, {
      "proc/812/cmdline": cmdline(
        "kubelet",
        "--manifest-url-header=Authorization:Basic c2VjcmV0",
        "--some-token=hunter2",
        "--manifest-url=https://user:hunter2@example.org/",
      ),
    });
    for (const format of ["wide", "json"]) {
      const { out } = await node(root, "-o", format);
      expect(out).toContain("some-token");
      expect(out).not.toMatch(/hunter2|c2VjcmV0/);
    }
  });
});

describe("its document", () => {
  it("fits the schema, from whatever node", async () => {
    for (const trees of [[], [machine], whole]) {
      const { out } = await node(nodeTree(...trees), "-o", "json");
      expect(faultsOf(JSON.parse(out))).toEqual([]);
    }
    expect(faultsOf(JSON.parse([...renderJson(apiDocument())].join("")))).toEqual([]);
  });

  it("is the same in YAML", async () => {
    const root = nodeTree(...whole);
    const [asJson, asYaml] = [await node(root, "-o", "json"), await node(root, "-o", "yaml")];
    expect(yaml.parse(asYaml.out)).toEqual(JSON.parse(asJson.out));
  });

  it.each([
    ["kind", "node"],
    ["source", "guess"],
    ["machine.kernel.evidence", undefined],
    ["machine.cgroup.value", "v3"],
    ["kubelet.from", "magic"],
    ["kubelet.effective.settings.0.origin", undefined],
    ["kubelet.checkpoints.mode", "700"],
    ["tools.0.checkpoint.value", "yes"],
    ["engines.0.engine", "docker"],
    ["verdicts.rows.0.verdict", "perhaps"],
    ["verdicts.rows.0.remedy", undefined],
    ["verdicts.checkpoint.because", "x"],
    ["problems", undefined],
  ])("does not fit it with another %s", async (path, value) => {
    const { out } = await node(nodeTree(...whole), "-o", "json");
    const document = JSON.parse(out) as Json;
    const keys = path.split(".");
    const last = keys.pop() as string;
    let parent = document;
    for (const key of keys) parent = parent[key] as Json;
    if (value === undefined) delete parent[last];
    else parent[last] = value;
    expect(faultsOf(document)).not.toEqual([]);
  });

  it("of the API shows conditions, lease, addresses and taints", () => {
    const text = renderNode(apiDocument(), { headers: true, wide: false });
    for (const line of [
      /Addresses +10\.99\.0\.1 \(InternalIP\), lab-node \(Hostname\)\n/,
      /Taints +node\.kubernetes\.io\/not-ready:NoSchedule\n/,
      /Lease +renewed 2026-11-21T22:23:37\.840488Z\n/,
      /Ready +True +2026-11-21T22:23:17Z +KubeletReady +kubelet is posting ready status\n/,
      /✓ +lease +the kubelet renews its lease +22s ago\n/,
      /Program|containerd +2\.1\.9\+unknown/,
    ]) {
      expect(text).toMatch(line);
    }
  });
});
