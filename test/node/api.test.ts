import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ApiAnswers, apiNodeFacts } from "../../src/node/api.ts";
import { readMetrics } from "../../src/node/metrics.ts";
import { verdicts } from "../../src/node/verdicts.ts";

const folder = fileURLToPath(new URL("recordings/", import.meta.url));
const text = (name: string): string => readFileSync(`${folder}${name}`, "utf8");
const json = (name: string): unknown => JSON.parse(text(`${name}.json`));

const answers = (change: Partial<ApiAnswers> = {}): ApiAnswers => ({
  node: json("node"),
  lease: json("lease"),
  configz: json("configz-admin"),
  metrics: text("metrics-admin.txt"),
  ...change,
});
/** Six seconds after the lease of the recording was renewed. */
const soon = Date.parse("2026-11-21T22:23:44Z");

const rows = (given: ApiAnswers, now = soon) => {
  const result = verdicts(apiNodeFacts(given), now);
  return { ...result, of: (id: string) => result.rows.find((row) => row.id === id) };
};

describe("a node as a real API server tells it", () => {
  it("says what it is", () => {
    const facts = apiNodeFacts(answers());
    expect(facts).toMatchObject({
      source: "api",
      name: "lab-node",
      machine: {
        architecture: { value: "amd64" },
        kernel: { value: "6.18.44-fc-v595" },
        os: { value: "Debian GNU/Linux forky/sid" },
        cgroup: { value: null },
      },
      engines: [{ engine: "containerd", version: { value: "2.1.9+unknown" } }],
      kubelet: { from: "api", version: { value: "v1.36.2" }, gates: { ContainerCheckpoint: true } },
      api: {
        createdAt: "2026-11-21T22:23:17Z",
        addresses: [
          { type: "InternalIP", address: "10.99.0.1" },
          { type: "Hostname", address: "lab-node" },
        ],
        kubeletPort: 10250,
        capacity: { cpu: "2", memory: "24684096Ki", pods: "110" },
        labels: { "kubernetes.io/hostname": "lab-node" },
        taints: [{ key: "node.kubernetes.io/not-ready", effect: "NoSchedule", value: null }],
        unschedulable: false,
        runtime: "containerd://2.1.9+unknown",
        lease: { renewedAt: "2026-11-21T22:23:37.840488Z", durationSeconds: 40 },
      },
      problems: [],
    });
    expect(facts.api?.conditions.map(({ type, status }) => `${type} ${status}`)).toEqual([
      "MemoryPressure False",
      "DiskPressure False",
      "PIDPressure False",
      "Ready True",
    ]);
    expect(facts.kubelet?.effective?.settings).toContainEqual({
      name: "address",
      value: "10.99.0.1",
      origin: "configz",
    });
  });

  it("can do all that can be told from there; of CRIU it tells nothing", () => {
    const result = rows(answers());
    expect(result.rows.filter(({ verdict, required }) => verdict === "no" && required)).toEqual([]);
    expect(result.checkpoint).toEqual({ answer: "unknown", because: ["oci-runtime", "criu"] });
    expect(result.of("gate")).toMatchObject({
      verdict: "yes",
      found: "on (the kubelet's metrics)",
    });
    expect(result.of("ready")).toMatchObject({
      verdict: "yes",
      found: "True for 27s: KubeletReady",
    });
    expect(result.of("containerd-restore")?.verdict).toBe("yes");
  });

  it("with the gate off: by its metrics, and by /configz alone", () => {
    const configz = json("configz-gate-off");
    const both = rows(answers({ configz, metrics: text("metrics-gate-off.txt") }));
    const one = rows(answers({ configz, metrics: undefined }));
    for (const { checkpoint, of } of [both, one]) {
      expect(of("gate")).toMatchObject({ verdict: "no", remedy: expect.stringMatching(/restart/) });
      expect(checkpoint.answer).toBe("no");
    }
  });

  it("of whose kubelet nothing may be read", () => {
    const { of } = rows(
      answers({ configz: undefined, metrics: undefined, kubeletWhy: "403: get nodes/proxy" }),
    );
    expect(of("gate")).toMatchObject({ verdict: "unknown", reason: "403: get nodes/proxy" });
    expect(of("kubelet-version")).toMatchObject({ verdict: "yes", found: "v1.36.2" });
    expect(of("kubelet")).toMatchObject({ verdict: "unknown", reason: "403: get nodes/proxy" });
    const { of: other } = rows(answers({ configz: undefined }));
    expect(other("kubelet")).toMatchObject({ verdict: "yes" });
  });

  it("whose kubelet was stopped: the lease tells before Ready does", () => {
    const lease = json("down-2-lease-60s-no-controller-manager");
    const renewed = Date.parse("2026-11-21T22:26:01.561Z");
    const of = (seconds: number) => rows(answers({ lease }), renewed + seconds * 1000).of("lease");
    expect(of(39)).toMatchObject({ verdict: "yes" });
    expect(of(45)).toMatchObject({ verdict: "no", found: "45s ago, late, not yet called Unknown" });
    expect(of(60)).toMatchObject({ verdict: "no", found: "60s ago, over the grace" });
    const silent = rows(answers({ lease }), renewed + 60_000);
    expect(silent.of("ready")?.verdict).toBe("yes");
    expect(silent.checkpoint).toMatchObject({ answer: "no", because: ["lease"] });
  });

  it("that a controller manager calls Unknown", () => {
    const node = json("down-3-node-with-controller-manager");
    const { of } = rows(answers({ node }), Date.parse("2026-11-21T22:28:28Z"));
    expect(of("ready")).toMatchObject({
      verdict: "no",
      found: "Unknown for 30s: NodeStatusUnknown",
      remedy: expect.stringMatching(/silent/),
    });
    expect(of("diskpressure")).toMatchObject({ verdict: "unknown" });
  });

  it("that is no node", () => {
    const facts = apiNodeFacts({ node: json("node-not-found") });
    expect(facts.problems).toMatchObject([{ code: "no-node" }]);
  });

  it("on Docker", () => {
    const node = structuredClone(json("node")) as { status: { nodeInfo: object } };
    Object.assign(node.status.nodeInfo, { containerRuntimeVersion: "docker://24.0.7" });
    expect(rows(answers({ node })).of("runtime")).toMatchObject({ verdict: "no" });
  });
});

describe("answers of any form", () => {
  it("never throw", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), fc.string(), (...given) => {
        const [node, lease, configz, metrics] = given;
        expect(
          verdicts(apiNodeFacts({ node, lease, configz, metrics }), 0).rows.length,
        ).toBeGreaterThan(5);
      }),
      { numRuns: 50 },
    );
  });

  it("with wrong types in a true node never throw either", () => {
    const node = json("node") as { status: Record<string, unknown> };
    for (const key of Object.keys(node.status)) {
      for (const wrong of [null, 1, "x", [1, null, "x"], { a: { b: 1 } }]) {
        const broken = { ...node, status: { ...node.status, [key]: wrong } };
        expect(verdicts(apiNodeFacts(answers({ node: broken })), 0).rows.length).toBeGreaterThan(5);
      }
    }
  });
});

describe("metrics", () => {
  it("are read line by line", () => {
    expect(readMetrics(text("metrics-gate-off.txt"))).toEqual({
      gates: { ContainerCheckpoint: false },
      version: "v1.36.2",
    });
    const odd =
      'kubernetes_feature_enabled{stage="",name="A"} 1\nkubernetes_feature_enabled{name="B"} x\n# kubernetes_feature_enabled{name="C"} 1\n';
    expect(readMetrics(odd).gates).toEqual({ A: true });
    expect(readMetrics("")).toEqual({ gates: {}, version: null });
  });
});
