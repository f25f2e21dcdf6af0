import { describe, expect, it } from "vitest";
import type { NodeFacts } from "../../src/node/facts.ts";
import { folderHost } from "../../src/node/folder-host.ts";
import { gatherHost } from "../../src/node/gather.ts";
import { type NodeVerdicts, verdicts } from "../../src/node/verdicts.ts";
import { atLeast } from "../../src/node/version.ts";
import {
  cmdline,
  containerd,
  crio,
  criuTools,
  kernelConfig,
  kubeadm,
  machine,
  nodeTree,
  type Tree,
} from "../support/node-tree.ts";

const now = Date.parse("2026-11-22T00:00:00Z");

const running: Tree = {
  "proc/812/cmdline": cmdline("/usr/bin/kubelet", "--config=/var/lib/kubelet/config.yaml"),
};

/** A node of which all is known and good, in the form that one can change. */
async function goodNode(): Promise<NodeFacts> {
  good ??= await readGoodNode();
  return structuredClone(good);
}

let good: NodeFacts | undefined;
async function readGoodNode(): Promise<NodeFacts> {
  const facts = await gatherHost(
    folderHost(nodeTree(machine, criuTools, kubeadm, containerd, running)),
  );
  facts.criu.check = { value: true, evidence: "criu check" };
  const [engine] = facts.engines;
  const runc = facts.tools.find(({ name }) => name === "runc");
  if (engine === undefined || runc === undefined || facts.kubelet === null) throw new Error("no");
  engine.version = { value: "2.2.4", evidence: "test" };
  runc.checkpoint = { value: true, evidence: "runc features" };
  facts.kubelet.runtimeSocket = {
    ...(facts.kubelet.runtimeSocket as object),
    state: "found",
    kind: "socket",
    path: "/run/containerd/containerd.sock",
    why: null,
    mode: "0660",
    uid: 0,
    bytes: 0,
  };
  return facts;
}

const row = ({ rows }: NodeVerdicts, id: string) => rows.find((entry) => entry.id === id);

async function judged(change: (facts: NodeFacts) => void): Promise<NodeVerdicts> {
  const facts = await goodNode();
  change(facts);
  return verdicts(facts, now);
}

const engineOf = ({ engines }: NodeFacts) => engines[0] as NodeFacts["engines"][number];
const kubeletOf = ({ kubelet }: NodeFacts) => kubelet as NonNullable<NodeFacts["kubelet"]>;
const set = (facts: NodeFacts, name: string, value: unknown): void => {
  const settings = kubeletOf(facts).effective?.settings ?? [];
  settings.splice(
    0,
    settings.length,
    ...settings.map((it) => (it.name === name ? { name, value, origin: "test" } : it)),
  );
};

describe("a good node", () => {
  it("can checkpoint and restore", async () => {
    const result = await judged(() => {});
    expect(result).toMatchObject({
      checkpoint: { answer: "yes", because: [] },
      restore: { answer: "yes", because: [] },
      podman: { answer: "no", because: ["podman"] },
    });
  });

  it("gives every no a remedy, every unknown a reason, and every row its own id and source", async () => {
    for (const trees of [
      [],
      [machine],
      [machine, crio, kubeadm],
      [machine, criuTools, containerd, running],
    ]) {
      const { rows } = verdicts(await gatherHost(folderHost(nodeTree(...trees))), now);
      expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
      for (const { verdict, remedy, reason, source, needed, found, id } of rows) {
        expect([id, needed === "" || source === "" || found === ""]).toEqual([id, false]);
        if (verdict === "no") expect(remedy, id).toBeTypeOf("string");
        expect(reason !== null, id).toBe(verdict === "unknown");
      }
    }
  });

  it("of facts that are not changed says the same again", async () => {
    const facts = await goodNode();
    const before = JSON.stringify(facts);
    expect(verdicts(facts, now)).toEqual(verdicts(facts, now));
    expect(JSON.stringify(facts)).toBe(before);
  });
});

describe("what keeps a node from a checkpoint", () => {
  it.each<[string, (facts: NodeFacts) => void, string, string]>([
    [
      "no kubelet",
      (facts) => {
        facts.kubelet = null;
      },
      "kubelet",
      "no",
    ],
    [
      "a kubelet that does not run",
      (facts) => {
        kubeletOf(facts).pid = null;
      },
      "kubelet",
      "no",
    ],
    [
      "an old kubelet",
      (facts) => {
        kubeletOf(facts).version.value = "v1.24.9";
      },
      "kubelet-version",
      "no",
    ],
    [
      "a gate that is off",
      (facts) => set(facts, "featureGates", { ContainerCheckpoint: false }),
      "gate",
      "no",
    ],
    ["AllBeta off", (facts) => set(facts, "featureGates", { AllBeta: false }), "gate", "no"],
    [
      "the gate of 1.29",
      (facts) => {
        kubeletOf(facts).version.value = "1.29.3";
      },
      "gate",
      "no",
    ],
    [
      "a kubelet without a server",
      (facts) => set(facts, "enableServer", false),
      "kubelet-server",
      "no",
    ],
    [
      "no socket",
      (facts) => {
        Object.assign(kubeletOf(facts).runtimeSocket ?? {}, { state: "absent", kind: null });
      },
      "runtime-socket",
      "no",
    ],
    [
      "a file for a socket",
      (facts) => {
        Object.assign(kubeletOf(facts).runtimeSocket ?? {}, { kind: "file" });
      },
      "runtime-socket",
      "no",
    ],
    [
      "Docker",
      (facts) => set(facts, "containerRuntimeEndpoint", "unix:///var/run/cri-dockerd.sock"),
      "runtime",
      "no",
    ],
    [
      "containerd 1.7",
      (facts) => {
        engineOf(facts).version.value = "1.7.27";
      },
      "containerd-checkpoint",
      "no",
    ],
    [
      "enable_criu off",
      (facts) => {
        engineOf(facts).criuSupport.value = false;
      },
      "containerd-checkpoint",
      "no",
    ],
    [
      "no CRIU",
      (facts) => {
        facts.criu.path = null;
      },
      "criu",
      "no",
    ],
    [
      "an old CRIU",
      (facts) => {
        facts.criu.version.value = "3.15";
      },
      "criu",
      "no",
    ],
    [
      "a kernel that is too new",
      (facts) => {
        facts.machine.kernel.value = "7.1.3";
      },
      "criu-for-kernel",
      "no",
    ],
    [
      "criu check",
      (facts) => {
        facts.criu.check = { value: false, evidence: "Error x" };
      },
      "criu-check",
      "no",
    ],
    [
      "moved images",
      (facts) => {
        facts.criu.configFiles = [
          { path: "/etc/criu/runc.conf", options: [{ name: "images-dir", value: "/x" }] },
        ];
      },
      "criu-images-dir",
      "no",
    ],
    [
      "a runc without CRIU",
      (facts) => {
        for (const tool of facts.tools) if (tool.checkpoint !== null) tool.checkpoint.value = false;
      },
      "oci-runtime",
      "no",
    ],
    [
      "an option of the kernel",
      (facts) => {
        facts.machine.kernelOptions.value = {
          ...facts.machine.kernelOptions.value,
          UNIX_DIAG: "n",
        };
      },
      "kernel-options",
      "no",
    ],
    [
      "no freezer",
      (facts) => {
        facts.machine.freezer.value = false;
      },
      "freezer",
      "no",
    ],
    [
      "an architecture",
      (facts) => {
        facts.machine.architecture.value = "386";
      },
      "architecture",
      "no",
    ],
    [
      "settings that are not known",
      (facts) => {
        kubeletOf(facts).effective = null;
      },
      "gate",
      "unknown",
    ],
    [
      "a version that is not known",
      (facts) => {
        kubeletOf(facts).version.value = null;
      },
      "kubelet-version",
      "unknown",
    ],
    [
      "criu check that was not run",
      (facts) => {
        facts.criu.check.value = null;
      },
      "criu-check",
      "unknown",
    ],
  ])("%s", async (_, change, id, answer) => {
    const result = await judged(change);
    expect(row(result, id)).toMatchObject({ verdict: answer, required: true });
    expect(result.checkpoint.answer).toBe(answer);
    expect(result.checkpoint.because).toContain(id);
  });

  it("is not what the metrics of the running kubelet contradict", async () => {
    const result = await judged((facts) => {
      set(facts, "featureGates", { ContainerCheckpoint: false });
      kubeletOf(facts).gates = { ContainerCheckpoint: true };
    });
    expect(row(result, "gate")).toMatchObject({ verdict: "yes" });
  });

  it("is not AllAlpha off where the gate is beta", async () => {
    const result = await judged((facts) => set(facts, "featureGates", { AllAlpha: false }));
    expect(row(result, "gate")).toMatchObject({ verdict: "yes", found: "on (default)" });
  });
});

describe("restores", () => {
  it.each<[string, boolean | null, string]>([
    ["2.0.5", null, "no"],
    ["2.1.0", null, "yes"],
    ["2.1.9+unknown", null, "yes"],
    ["2.2.6", null, "yes"],
    ["2.2.7", null, "no"],
    ["2.2.7", true, "yes"],
    ["2.3.3", null, "yes"],
    ["2.3.4", null, "no"],
    ["2.3.4", true, "yes"],
    ["2.4.0-beta.1", true, "no"],
  ])("containerd %s, setting %j: %s", async (version, setting, answer) => {
    const result = await judged((facts) => {
      engineOf(facts).version.value = version;
      engineOf(facts).restoreViaCreate.value = setting;
    });
    expect(row(result, "containerd-restore")?.verdict).toBe(answer);
    expect(result.restore.answer).toBe(answer);
    expect(result.checkpoint.answer).toBe("yes");
  });

  it.each<[string, Partial<Record<"criu" | "level" | "policy", unknown>>, string, string]>([
    ["1.24.0", {}, "no", "no"],
    ["1.29.1", { criu: null }, "no", "no"],
    ["1.29.1", { criu: true }, "yes", "yes"],
    ["1.30.0", { criu: null }, "yes", "yes"],
    ["1.34.0", { criu: false }, "no", "no"],
    ["1.37.0", { level: "none" }, "no", "no"],
    ["1.37.0", { level: "checkpoint_only" }, "yes", "no"],
    ["1.37.0", { level: "checkpoint_restore" }, "yes", "yes"],
    ["1.34.0", { policy: "/etc/p.json" }, "yes", "no"],
  ])("CRI-O %s with %j: checkpoint %s, restore %s", async (version, given, checkpoint, restore) => {
    const result = await judged((facts) => {
      set(facts, "containerRuntimeEndpoint", "unix:///var/run/crio/crio.sock");
      Object.assign(engineOf(facts), {
        engine: "cri-o",
        version: { value: version, evidence: "test" },
        criuSupport: { value: given.criu ?? null, evidence: "test" },
        containerLevel: { value: given.level ?? null, evidence: "test" },
        signaturePolicy: { value: given.policy ?? null, evidence: "test" },
      });
    });
    expect([row(result, "crio-checkpoint")?.verdict, row(result, "crio-restore")?.verdict]).toEqual(
      [checkpoint, restore],
    );
  });
});

describe("kernels", () => {
  it("before 5.2 that can freeze are told as reported older, feature present", async () => {
    const result = await judged((facts) => {
      facts.machine.kernel.value = "4.18.0-553.el8";
    });
    expect(row(result, "freezer")).toMatchObject({
      verdict: "yes",
      found: expect.stringMatching(/reported older .* feature present/),
    });
    expect(row(result, "kernel-rseq")).toMatchObject({
      verdict: "unknown",
      reason: expect.stringMatching(/carried it back/),
    });
  });

  it("without their configuration are judged by what they show", async () => {
    const change = (probe: boolean | null) => (facts: NodeFacts) => {
      facts.machine.kernelOptions = { value: null, evidence: "no configuration" };
      for (const name of ["nsLastPid", "timers"]) {
        facts.machine.probes[name] = { value: probe, evidence: name };
      }
    };
    expect(row(await judged(change(true)), "kernel-options")?.verdict).toBe("unknown");
    expect(row(await judged(change(true)), "kernel-options")?.reason).toMatch(
      /CHECKPOINT_RESTORE is there/,
    );
    expect(row(await judged(change(false)), "kernel-options")?.verdict).toBe("no");
  });

  it("without what only some need are warned of, not refused", async () => {
    const tree = { "boot/config-6.1.0-18-amd64": kernelConfig(["MEM_SOFT_DIRTY"]) };
    const facts = await gatherHost(folderHost(nodeTree(machine, tree)));
    expect(row(verdicts(facts, now), "kernel-mem-soft-dirty")).toMatchObject({
      verdict: "no",
      required: false,
    });
  });

  it.each([
    ["6.12.1", "3.19", undefined],
    ["6.13.0", "4.0", "no"],
    ["6.13.0", "4.1", "yes"],
    ["6.16.0-rc1", "4.1.1", "no"],
    ["6.18.44", "4.2.1", "yes"],
    ["7.1.0", "4.2.1", "no"],
  ])("%s with CRIU %s: %j", async (kernel, criu, answer) => {
    const result = await judged((facts) => {
      facts.machine.kernel.value = kernel;
      facts.criu.version.value = criu;
    });
    expect(row(result, "criu-for-kernel")?.verdict).toBe(answer);
  });
});

describe("what stands around", () => {
  it.each([
    [null, "no"],
    [500, "no"],
    [2000, "no"],
    [15_000, "yes"],
    [300_000, "no"],
  ])("WatchdogSec of %j ms: %s", async (watchdogMs, answer) => {
    const result = await judged((facts) => {
      const { unit } = kubeletOf(facts);
      if (unit !== null) unit.watchdogMs = watchdogMs;
    });
    expect(row(result, "watchdog")).toMatchObject({ verdict: answer, required: false });
    expect(result.checkpoint.answer).toBe("yes");
  });

  it("a WatchdogSec below a second is told for what it does", async () => {
    const result = await judged((facts) => {
      const { unit } = kubeletOf(facts);
      if (unit !== null) unit.watchdogMs = 500;
    });
    expect(row(result, "watchdog")?.found).toMatch(/below 1 s the kubelet does not start/);
  });

  it("certificates end, folders and archives stand open, room is short", async () => {
    const result = await judged((facts) => {
      const base = {
        state: "found",
        why: null,
        kind: "file",
        uid: 0,
        bytes: 1,
        subject: null,
        issuer: null,
        notBefore: null,
      } as const;
      const kubelet = kubeletOf(facts);
      kubelet.certificates = [
        { ...base, path: "/c", role: "client", mode: "0600", notAfter: "2026-11-20T00:00:00Z" },
        { ...base, path: "/s", role: "serving", mode: "0644", notAfter: "2027-11-20T00:00:00Z" },
        { ...base, path: "/k", role: "key", mode: "0644", notAfter: null },
      ];
      Object.assign(kubelet.checkpoints ?? {}, {
        mode: "0755",
        open: 2,
        count: 3,
        space: { totalBytes: 9e9, freeBytes: 5e8 },
      });
    });
    for (const [id, verdict] of [
      ["certificate-client", "no"],
      ["certificate-serving", "yes"],
      ["key-mode", "no"],
      ["checkpoints-folder", "no"],
      ["archives", "no"],
      ["space", "no"],
    ] as const) {
      expect(row(result, id), id).toMatchObject({ verdict, required: false });
    }
    expect(row(result, "certificate-client")?.found).toBe("ended 2d ago");
  });

  it("an open kubelet is told", async () => {
    const result = await judged((facts) => {
      set(facts, "authentication.anonymous.enabled", true);
      set(facts, "authorization.mode", "AlwaysAllow");
    });
    expect([row(result, "anonymous")?.verdict, row(result, "authorization")?.verdict]).toEqual([
      "no",
      "no",
    ]);
  });
});

describe("versions", () => {
  it.each<[string, number[], boolean | undefined]>([
    ["v1.36.2", [1, 36, 2], true],
    ["v1.36.2", [1, 36, 3], false],
    ["1.28", [1, 28, 0], true],
    ["6.18.44-fc-v595", [6, 16], true],
    ["2.1.9+unknown", [2, 2], false],
    ["4.2", [4, 2, 1], false],
    ["v1.33.1+k3s1", [1, 30], true],
    ["none", [1], undefined],
    ["10", [1], undefined],
  ])("%s is at least %j: %j", (text, least, answer) => {
    expect(atLeast(text, ...least)).toBe(answer);
  });
});
