import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { NodeFacts } from "../../src/node/facts.ts";
import { folderHost } from "../../src/node/folder-host.ts";
import { gatherHost } from "../../src/node/gather.ts";
import { makeCertificate } from "../support/certificates.ts";
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

const gather = (...trees: Tree[]): Promise<NodeFacts> => gatherHost(folderHost(nodeTree(...trees)));

const running: Tree = {
  "proc/812/cmdline": cmdline(
    "/usr/bin/kubelet",
    "--config=/var/lib/kubelet/config.yaml",
    "--config-dir=conf.d",
    "--container-runtime-endpoint=unix:///run/containerd/containerd.sock",
    "--manifest-url-header=X-Custom:abcdef123456",
  ),
  "proc/812/exe": { link: "/usr/bin/kubelet" },
  "proc/812/cwd": { link: "/etc/kubernetes" },
  "proc/1/cmdline": cmdline("/sbin/init"),
  "proc/99/cmdline": "",
};
const head = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

const setting = ({ kubelet }: NodeFacts, name: string) =>
  kubelet?.effective?.settings.find((entry) => entry.name === name);

describe("a node of kubeadm", () => {
  it("whose kubelet runs is read by its process, drop-ins in the order of the kubelet's walk", async () => {
    const facts = await gather(machine, criuTools, kubeadm, containerd, running, {
      "etc/kubernetes/conf.d/10-a.conf": `${head}port: 1\naddress: 10.0.0.1\n`,
      "etc/kubernetes/conf.d/15-folder/00-first.conf": `${head}port: 15\n`,
      "etc/kubernetes/conf.d/20-b.conf": `${head}port: 2\nfeatureGates:\n  ContainerCheckpoint: false\n`,
      "etc/kubernetes/conf.d/30-c.yaml": `${head}port: 3\n`,
      "etc/kubernetes/conf.d/9-z.conf": { link: "/etc/kubernetes/elsewhere" },
      "etc/kubernetes/elsewhere": `${head}port: 9\n`,
      "etc/kubernetes/conf.d/links": { link: "15-folder" },
    });
    expect(facts.kubelet).toMatchObject({
      from: "process",
      pid: 812,
      path: "/usr/bin/kubelet",
      version: { value: "1.33.1", evidence: "package kubelet in /var/lib/dpkg/status" },
      configFiles: [
        "/var/lib/kubelet/config.yaml",
        "/etc/kubernetes/conf.d/10-a.conf",
        "/etc/kubernetes/conf.d/15-folder/00-first.conf",
        "/etc/kubernetes/conf.d/20-b.conf",
        "/etc/kubernetes/conf.d/9-z.conf",
      ],
      unit: { name: "kubelet.service" },
      effective: { checkpointsDir: "/var/lib/kubelet/checkpoints" },
      checkpoints: { state: "found", kind: "directory", mode: "0700", count: 0, open: 0 },
      stateFiles: [{ path: "/var/lib/kubelet/cpu_manager_state", kind: "file" }],
    });
    expect(setting(facts, "port")).toMatchObject({ value: 9 });
    expect(setting(facts, "address")).toMatchObject({ origin: "/etc/kubernetes/conf.d/10-a.conf" });
    expect(setting(facts, "cgroupDriver")).toMatchObject({ value: "systemd" });
    expect(setting(facts, "runtimeRequestTimeout")).toMatchObject({ value: "2m0s" });
    expect(JSON.stringify(facts)).not.toContain("abcdef123456");
    expect(facts.problems).toEqual([]);
  });

  it("whose kubelet does not run is read by its unit", async () => {
    const facts = await gather(machine, criuTools, kubeadm);
    expect(facts.kubelet).toMatchObject({
      from: "unit",
      pid: null,
      path: "/usr/bin/kubelet",
      configFiles: ["/var/lib/kubelet/config.yaml"],
      effective: { kubeconfig: "/etc/kubernetes/kubelet.conf" },
    });
    expect(setting(facts, "containerRuntimeEndpoint")).toEqual({
      name: "containerRuntimeEndpoint",
      value: "unix:///var/run/containerd/containerd.sock",
      origin: "--container-runtime-endpoint",
    });
  });

  it("says what the machine is", async () => {
    const { machine: found, name, criu } = await gather(machine, criuTools, kubeadm);
    expect(name).toBe("worker-3");
    expect(found).toMatchObject({
      os: { value: "Debian GNU/Linux 12 (bookworm)" },
      architecture: { value: "amd64" },
      kernel: { value: "6.1.0-18-amd64" },
      cpuFeatures: { value: ["avx", "fpu", "sse", "sse2"] },
      cgroup: { value: "v2" },
      freezer: { value: true, evidence: "/sys/fs/cgroup/kubepods.slice/cgroup.freeze" },
      securityModules: { value: ["lockdown", "capability", "yama", "apparmor"] },
      selinux: { value: "disabled" },
      apparmor: { value: true },
      seccompFilter: { value: true },
    });
    expect(found.kernelOptions.value).toMatchObject({ CHECKPOINT_RESTORE: "y", UNIX_DIAG: "m" });
    expect(criu).toMatchObject({
      path: "/usr/sbin/criu",
      version: { value: "4.2.1" },
      check: { value: null },
    });
  });

  it("with archives counts them, and what is open to others", async () => {
    const { kubelet } = await gather(machine, kubeadm, {
      "var/lib/kubelet/checkpoints/checkpoint-a_b-c-1.tar": { text: "12345", mode: 0o600 },
      "var/lib/kubelet/checkpoints/checkpoint-a_b-c-2.tar": { text: "123", mode: 0o644 },
      "var/lib/kubelet/checkpoints/notes.txt": "x",
      "var/lib/kubelet/checkpoints/checkpoint-link.tar": { link: "/etc/os-release" },
    });
    expect(kubelet?.checkpoints).toMatchObject({ count: 2, archiveBytes: 8, open: 1 });
  });
});

describe("several kubelets", () => {
  it("the one that sees our files is read, and the others are told", async () => {
    const facts = await gather(machine, kubeadm, {
      "proc/self/ns/mnt": { link: "mnt:[1]" },
      "proc/300/cmdline": cmdline("/usr/bin/kubelet", "--root-dir=/inside"),
      "proc/300/ns/mnt": { link: "mnt:[2]" },
      "proc/400/cmdline": cmdline("/usr/bin/kubelet", "--root-dir=/ours"),
      "proc/400/ns/mnt": { link: "mnt:[1]" },
    });
    expect(facts.kubelet).toMatchObject({ pid: 400, effective: { rootDir: "/ours" } });
    expect(facts.problems).toMatchObject([{ code: "kubelets", where: { path: "/proc/400" } }]);
  });

  it("one in a container is read with a warning", async () => {
    const facts = await gather(machine, {
      "proc/self/ns/mnt": { link: "mnt:[1]" },
      "proc/300/cmdline": cmdline("/usr/bin/kubelet"),
      "proc/300/ns/mnt": { link: "mnt:[2]" },
    });
    expect(facts.kubelet?.pid).toBe(300);
    expect(facts.problems).toMatchObject([{ code: "kubelet-elsewhere", severity: "warning" }]);
  });
});

describe("certificates", () => {
  const authority = makeCertificate({ name: "node authority", authority: true });
  const serving = makeCertificate({
    name: "worker-3",
    hosts: ["worker-3"],
    issuer: authority,
    notBefore: new Date("2026-01-01T00:00:00Z"),
    notAfter: new Date("2027-01-01T00:00:00Z"),
  });

  it("are read by role, keys only looked at, whatever else is in their file", async () => {
    const { kubelet } = await gather(machine, kubeadm, {
      "var/lib/kubelet/pki/kubelet-client-current.pem": { link: "kubelet-client-2026.pem" },
      "var/lib/kubelet/pki/kubelet-client-2026.pem": {
        text: serving.key + serving.cert + authority.cert,
        mode: 0o600,
      },
      "var/lib/kubelet/pki/kubelet.crt": {
        text: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        mode: 0o644,
      },
      "var/lib/kubelet/pki/kubelet.key": { text: serving.key, mode: 0o640 },
    });
    const short = kubelet?.certificates.map((it) => [
      it.role,
      it.mode,
      it.subject,
      it.notAfter ?? it.why ?? it.state,
    ]);
    expect(short).toEqual([
      ["client", "0600", "CN=worker-3", "2027-01-01T00:00:00Z"],
      ["serving", "0644", null, "its certificate is broken"],
      ["key", "0640", null, "found"],
      ["client-ca", null, null, "absent"],
    ]);
    expect(kubelet?.certificates[0]).toMatchObject({
      issuer: "CN=node authority",
      notBefore: "2026-01-01T00:00:00Z",
    });
    expect(JSON.stringify(kubelet)).not.toContain("PRIVATE KEY");
  });
});

describe("K3s", () => {
  it("is read by its unit and its configuration, because it hides its flags", async () => {
    const facts = await gather(machine, criuTools, {
      "usr/local/bin/k3s": { text: "", mode: 0o755 },
      "proc/600/cmdline": "/usr/local/bin/k3s server\0\0\0",
      "etc/systemd/system/k3s.service":
        "[Service]\nEnvironmentFile=-/etc/default/%N\nExecStart=/usr/local/bin/k3s \\\n    server \\\n\t'--kubelet-arg=v=4' \\\n",
      "etc/rancher/k3s/config.yaml": "token: very-secret\nkubelet-arg:\n- root-dir=/data/kubelet\n",
      "etc/rancher/k3s/config.yaml.d/10.yaml":
        "kubelet-arg+:\n- feature-gates=ContainerCheckpoint=false\n",
      "var/lib/rancher/k3s/agent/etc/kubelet.conf.d/00-k3s-defaults.conf": `${head}staticPodPath: /var/lib/rancher/k3s/agent/pod-manifests\n`,
      "var/lib/rancher/k3s/agent/etc/containerd/config.toml":
        "version = 3\n[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]\nBinaryName = \"/var/lib/rancher/k3s/data/current/bin/runc\"\n",
    });
    expect(facts.kubelet).toMatchObject({
      from: "k3s",
      pid: 600,
      effective: { rootDir: "/data/kubelet" },
      configFiles: [
        "/etc/rancher/k3s/config.yaml",
        "/etc/rancher/k3s/config.yaml.d/10.yaml",
        "/var/lib/rancher/k3s/agent/etc/kubelet.conf.d/00-k3s-defaults.conf",
      ],
    });
    expect(facts.kubelet?.flags).toContainEqual({ name: "v", value: "4" });
    expect(setting(facts, "featureGates")?.value).toEqual({ ContainerCheckpoint: false });
    expect(setting(facts, "staticPodPath")?.value).toBe("/var/lib/rancher/k3s/agent/pod-manifests");
    expect(facts.engines[0]).toMatchObject({
      engine: "containerd",
      runtimePath: { value: "/var/lib/rancher/k3s/data/current/bin/runc" },
    });
    expect(JSON.stringify(facts)).not.toContain("very-secret");
  });
});

describe("runtimes", () => {
  it("CRI-O: drop-ins over the main file, by key", async () => {
    const { engines } = await gather(machine, criuTools, crio);
    expect(engines).toMatchObject([
      {
        engine: "cri-o",
        criuSupport: { value: true },
        signaturePolicy: { value: "/etc/crio/policy.json" },
        containerLevel: { value: null },
        defaultRuntime: { value: "crun" },
        runtimePath: { value: "/usr/libexec/crio/crun" },
        configFiles: ["/etc/crio/crio.conf", "/etc/crio/crio.conf.d/10-crio.conf"],
      },
    ]);
  });

  it("CRI-O: flags of the running one win", async () => {
    const { engines } = await gather(machine, crio, {
      "proc/7/cmdline": cmdline("/usr/bin/crio", "--enable-criu-support=false", "--config=/c.toml"),
      "c.toml": '[crio.checkpoint_restore]\ncontainer_level_enabled = "none"\n',
    });
    expect(engines[0]).toMatchObject({
      pid: 7,
      criuSupport: { value: false, evidence: "--enable-criu-support" },
      containerLevel: { value: "none" },
    });
  });

  it("containerd: imports, and a later section of a plug-in replaces the earlier", async () => {
    const { engines } = await gather(machine, containerd, {
      "etc/containerd/conf.d/10.toml":
        "version = 3\nimports = ['../config.toml', 'x/*/y']\n[plugins.'io.containerd.cri.v1.runtime']\nenable_experimental_restore_via_create = true\n",
    });
    expect(engines[0]).toMatchObject({
      configFiles: ["/etc/containerd/config.toml", "/etc/containerd/conf.d/10.toml"],
      criuSupport: { value: null },
      restoreViaCreate: { value: true },
    });
  });

  it("containerd: the running one says where its file is, and older files name the plug-in otherwise", async () => {
    const { engines } = await gather(machine, containerd, {
      "proc/5/cmdline": cmdline("/usr/bin/containerd", "-c", "/opt/c.toml"),
      "opt/c.toml": 'version = 2\n[plugins."io.containerd.grpc.v1.cri"]\nenable_criu = false\n',
    });
    expect(engines[0]).toMatchObject({
      pid: 5,
      criuSupport: { value: false },
      configFiles: ["/opt/c.toml"],
    });
  });

  it("crun's and runc's options for CRIU", async () => {
    const { criu } = await gather(criuTools, {
      "etc/criu/runc.conf":
        "# options\ntcp-established\n--ghost-limit 512M # more\n\nlog-file=/tmp/x\n",
      "etc/criu/notes": "images-dir /x",
      "usr/lib/x86_64-linux-gnu/libcriu.so.2": "",
    });
    expect(criu.configFiles).toEqual([
      {
        path: "/etc/criu/runc.conf",
        options: [
          { name: "tcp-established", value: null },
          { name: "ghost-limit", value: "512M" },
          { name: "log-file", value: "/tmp/x" },
        ],
      },
    ]);
    expect(criu.library.value).toBe("/usr/lib/x86_64-linux-gnu/libcriu.so.2");
  });
});

describe("the kernel", () => {
  it("tells its options in /proc/config.gz before the files beside it", async () => {
    const { machine: found } = await gather(machine, {
      "proc/config.gz": gzipSync(kernelConfig(["MEM_SOFT_DIRTY"])),
    });
    expect(found.kernelOptions).toMatchObject({
      evidence: "/proc/config.gz",
      value: { MEM_SOFT_DIRTY: "n", CHECKPOINT_RESTORE: "y" },
    });
  });

  it.each([
    ["no gzip", Buffer.from("not gzip")],
    ["a bomb", gzipSync(Buffer.alloc(64 * 1024 * 1024))],
  ])("is told by its file where /proc/config.gz is %s", async (_, bytes) => {
    const { machine: found } = await gather(machine, { "proc/config.gz": bytes });
    expect(found.kernelOptions.evidence).toBe("/boot/config-6.1.0-18-amd64");
  });

  it("is not told by something else under that name", async () => {
    const { machine: found } = await gather(machine, { "boot/config-6.1.0-18-amd64": "hello\n" });
    expect(found.kernelOptions).toMatchObject({
      value: null,
      evidence: expect.stringMatching(/no conf/),
    });
  });

  it.each([
    ["v1", "29 25 0:26 / /sys/fs/cgroup/freezer rw - cgroup cgroup rw,freezer\n", "v1", true],
    [
      "v1 without a freezer",
      "29 25 0:26 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n",
      "v1",
      false,
    ],
    [
      "both",
      "29 25 0:26 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n30 25 0:27 / /sys/fs/cgroup/freezer rw - cgroup cgroup rw,freezer\n",
      "hybrid",
      true,
    ],
    ["none", "1 1 0:1 / / rw - ext4 /dev/sda rw\n", null, null],
  ])("has control groups: %s", async (_, mountinfo, version, freezer) => {
    const { machine: found } = await gather(machine, { "proc/self/mountinfo": mountinfo });
    expect([found.cgroup.value, found.freezer.value]).toEqual([version, freezer]);
  });
});

describe("a host on which nothing is, or everything is hostile", () => {
  it("nothing at all", async () => {
    const facts = await gather({});
    expect(facts).toMatchObject({ kubelet: null, engines: [], problems: [], name: null });
    expect(facts.machine.kernel).toMatchObject({ value: null });
    expect(facts.machine.probes["nsLastPid"]).toMatchObject({ value: null });
  });

  it("says what is wrong with each file, and goes on", async () => {
    const facts = await gather(machine, kubeadm, containerd, crio, {
      "var/lib/kubelet/config.yaml": Buffer.alloc(2 * 1024 * 1024, "a"),
      "etc/containerd/config.toml": Buffer.from("a = 1\0"),
      "etc/crio/crio.conf": "[[[",
      "etc/crio/crio.conf.d/10-crio.conf": { link: "10-crio.conf" },
      "etc/criu/runc.conf": { link: "/etc/criu" },
      "proc/cpuinfo": { folder: true },
      "proc/1/cmdline": Buffer.alloc(4096, 0xff),
      "etc/os-release": "\u001b[31m",
      "var/lib/dpkg/status": "Package: criu\nVersion: \n\nPackage\n: :\n",
      "sys/kernel/security/lsm": "",
    });
    expect(facts.kubelet).toMatchObject({
      effective: null,
      effectiveWhy: expect.stringMatching(/2097152 bytes/),
    });
    expect(facts.problems.map(({ code, where, message }) => [code, where?.path, message])).toEqual([
      ["runtime-config", "/etc/containerd/config.toml", expect.stringMatching(/binary/)],
      ["runtime-config", "/etc/crio/crio.conf", expect.stringMatching(/no TOML/)],
      ["runtime-config", "/etc/crio/crio.conf.d/10-crio.conf", expect.stringMatching(/circle/)],
      ["kubelet-config", "/var/lib/kubelet/config.yaml", expect.stringMatching(/bytes/)],
    ]);
  });

  it("a folder of drop-ins that leads into itself, and one without end", async () => {
    const deep = `${"d/".repeat(40)}x.conf`;
    const facts = await gather(machine, kubeadm, running, {
      "etc/kubernetes/conf.d/loop.conf": { link: "../conf.d" },
      [`etc/kubernetes/conf.d/${deep}`]: `${head}port: 7\n`,
    });
    expect(facts.problems.map(({ message }) => message)).toEqual([
      "drop-ins more than 16 folders deep are not read",
      expect.stringMatching(/it is a directory/),
    ]);
    expect(facts.kubelet?.effective).toBe(null);
    expect(facts.kubelet?.effectiveWhy).toMatch(/loop\.conf: it is a directory/);
  });
});
