import { describe, expect, it } from "vitest";
import type { NodeFacts } from "../../../src/node/facts.ts";
import { type PlanOptions, planRestore, type RestorePlan } from "../../../src/restore/plan/plan.ts";
import type { ApiNode } from "../../support/plan.ts";
import { engineOf, goodHost, needsOf, recordedNode, soon, toolOf } from "../../support/plan.ts";
import { containerdCounter, rich, samplePath } from "../../support/samples.ts";

const crioRunc = samplePath("crio/counter-runc.tar");
type Verdict = "yes" | "no" | "unknown";

const fact = <T>(value: T): { value: T; evidence: string } => ({ value, evidence: "test" });
const untold = { value: null, evidence: "nobody looked" };
const row = ({ rows }: RestorePlan, id: string) => rows.find((entry) => entry.id === id);

async function planned(
  sample: string,
  target: NodeFacts,
  options: Partial<PlanOptions> = {},
): Promise<RestorePlan> {
  return planRestore(await needsOf(sample), target, { now: soon, ...options });
}

const engine = (version: string) => (facts: NodeFacts) => {
  engineOf(facts).version = fact(version);
};

describe("a host with containerd and runc, for an archive of containerd's", () => {
  it("is right as it is", async () => {
    const plan = await planned(containerdCounter, await goodHost());
    expect(plan.because).toEqual([]);
    expect(plan).toMatchObject({ answer: "yes", runtime: "containerd" });
  });

  const cases: [name: string, change: (facts: NodeFacts) => void, id: string, verdict: Verdict][] =
    [
      [
        "another architecture",
        ({ machine }) => (machine.architecture = fact("arm64")),
        "architecture",
        "no",
      ],
      [
        "no architecture",
        ({ machine }) => (machine.architecture = untold),
        "architecture",
        "unknown",
      ],
      ["larger pages", ({ machine }) => (machine.pageSize = fact(65_536)), "page-size", "no"],
      ["unknown pages", ({ machine }) => (machine.pageSize = untold), "page-size", "unknown"],
      ["little memory", ({ machine }) => (machine.availableBytes = fact(4096)), "memory", "no"],
      ["unknown memory", ({ machine }) => (machine.availableBytes = untold), "memory", "unknown"],
      ["an older CRIU", ({ criu }) => (criu.version = fact("4.1.1")), "criu-version", "no"],
      [
        "another patch of CRIU",
        ({ criu }) => (criu.version = fact("4.2.0")),
        "criu-version",
        "yes",
      ],
      ["a newer CRIU", ({ criu }) => (criu.version = fact("4.3")), "criu-version", "yes"],
      ["no CRIU", ({ criu }) => (criu.path = null), "criu", "no"],
      ["CRIU that is not content", ({ criu }) => (criu.check = fact(false)), "criu-check", "no"],
      ["cgroup v2", ({ machine }) => (machine.cgroup = fact("v2")), "cgroups", "no"],
      [
        "both versions of cgroups",
        ({ machine }) => (machine.cgroup = fact("hybrid")),
        "cgroups",
        "yes",
      ],
      ["no kubelet", (facts) => (facts.kubelet = null), "kubelet", "no"],
      ["containerd 1.7", engine("1.7.27"), "containerd-restore", "no"],
      ["containerd 2.0", engine("2.0.5"), "containerd-restore", "no"],
      ["containerd 2.1", engine("2.1.0"), "containerd-restore", "yes"],
      ["containerd 2.2.6", engine("2.2.6"), "containerd-restore", "yes"],
      ["containerd 2.2.7, off by default", engine("2.2.7"), "containerd-restore", "no"],
      [
        "containerd 2.2.7, switched on",
        (facts) => {
          engine("2.2.7")(facts);
          engineOf(facts).restoreViaCreate = fact(true);
        },
        "containerd-restore",
        "yes",
      ],
      ["containerd 2.3.3", engine("2.3.3"), "containerd-restore", "yes"],
      ["containerd 2.3.4, off by default", engine("2.3.4"), "containerd-restore", "no"],
      ["containerd 2.4", engine("2.4.0"), "containerd-restore", "no"],
      [
        "enable_criu = false",
        (facts) => (engineOf(facts).criuSupport = fact(false)),
        "containerd-restore",
        "no",
      ],
      [
        "crun by default",
        (facts) => (engineOf(facts).defaultRuntime = fact("crun")),
        "same-oci-runtime",
        "no",
      ],
      [
        "runc without CRIU",
        (facts) => (toolOf(facts, "runc").checkpoint = fact(false)),
        "oci-runtime",
        "no",
      ],
      ["no runc", (facts) => (facts.tools = []), "oci-runtime", "no"],
    ];

  it.each(cases)("with %s: %#", async (_, change, id, verdict) => {
    const target = await goodHost();
    change(target);
    const plan = await planned(containerdCounter, target);
    expect(row(plan, id)?.verdict).toBe(verdict);
    expect(plan.answer).toBe(verdict);
    if (verdict === "yes") return;
    expect(plan.because.map((entry) => entry.id)).toContain(id);
    const found = row(plan, id);
    expect(verdict === "no" ? found?.remedy : found?.reason).toMatch(/\w/);
  });

  it("warns of an older kernel, and lets it be", async () => {
    const target = await goodHost();
    target.machine.kernel = fact("5.15.0");
    const plan = await planned(containerdCounter, target);
    expect(row(plan, "kernel")).toMatchObject({ verdict: "no", required: false });
    expect(plan.answer).toBe("yes");
  });

  it("is told apart from one whose clock is behind the checkpoint", async () => {
    const before = Date.parse("2026-11-21T21:05:00Z");
    const plan = await planned(containerdCounter, await goodHost(), { now: before });
    expect(row(plan, "clock")).toMatchObject({ verdict: "no", required: false });
    expect(row(await planned(containerdCounter, await goodHost()), "clock")?.verdict).toBe("yes");
  });

  it("cannot restore there what another engine made", async () => {
    const plan = await planned(crioRunc, await goodHost());
    expect(plan).toMatchObject({ answer: "no", runtime: "containerd" });
    expect(row(plan, "archive-form")).toMatchObject({
      verdict: "no",
      found: "made by cri-o: without status.dump",
    });
  });

  it("looks at paths of the node that were mounted", async () => {
    const mounts = samplePath(
      "containerd/checkpoint-mounts-lab-node_default-mounts-2026-11-21T21:05:02Z.tar",
    );
    const answers = { true: "yes", false: "no", undefined: "unknown" } as const;
    for (const there of [true, false, undefined]) {
      const look = (): boolean | undefined => there;
      const plan = await planned(mounts, await goodHost(), { look });
      expect(plan.answer).toBe(answers[`${there}`]);
      const host = plan.rows.find(({ what }) => what === "a path of the node at /host");
      expect(host?.verdict).toBe(answers[`${there}`]);
    }
  });
});

describe("a node as the API tells it", () => {
  it("leaves open what the API does not tell", async () => {
    const plan = await planned(containerdCounter, recordedNode());
    expect(plan.answer).toBe("unknown");
    const open = plan.because.map(({ id }) => id);
    expect(open).toEqual(expect.arrayContaining(["criu", "criu-version", "cgroups"]));
    expect(open).not.toContain("architecture");
    expect(open).not.toContain("page-size");
  });

  const digest = `sha256:${"ab".repeat(32)}`;
  const name = "127.0.0.1:5000/lab/busybox";
  const cases: [string, (node: ApiNode) => void, id: string, Verdict][] = [
    ["arm64", ({ status }) => (status.nodeInfo["architecture"] = "arm64"), "architecture", "no"],
    [
      "containerd 1.7",
      ({ status }) => (status.nodeInfo["containerRuntimeVersion"] = "containerd://1.7.27"),
      "containerd-restore",
      "no",
    ],
    [
      "containerd 2.4",
      ({ status }) => (status.nodeInfo["containerRuntimeVersion"] = "containerd://2.4.0"),
      "containerd-restore",
      "no",
    ],
    [
      "containerd 2.2.9",
      ({ status }) => (status.nodeInfo["containerRuntimeVersion"] = "containerd://2.2.9"),
      "containerd-restore",
      "unknown",
    ],
    [
      "CRI-O",
      ({ status }) => (status.nodeInfo["containerRuntimeVersion"] = "cri-o://1.35.0"),
      "archive-form",
      "no",
    ],
    ["little memory", ({ status }) => (status.allocatable["memory"] = "64Ki"), "memory", "no"],
    [
      "memory in another unit",
      ({ status }) => (status.allocatable["memory"] = "1G"),
      "memory",
      "yes",
    ],
    [
      "memory that is no number",
      ({ status }) => (status.allocatable["memory"] = "much"),
      "memory",
      "unknown",
    ],
    [
      "a taint",
      ({ spec }) => spec.taints.push({ key: "gpu", effect: "NoSchedule" }),
      "taints",
      "no",
    ],
    [
      "a taint that evicts",
      ({ spec }) => spec.taints.push({ key: "down", effect: "NoExecute" }),
      "taints",
      "no",
    ],
    [
      "a taint that asks",
      ({ spec }) => spec.taints.push({ key: "old", effect: "PreferNoSchedule" }),
      "taints",
      "yes",
    ],
    ["no scheduling", ({ spec }) => (spec.unschedulable = true), "schedulable", "no"],
    [
      "Windows",
      ({ metadata }) => (metadata.labels["kubernetes.io/os"] = "windows"),
      "labels",
      "no",
    ],
    ["no label", ({ metadata }) => (metadata.labels = {}), "labels", "unknown"],
    ["the image", () => {}, "base-image-there", "yes"],
    [
      "the image under its tag alone",
      ({ status }) => (status.images = [{ names: [`${name}:1`, `${name}@${digest}`] }]),
      "base-image-there",
      "no",
    ],
    [
      "other images",
      ({ status }) => (status.images = [{ names: ["a:1"] }]),
      "base-image-there",
      "no",
    ],
    [
      "more images than are told",
      ({ status }) => (status.images = Array.from({ length: 50 }, () => ({ names: ["a:1"] }))),
      "base-image-there",
      "unknown",
    ],
    [
      "a handler",
      ({ status }) => (status.runtimeHandlers = [{ name: "runc" }]),
      "same-oci-runtime",
      "yes",
    ],
    [
      "not ready",
      ({ status }) => (status.conditions = [{ type: "Ready", status: "False" }]),
      "ready",
      "no",
    ],
  ];

  it.each(cases)("with %s: %#", async (_, change, id, verdict) => {
    const plan = await planned(containerdCounter, recordedNode(change));
    const found = row(plan, id);
    expect(found?.verdict).toBe(verdict);
    if (verdict === "no" && found?.required === true) {
      expect(plan.answer).toBe("no");
      expect(plan.because.map((entry) => entry.id)).toContain(id);
    } else expect(plan.answer).toBe("unknown");
  });

  it("says no where the kubelet is silent for long", async () => {
    const late = soon + 3_600_000;
    const plan = await planned(containerdCounter, recordedNode(), { now: late });
    expect(row(plan, "lease")?.verdict).toBe("no");
    expect(plan.answer).toBe("no");
  });
});

describe("a host with CRI-O, for an archive that CRI-O made with runc", () => {
  async function crioHost(change: (facts: NodeFacts) => void = () => {}): Promise<NodeFacts> {
    const facts = await goodHost();
    Object.assign(engineOf(facts), {
      engine: "cri-o",
      version: fact("1.35.0"),
      containerLevel: untold,
      signaturePolicy: untold,
      criuSupport: untold,
      defaultRuntime: fact("runc"),
      runtimePath: untold,
    });
    const settings = facts.kubelet?.effective?.settings ?? [];
    const endpoint = settings.find((it) => it.name === "containerRuntimeEndpoint");
    if (endpoint === undefined) throw new Error("the kubelet has an endpoint");
    endpoint.value = "unix:///run/crio/crio.sock";
    change(facts);
    return facts;
  }

  const cases: [string, (facts: NodeFacts) => void, id: string, Verdict][] = [
    ["nothing changed", () => {}, "crio-restore", "yes"],
    [
      "a signature policy",
      (facts) => (engineOf(facts).signaturePolicy = fact("/etc/p.json")),
      "crio-restore",
      "no",
    ],
    [
      "checkpoints only",
      (facts) => (engineOf(facts).containerLevel = fact("checkpoint_only")),
      "crio-restore",
      "no",
    ],
    [
      "both levels",
      (facts) => (engineOf(facts).containerLevel = fact("checkpoint_restore")),
      "crio-restore",
      "yes",
    ],
    [
      "none of both",
      (facts) => (engineOf(facts).containerLevel = fact("none")),
      "crio-restore",
      "no",
    ],
    ["CRI-O 1.24", engine("1.24.6"), "crio-restore", "no"],
    ["CRI-O 1.29, off by default", engine("1.29.0"), "crio-restore", "no"],
    [
      "crun by default",
      (facts) => (engineOf(facts).runtimePath = fact("/usr/libexec/crio/crun")),
      "same-oci-runtime",
      "no",
    ],
    [
      "a default that nobody knows",
      (facts) => (engineOf(facts).defaultRuntime = untold),
      "same-oci-runtime",
      "unknown",
    ],
  ];

  // Whether a host's runtime has the image is never told, and CRI-O does not pull it.
  it.each(cases)("with %s: %#", async (_, change, id, verdict) => {
    const plan = await planned(crioRunc, await crioHost(change));
    expect(plan.runtime).toBe("cri-o");
    expect(row(plan, id)?.verdict).toBe(verdict);
    expect(plan.answer).toBe(verdict === "no" ? "no" : "unknown");
    if (verdict === "yes") {
      expect(plan.because.map((entry) => entry.id)).toEqual(["base-image-there"]);
    }
  });
});

describe("a bench, for an archive of Podman's with connections, locks and AVX-512", () => {
  const cases: [string, (facts: NodeFacts) => void, Partial<PlanOptions>, string, Verdict][] = [
    ["all there", () => {}, {}, "processor", "yes"],
    [
      "an older processor",
      ({ machine }) => (machine.cpuFeatures = fact(["avx"])),
      {},
      "processor",
      "no",
    ],
    [
      "an unknown processor",
      ({ machine }) => (machine.cpuFeatures = untold),
      {},
      "processor",
      "unknown",
    ],
    ["no Podman", (facts) => (toolOf(facts, "podman").path = null), {}, "runtime", "no"],
    ["no crun", (facts) => (toolOf(facts, "crun").path = null), {}, "same-oci-runtime", "no"],
    [
      "no seccomp",
      ({ machine }) => {
        machine.seccompFilter = fact(false);
      },
      {},
      "seccomp",
      "no",
    ],
    [
      "no iptables",
      (facts) => (toolOf(facts, "iptables-restore").path = null),
      {},
      "network-lock",
      "no",
    ],
    ["crun alone", () => {}, { runtime: "crun" }, "same-oci-runtime", "yes"],
    ["runc alone", () => {}, { runtime: "runc" }, "same-oci-runtime", "yes"],
    ["a pod of containerd's", () => {}, { runtime: "containerd" }, "archive-form", "no"],
    ["a pod of CRI-O's", () => {}, { runtime: "cri-o" }, "archive-form", "no"],
  ];

  it.each(cases)("with %s: %#", async (_, change, options, id, verdict) => {
    const target = await goodHost();
    target.machine.cpuFeatures = fact(["avx", "avx512f", "fpu"]);
    change(target);
    const plan = await planned(rich, target, options);
    expect(row(plan, id)?.verdict).toBe(verdict);
    expect(plan.answer).toBe(verdict);
  });

  const files: [string, NodeFacts["criu"]["configFiles"], Verdict][] = [
    ["nowhere", [], "no"],
    [
      "in crun's file",
      [{ path: "/etc/criu/crun.conf", options: [{ name: "tcp-established", value: null }] }],
      "yes",
    ],
    [
      "in everybody's file",
      [{ path: "/etc/criu/default.conf", options: [{ name: "tcp-established", value: null }] }],
      "yes",
    ],
    [
      "by the other option",
      [{ path: "/etc/criu/crun.conf", options: [{ name: "tcp-close", value: null }] }],
      "yes",
    ],
    [
      "in runc's file",
      [{ path: "/etc/criu/runc.conf", options: [{ name: "tcp-established", value: null }] }],
      "no",
    ],
  ];

  it.each(files)("finds the option for connections %s", async (_, configFiles, verdict) => {
    const target = await goodHost();
    target.criu.configFiles = configFiles;
    const plan = await planned(rich, target, { runtime: "cri-o" });
    expect(row(plan, "option-tcp-established")?.verdict).toBe(verdict);
    expect(row(plan, "option-file-locks")?.found).toBe("CRI-O gives it by itself");
  });
});
