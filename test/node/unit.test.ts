import { describe, expect, it } from "vitest";
import { folderHost } from "../../src/node/folder-host.ts";
import { readUnit } from "../../src/node/unit.ts";
import {
  expandCommand,
  parseEnvironmentFile,
  parseSpan,
  parseUnit,
  splitWords,
} from "../../src/node/unit-file.ts";
import { kubeadm, nodeTree, type Tree } from "../support/node-tree.ts";

const unit = (...trees: Tree[]) => readUnit(folderHost(nodeTree(...trees)), "kubelet.service");

describe("a unit", () => {
  it("of kubeadm gives the command line that systemd would start", () => {
    const found = unit(kubeadm);
    expect(found?.words).toEqual([
      "/usr/bin/kubelet",
      "--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf",
      "--kubeconfig=/etc/kubernetes/kubelet.conf",
      "--config=/var/lib/kubelet/config.yaml",
      "--container-runtime-endpoint=unix:///var/run/containerd/containerd.sock",
      "--pod-infra-container-image=registry.k8s.io/pause:3.10",
    ]);
    expect(found?.facts).toMatchObject({
      files: [
        "/usr/lib/systemd/system/kubelet.service",
        "/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf",
      ],
      environmentFiles: [
        { path: "/var/lib/kubelet/kubeadm-flags.env", state: "read" },
        { path: "/etc/default/kubelet", state: "absent" },
      ],
      watchdogMs: null,
    });
  });

  it("is overlaid by drop-ins by name, the operator's folder first", () => {
    const found = unit(kubeadm, {
      "etc/systemd/system/kubelet.service.d/10-kubeadm.conf":
        "[Service]\nExecStart=\nExecStart=/opt/kubelet --port=1\n",
      "etc/systemd/system/kubelet.service.d/20-watchdog.conf": "[Service]\nWatchdogSec=1min 30s\n",
      "run/systemd/system/kubelet.service.d/30-off.conf": { link: "/dev/null" },
      "etc/default/kubelet": "KUBELET_EXTRA_ARGS=--v=5\n",
    });
    expect(found?.words).toEqual(["/opt/kubelet", "--port=1"]);
    expect(found?.facts.watchdogMs).toBe(90_000);
    expect(found?.facts.files.at(-1)).toBe(
      "/etc/systemd/system/kubelet.service.d/20-watchdog.conf",
    );
  });

  it("takes lists back with an empty value", () => {
    const found = unit({
      "etc/systemd/system/kubelet.service":
        "[Service]\nEnvironment=A=1 B=2\nEnvironment=\nEnvironment=B=3\nExecStart=/k $A $B\n",
    });
    expect(found?.words).toEqual(["/k", "3"]);
  });

  it("that is masked, or not there, is none", () => {
    expect(unit(kubeadm, { "etc/systemd/system/kubelet.service": { link: "/dev/null" } })).toBe(
      undefined,
    );
    expect(unit({})).toBe(undefined);
  });

  it("keeps secrets out of what it shows", () => {
    const found = unit({
      "etc/systemd/system/kubelet.service":
        "[Service]\nExecStart=/usr/bin/k3s agent --token abc123 --server https://x\n",
    });
    expect(found?.words).toContain("abc123");
    expect(JSON.stringify(found?.facts)).not.toContain("abc123");
  });
});

describe("the syntax of systemd", () => {
  it("joins lines, leaves out comments, keeps sections apart", () => {
    const text =
      "[Unit]\nA=1\n; no\n[Service]\nExecStart=/bin/a \\\n# in between\n  b \\\n  c\nX = y\n";
    expect(parseUnit(text)).toEqual([
      { section: "Unit", key: "A", value: "1" },
      { section: "Service", key: "ExecStart", value: "/bin/a  b  c" },
      { section: "Service", key: "X", value: "y" },
    ]);
  });

  it.each([
    ['a "b c" d', ["a", "b c", "d"]],
    ["'x y'\\ z", ["x y z"]],
    ['"A=b \\"c\\"" D=e', ['A=b "c"', "D=e"]],
    ["", []],
    ['"open', []],
  ])("splits %j", (text, words) => {
    if (text !== '"open') expect(splitWords(text)).toEqual(words);
    else expect(splitWords(text)).toEqual(["open"]);
  });

  it("replaces variables, a lone one by as many words as it has", () => {
    const variables = new Map([
      ["MANY", "--a --b='c d'"],
      ["ONE", "x y"],
    ]);
    expect(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is systemd's syntax
      expandCommand("-@/bin/k $MANY ${ONE} p${ONE} $NONE ${NONE} 100%% $$HOME", variables),
    ).toEqual(["/bin/k", "--a", "--b=c d", "x y", "px y", "", "100%", "$HOME"]);
  });

  it("reads environment files", () => {
    const text = "# no\nA=1\nB=\"two words\"\nC='x'\nexport D=4\nA=5\nE=a\\\nb\nbad line\n";
    expect(Object.fromEntries(parseEnvironmentFile(text))).toEqual({
      A: "5",
      B: "two words",
      C: "x",
      D: "4",
      E: "ab",
    });
  });

  it.each([
    ["15", 15_000],
    ["15s", 15_000],
    ["500ms", 500],
    ["1min 30s", 90_000],
    ["0", 0],
    ["infinity", undefined],
    ["", undefined],
    ["15 parsecs", undefined],
  ])("the span %j is %j ms", (text, ms) => {
    expect(parseSpan(text)).toBe(ms);
  });
});
