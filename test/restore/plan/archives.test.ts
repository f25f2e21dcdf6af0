import { describe, expect, it } from "vitest";
import type { RestoreNeeds } from "../../../src/restore/needs.ts";
import { type PlanOptions, planRestore, type RestorePlan } from "../../../src/restore/plan/plan.ts";
import { goodHost, needsOf, recordedNode, soon } from "../../support/plan.ts";
import { containerdCounter, rich, samplePath } from "../../support/samples.ts";

const row = ({ rows }: RestorePlan, id: string) => rows.find((entry) => entry.id === id);
const fact = <T>(value: T): { value: T; evidence: string } => ({ value, evidence: "test" });
const evidence = "checkpoint/files.img entry 3";

type Change = (needs: RestoreNeeds) => void;
type Verdict = "yes" | "no" | "unknown";

/** Plans an altered archive of containerd's for a host that is right for it as it was. */
async function planned(change: Change, options: Partial<PlanOptions> = {}): Promise<RestorePlan> {
  const needs = await needsOf(containerdCounter);
  // The sample is of a pod on the node's network.
  for (const it of needs.namespaces) if (it.type === "network") it.from = "joined";
  change(needs);
  return planRestore(needs, await goodHost(), { now: soon, ...options });
}

const port = (address: string, scope: "any" | "loopback" | "address") => ({
  protocol: "tcp",
  address,
  port: 8080,
  scope,
  listens: true,
  holder: "nginx (pid 1)",
  evidence,
});
const connection = (local: string, needsAddress: boolean) => ({
  local,
  remote: "10.0.0.9:443",
  state: "established",
  inside: false,
  needsAddress,
  evidence,
});
const file = (path: string, from: RestoreNeeds["files"][number]["from"]) => ({
  path,
  uses: ["fd 3"],
  sizeBytes: 1024,
  writable: true,
  from,
  mountpoint: "/",
  state: "absent" as const,
  savedBytes: null,
  evidence,
});

describe("what an archive asks for, against a host that has all that the others ask for", () => {
  const cases: [string, Change, id: string, Verdict][] = [
    [
      "no processes",
      ({ memory }) => {
        memory.processes = 0;
      },
      "images",
      "no",
    ],
    [
      "pages in a parent",
      ({ memory }) => {
        memory.parentBytes = 4096;
      },
      "parent",
      "no",
    ],
    [
      "a parent that was given",
      ({ memory }) => {
        memory.parentBytes = 4096;
        memory.hasParent = true;
      },
      "parent",
      "yes",
    ],
    [
      "lazy pages",
      ({ memory }) => {
        memory.lazyBytes = 4096;
      },
      "lazy-pages",
      "no",
    ],
    [
      "an io_uring",
      ({ objects }) => {
        objects.ioUrings.push({ name: "anon_inode:[io_uring]", evidence });
      },
      "io-uring",
      "no",
    ],
    [
      "a program in a memfd",
      ({ objects }) => {
        objects.memfdPrograms.push({ name: "runc (pid 1)", evidence });
      },
      "memfd-program",
      "no",
    ],
    [
      "FUSE",
      ({ objects }) => {
        objects.unsupportedMounts.push({ name: "/f (fuse)", evidence });
      },
      "file-systems",
      "no",
    ],
    [
      "MPTCP",
      ({ network }) => {
        network.unsupported.push({ what: "a socket of mptcp", local: ":::80", evidence });
      },
      "protocols",
      "no",
    ],
    [
      "a stream that leads out",
      ({ network }) => {
        network.external.push({ name: "/run/docker.sock", type: "stream", evidence });
      },
      "unix-streams",
      "no",
    ],
    [
      "a deleted file",
      ({ objects }) => {
        objects.ghosts.push({ name: "/tmp/x", evidence, bytes: 5 });
      },
      "deleted-files",
      "yes",
    ],
    [
      "a link that was not saved",
      ({ objects }) => {
        objects.linkRemaps.push({ name: "/link_remap.1", evidence, carried: false });
      },
      "link-remap",
      "no",
    ],
    [
      "a link that was saved",
      ({ objects }) => {
        objects.linkRemaps.push({ name: "/link_remap.1", evidence, carried: true });
      },
      "link-remap",
      "yes",
    ],
    [
      "watches by inode",
      ({ objects }) => {
        objects.watches.push({ name: "inotify", evidence });
      },
      "watches",
      "unknown",
    ],
    [
      "a newer format",
      ({ criu }) => {
        criu.imageVersion = fact(3);
      },
      "image-format",
      "no",
    ],
    [
      "no inventory",
      ({ criu }) => {
        criu.imageVersion = { value: null, evidence: "there is none" };
      },
      "image-format",
      "no",
    ],
    [
      "no status.dump",
      (needs) => {
        needs.statusDump = false;
      },
      "archive-form",
      "no",
    ],
    [
      "nobody's archive",
      (needs) => {
        needs.engine = { value: null, evidence: "nothing tells" };
      },
      "runtime",
      "unknown",
    ],
    [
      "an image known by its digest alone",
      ({ image }) => {
        image.reference = fact(`sha256:${"a".repeat(64)}`);
      },
      "base-image",
      "no",
    ],
    [
      "an image that kind loaded",
      ({ image }) => {
        image.reference = fact(`docker.io/library/import-2026-01-02@sha256:${"a".repeat(64)}`);
      },
      "base-image",
      "no",
    ],
    [
      "an image of this machine",
      ({ image }) => {
        image.reference = fact(`localhost/a@sha256:${"a".repeat(64)}`);
      },
      "base-image",
      "no",
    ],
    [
      "a short name",
      ({ image }) => {
        image.reference = fact(`nginx@sha256:${"a".repeat(64)}`);
      },
      "base-image",
      "yes",
    ],
    [
      "an instruction that is compared",
      ({ machine }) => {
        machine.comparedFlags = fact(["avx", "avx2"]);
      },
      "instructions",
      "no",
    ],
    [
      "instructions that are there",
      ({ machine }) => {
        machine.comparedFlags = fact(["avx", "fpu"]);
      },
      "instructions",
      "yes",
    ],
    [
      "another size",
      ({ files }) => {
        files.push({ ...file("/var/log/a", "root"), state: "other-size", savedBytes: 2048 });
      },
      "file-size",
      "no",
    ],
    [
      "a change that may be lost",
      ({ files }) => {
        files.push({ ...file("/etc/a", "root"), state: "maybe-lost" });
      },
      "changed-files",
      "unknown",
    ],
    [
      "a file of /dev/shm",
      ({ files }) => {
        files.push(file("/dev/shm/a", "dev-shm"));
      },
      "shared-memory",
      "no",
    ],
    [
      "a file of a volume",
      ({ files }) => {
        files.push(file("/data/a", "volume"));
      },
      "volume-files",
      "unknown",
    ],
    [
      "an address of its own",
      ({ network }) => {
        network.ports.push(port("10.0.0.5", "address"));
      },
      "address",
      "no",
    ],
    [
      "all addresses",
      ({ network }) => {
        network.ports.push(port("0.0.0.0", "any"));
      },
      "ports",
      "yes",
    ],
    [
      "SELinux",
      ({ security }) => {
        security.module = fact("selinux");
        security.profiles = fact(["container_t"]);
      },
      "security-module",
      "no",
    ],
    [
      "the runtime's AppArmor profile",
      ({ security }) => {
        security.module = fact("apparmor");
        security.profiles = fact(["cri-containerd.apparmor.d"]);
      },
      "security-module",
      "yes",
    ],
    [
      "an AppArmor profile of one's own",
      ({ security }) => {
        security.module = fact("apparmor");
        security.profiles = fact(["mine"]);
      },
      "security-module",
      "unknown",
    ],
    [
      "pids of the pod",
      ({ namespaces }) => {
        for (const it of namespaces) if (it.type === "pid") it.from = "joined";
      },
      "pids",
      "unknown",
    ],
    [
      "mapped ids",
      ({ security }) => {
        security.idMappings.push({ kind: "uid", inside: 0, outside: 1000, size: 1 });
      },
      "user-namespace",
      "unknown",
    ],
    [
      "a GPU",
      ({ devices }) => {
        devices.push({ path: "/dev/nvidia0", type: "c", plugin: "CUDA", open: true, evidence });
      },
      "device",
      "unknown",
    ],
    [
      "a plugin of CRIU",
      ({ criu }) => {
        criu.plugins = fact(["cuda_plugin"]);
      },
      "plugin",
      "unknown",
    ],
  ];

  it.each(cases)("%s: %#", async (_, change, id, verdict) => {
    const plan = await planned(change);
    expect(row(plan, id)?.verdict).toBe(verdict);
    expect(plan.answer).toBe(verdict);
    if (verdict !== "yes") expect(plan.because.map((entry) => entry.id)).toContain(id);
  });

  it("looks for devices, profiles and plugins where it can", async () => {
    const change: Change = ({ devices, security, criu }) => {
      devices.push({ path: "/dev/kfd", type: "c", plugin: "AMDGPU", open: true, evidence });
      security.seccomp.asked = fact("localhost/profiles/a.json");
      criu.plugins = fact(["amdgpu_plugin"]);
    };
    const asked: string[] = [];
    const there = await planned(change, { look: (path) => asked.push(path) > 0 });
    expect(there.answer).toBe("yes");
    expect(asked.sort()).toEqual([
      "/dev/kfd",
      "/usr/lib/criu/amdgpu_plugin.so",
      "/var/lib/kubelet/seccomp/profiles/a.json",
    ]);
    const gone = await planned(change, { look: () => false });
    expect(row(gone, "device")?.verdict).toBe("no");
    expect(row(gone, "seccomp-profile")?.verdict).toBe("no");
  });

  it("keeps connections with their address only on a node's own network", async () => {
    const change =
      (host: boolean): Change =>
      ({ network, namespaces }) => {
        network.connections.push(connection("192.0.2.2:5000", true));
        for (const it of namespaces) if (it.type === "network" && host) it.from = "host";
      };
    const pod = await planned(change(false));
    expect(row(pod, "address")).toMatchObject({ verdict: "no", needed: "192.0.2.2" });
    const needs = await needsOf(containerdCounter);
    change(true)(needs);
    const options = { now: soon };
    const own = recordedNode(({ status }) => {
      (status as unknown as { addresses: unknown[] }).addresses = [
        { type: "InternalIP", address: "192.0.2.2" },
      ];
    });
    expect(row(planRestore(needs, own, options), "address")?.verdict).toBe("yes");
    expect(row(planRestore(needs, recordedNode(), options), "address")?.verdict).toBe("no");
    // Connections that were closed at the dump have no address to keep.
    needs.network.closed = fact(true);
    expect(row(planRestore(needs, recordedNode(), options), "address")).toBeUndefined();
  });
});

describe("without a place", () => {
  it("says what any place has to have, and what none can give", async () => {
    const needs = await needsOf(rich);
    const plan = planRestore(needs, undefined, { now: soon });
    expect(plan).toMatchObject({ target: null, runtime: "podman", answer: "unknown" });
    expect(plan.rows.filter(({ verdict }) => verdict === "no")).toEqual([]);
    expect(row(plan, "architecture")).toMatchObject({
      needed: "amd64",
      reason: "no place was named",
    });
    needs.objects.ioUrings.push({ name: "anon_inode:[io_uring]", evidence });
    expect(planRestore(needs, undefined, { now: soon }).answer).toBe("no");
  });

  it.each(["files", "sockets", "processes", "files-3.17", "chain-2"])(
    "plans a bare dump: %s",
    async (name) => {
      const plan = planRestore(await needsOf(samplePath(`criu/${name}.tar.gz`)), undefined, {
        now: soon,
      });
      expect(plan.container.engine).toBe("criu");
      expect(plan.runtime).toBeNull();
      expect(row(plan, "runtime")?.remedy).toBe("name one: --runtime");
    },
  );
});
