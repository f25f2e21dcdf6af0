import { describe, expect, it } from "vitest";
import { planLocal } from "../../src/cli/commands/checkpoint/plan-local.ts";
import { effectiveKubelet } from "../../src/kubelet/config/effective.ts";
import { localKubelet } from "../../src/kubelet/local.ts";
import { parseTarget } from "../../src/kubelet/target.ts";
import { makeCertificate } from "../support/certificates.ts";
import { realTimer } from "../support/clock.ts";
import { cmdline, nodeTree } from "../support/node-tree.ts";
import { run } from "../support/run.ts";
import { standIn } from "../support/stand-in.ts";

const word = "default/counter-lab-node/counter";
const config = (port: number, more = ""): string =>
  `apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nport: ${port}\n${more}`;

describe("--route local", () => {
  it("finds port, certificate and patience in the kubelet's own configuration", async () => {
    const identity = makeCertificate({ name: "lab-node", hosts: ["lab-node"] });
    const kubelet = await standIn("kubelet/crio-success", { identity });
    const root = nodeTree({
      "proc/812/cmdline": cmdline("/usr/bin/kubelet", "--config=/etc/kubelet.yaml"),
      "etc/kubelet.yaml": config(kubelet.port, "runtimeRequestTimeout: 10m\n"),
      "var/lib/kubelet/pki/kubelet.crt": identity.cert,
    });
    const plan = await planLocal(root, [word], [parseTarget(word, undefined)], {});
    expect(plan.kubeletPatience).toBe(600n);
    const made = await plan.planned[0]?.make({
      patience: { timeout: undefined, deadline: 60_000 },
      clock: { now: Date.now, timer: realTimer },
      interrupted: new AbortController().signal,
    });
    expect(made?.url).toBe(`https://127.0.0.1:${kubelet.port}/checkpoint/${word}`);
    expect(made?.paths.length).toBe(1);
  });

  it("says where no kubelet is", async () => {
    const targets = [parseTarget(word, undefined)];
    await expect(planLocal(nodeTree({}), [word], targets, {})).rejects.toMatchObject({
      kind: "remote",
      detail: { code: "no-local-kubelet", found: "no kubelet runs here" },
    });
  });

  it.each([
    ["-l", ["-l", "a=b"]],
    ["--context", [word, "--context", "x"]],
    ["--route local", [word, "--kubelet", "x"]],
  ])("does not go with what needs an API server: %s", async (_name, words) => {
    const ran = await run(["checkpoint", "--route", "local", ...words]);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain("does not go with");
  });

  it("takes the address, the certificate and the authority that are configured", () => {
    const origin = "/etc/kubelet.yaml";
    const kubelet = (more: object) =>
      effectiveKubelet({ flags: [], main: { origin, value: more as never }, dropIns: [] });
    expect(
      localKubelet(
        kubelet({
          address: "fd00::1",
          port: 10251,
          tlsCertFile: "/pki/own.crt",
          authentication: { x509: { clientCAFile: "/pki/ca.crt" } },
        }),
      ),
    ).toMatchObject({
      url: new URL("https://[fd00::1]:10251"),
      authorities: ["/pki/own.crt", "/pki/ca.crt"],
      requestTimeout: 120n,
    });
    expect(() => localKubelet(kubelet({ enableServer: false }))).toThrow("serve nothing");
  });
});
