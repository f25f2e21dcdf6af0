import { describe, expect, it } from "vitest";
import type { Fault } from "../../src/base/errors.ts";
import { judge } from "../../src/kubelet/answer/judge.ts";
import type { Asked } from "../../src/kubelet/asked.ts";
import type { Answer } from "../../src/kubelet/http/body.ts";
import { recording, recordingsOf } from "../support/recordings.ts";

/** What each recording means: an archive, or the word for its fault. */
const kubelet: Readonly<Record<string, string>> = {
  "containerd-bad-bearer-anonymous-off": "unauthenticated",
  "containerd-bad-timeout": "bad-timeout",
  "containerd-bad-timeout-duration": "bad-timeout",
  "containerd-big-timeout-1s": "archive",
  "containerd-cri-error-tcp": "criu-wordless",
  "containerd-criu-missing": "criu-missing",
  "containerd-exited-init-container": "container-not-running",
  "containerd-feature-gate-off": "gate-off",
  "containerd-no-auth-anonymous-off": "unauthenticated",
  "containerd-no-auth-anonymous-off-http11": "unauthenticated",
  "containerd-plain-http": "plain-http",
  "containerd-pod-name-without-node": "no-pod",
  "containerd-short-path": "wrong-path",
  "containerd-success": "archive",
  "containerd-success-http11": "archive",
  "containerd-success-timeout": "archive",
  "containerd-success-timeout-negative": "timeout-negative",
  "containerd-success-timeout-zero": "archive",
  "containerd-unknown-container": "no-container",
  "containerd-unknown-namespace": "no-pod",
  "containerd-unknown-pod": "no-pod",
  "containerd-webhook-allowed-unknown-pod": "no-pod",
  "containerd-webhook-denied-403": "forbidden",
  "containerd-webhook-denied-403-http11": "forbidden",
  "containerd-webhook-no-token": "unauthenticated",
  "containerd-webhook-unknown-token": "unauthenticated",
  "containerd-wrong-method-get": "wrong-method",
  "containerd-wrong-method-put": "wrong-method",
  "crio-bad-bearer-anonymous-off": "unauthenticated",
  "crio-bad-timeout": "bad-timeout",
  "crio-bad-timeout-duration": "bad-timeout",
  "crio-cri-error-tcp": "tcp-established",
  "crio-criu-missing": "criu-missing",
  "crio-exited-init-container": "container-not-running",
  "crio-feature-gate-off": "gate-off",
  "crio-no-auth-anonymous-off": "unauthenticated",
  "crio-no-auth-anonymous-off-http11": "unauthenticated",
  "crio-plain-http": "plain-http",
  "crio-pod-name-without-node": "no-pod",
  "crio-short-path": "wrong-path",
  "crio-success": "archive",
  "crio-success-http11": "archive",
  "crio-success-timeout": "archive",
  "crio-success-timeout-negative": "timeout-negative",
  "crio-success-timeout-zero": "archive",
  "crio-unknown-container": "no-container",
  "crio-unknown-namespace": "no-pod",
  "crio-unknown-pod": "no-pod",
  "crio-webhook-allowed-unknown-pod": "no-pod",
  "crio-webhook-denied-403": "forbidden",
  "crio-webhook-denied-403-http11": "forbidden",
  "crio-webhook-no-token": "unauthenticated",
  "crio-webhook-unknown-token": "unauthenticated",
  "crio-wrong-method-get": "wrong-method",
  "crio-wrong-method-put": "wrong-method",
};
const cluster: Readonly<Record<string, string>> = {
  "bad-token-401": "unauthenticated",
  "big-proxy-http11": "archive",
  "big-proxy-timeout-1": "archive",
  "dev-proxy-checkpoint-403-cert": "forbidden",
  "dev-proxy-checkpoint-403-token": "forbidden",
  "dev-proxy-checkpoint-unknown-node-403": "forbidden",
  "devcheckpoint-proxy-403": "forbidden",
  "devproxy-checkpoint-success": "archive",
  "devproxy-checkpoint-success-token": "archive",
  "devproxy-get-method-403": "forbidden",
  "devproxy-unknown-pod": "no-pod",
  "devproxyget-checkpoint-403": "forbidden",
  "direct-admin": "archive",
  "direct-bad-token": "unauthenticated",
  "direct-dev-nothing-cert": "forbidden",
  "direct-dev-nothing-http11": "forbidden",
  "direct-dev-nothing-token": "forbidden",
  "direct-devcheckpoint-cert": "archive",
  "direct-devcheckpoint-http11": "archive",
  "direct-devcheckpoint-token": "archive",
  "direct-devcheckpoint-unknown-pod": "no-pod",
  "direct-devproxy-cert": "forbidden",
  "direct-devproxy-token": "forbidden",
  "direct-feature-gate-off": "gate-off",
  "direct-feature-gate-off-dev": "gate-off",
  "direct-feature-gate-off-no-credentials": "gate-off",
  "direct-no-credentials": "unauthenticated",
  "direct-serviceaccount-checkpoint": "archive",
  "down-1-proxy-checkpoint-kubelet-stopped": "kubelet-down",
  "down-1-proxy-checkpoint-kubelet-stopped-http11": "kubelet-down",
  "down-3-proxy-checkpoint-node-unknown": "kubelet-down",
  "frozen-2-proxy-checkpoint-new-connection": "kubelet-hung",
  "long-75s-success": "archive",
  "long-cri-timeout-2m": "runtime-deadline",
  "long-frozen-before-the-call-timeout-150": "runtime-deadline",
  "long-over-2m-timeout-170": "archive",
  "no-credentials-403": "unauthenticated",
  "proxy-a-bad-timeout": "bad-timeout",
  "proxy-a-bad-timeout-duration": "bad-timeout",
  "proxy-a-exited-init-container": "container-not-running",
  "proxy-a-feature-gate-off": "gate-off",
  "proxy-a-mirror-pod-without-node-suffix": "no-pod",
  "proxy-a-negative-timeout": "timeout-negative",
  "proxy-a-node-with-other-port": "kubelet-down",
  "proxy-a-node-with-scheme-and-port": "archive",
  "proxy-a-short-path": "wrong-path",
  "proxy-a-success": "archive",
  "proxy-a-success-http11": "archive",
  "proxy-a-success-mirror-pod": "archive",
  "proxy-a-success-no-timeout": "archive",
  "proxy-a-unknown-container": "no-container",
  "proxy-a-unknown-namespace": "no-pod",
  "proxy-a-unknown-node": "no-node",
  "proxy-a-unknown-pod": "no-pod",
  "proxy-a-unknown-pod-http11": "no-pod",
  "proxy-a-wrong-method-get": "wrong-method",
  "proxy-a-wrong-method-put": "wrong-method",
  "proxy-b-403": "api-server-forbidden",
  "proxy-b-403-as-dev-proxy": "api-server-forbidden",
  "proxy-b-403-http11": "api-server-forbidden",
  "proxy-b-403-unknown-pod": "api-server-forbidden",
  "proxy-b-feature-gate-off": "gate-off",
  "proxy-b-remedy-at-once-still-403": "api-server-forbidden",
  "proxy-b-remedy-removed-at-once": "archive",
  "proxy-b-remedy-success": "archive",
  "proxy-b-unknown-path": "gate-off",
  "proxy-masters-success": "archive",
};

const target = { namespace: "default", pod: "counter", container: "counter" };

function askedOf(url: string): Asked {
  const route = url.includes("/proxy/") ? "proxy" : "direct";
  return { target, route, url, ...(route === "proxy" ? { node: "lab-node" } : {}) };
}

function verdictOn(name: string): { code: string; fault?: Fault; paths?: readonly string[] } {
  const { url, answer } = recording(name);
  const verdict = judge(askedOf(url), answer);
  if ("paths" in verdict) return { code: "archive", paths: verdict.paths };
  return { code: verdict.fault.detail.code ?? "", fault: verdict.fault };
}

function faultOf(name: string): Fault {
  const { fault } = verdictOn(name);
  if (fault === undefined) throw new Error(`${name} is an archive`);
  return fault;
}

describe("answers of real kubelets and API servers", () => {
  it.each(Object.entries(kubelet))("kubelet/%s: %s", (name, code) => {
    expect(verdictOn(`kubelet/${name}`).code).toBe(code);
  });

  it.each(Object.entries(cluster))("cluster/%s: %s", (name, code) => {
    expect(verdictOn(`cluster/${name}`).code).toBe(code);
  });

  it("are all judged, but for the questions that are no checkpoint calls", () => {
    expect(recordingsOf("kubelet").sort()).toEqual(
      Object.keys(kubelet)
        .sort()
        .map((name) => `kubelet/${name}`),
    );
    const calls = recordingsOf("cluster").filter((name) =>
      /\/checkpoint\/|nonsense/.test(recording(name).url),
    );
    expect(calls.sort()).toEqual(
      Object.keys(cluster)
        .sort()
        .map((name) => `cluster/${name}`),
    );
  });

  it("name paths on the node", () => {
    expect(verdictOn("kubelet/crio-success").paths).toEqual([
      "/var/lib/kubelet/checkpoints/checkpoint-counter-lab-node_default-counter-2026-11-21T21:20:17Z.tar",
    ]);
  });

  it("each say what, where, found and what next, in one sentence each", () => {
    for (const [source, names] of [
      ["kubelet", kubelet],
      ["cluster", cluster],
    ] as const) {
      for (const [name, code] of Object.entries(names)) {
        if (code === "archive") continue;
        const { kind, detail } = faultOf(`${source}/${name}`);
        expect(kind, name).toBe(code === "runtime-deadline" ? "timeout" : "remote");
        expect(detail.where?.url, name).toMatch(/^https?:/);
        for (const part of ["what", "found", "next"] as const) {
          expect(detail[part], `${name} ${part}`).toMatch(/^.{8,1300}$/);
          expect(detail[part], `${name} ${part}`).not.toMatch(/undefined/);
        }
      }
    }
  });
});

describe("who refused, and what mends it", () => {
  it("the caller lacks nodes/proxy at the API server", () => {
    const { detail } = faultOf("cluster/dev-proxy-checkpoint-403-token");
    expect(detail.what).toBe(
      'the API server knows you as "dev", who has no right to create nodes/proxy',
    );
    expect(detail.manifest).toContain('resources: ["nodes/proxy"]\n  verbs: ["create"]');
    expect(detail.manifest).toContain('name: "dev"');
    expect(detail.notes?.join()).toContain("nodes/checkpoint");
  });

  it("the API server lacks nodes/checkpoint at the kubelet, for administrators too", () => {
    const { detail } = faultOf("cluster/proxy-b-403");
    expect(detail.what).toContain('refuses the API server: "kube-apiserver-kubelet-client"');
    expect(detail.manifest).toBe(`apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: cryoscope-nodes-checkpoint-create
rules:
- apiGroups: [""]
  resources: ["nodes/checkpoint"]
  verbs: ["create"]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: cryoscope-nodes-checkpoint-create-kube-apiserver-kubelet-client
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: cryoscope-nodes-checkpoint-create
subjects:
- kind: User
  apiGroup: rbac.authorization.k8s.io
  name: "kube-apiserver-kubelet-client"
`);
    expect(detail.notes?.join()).toContain("within 30 s");
    expect(detail.notes?.join()).toContain("administrators are refused too");
  });

  it("the caller lacks nodes/checkpoint at the kubelet", () => {
    const { detail } = faultOf("cluster/direct-devproxy-token");
    expect(detail.what).toContain(
      'knows you as "dev-proxy", who has no right to create nodes/checkpoint',
    );
    expect(detail.manifest).toContain('name: "dev-proxy"');
    expect(detail.notes?.join()).toContain("nodes/proxy is of no use");
  });

  it("a service account is bound as one", () => {
    const { answer, url } = recording("cluster/direct-dev-nothing-token");
    const body = answer.body.replace("user=dev", "user=system:serviceaccount:shop:saver");
    const verdict = judge(askedOf(url), { ...answer, body }) as { fault: Fault };
    expect(verdict.fault.detail.manifest).toContain(
      "- kind: ServiceAccount\n  name: saver\n  namespace: shop\n",
    );
  });

  it("nobody is bound where nobody asked", () => {
    const { detail } = faultOf("cluster/no-credentials-403");
    expect(detail.what).toContain("nobody");
    expect(detail.manifest).toBeUndefined();
  });

  it("a user's name cannot break out of the manifest", () => {
    const { answer, url } = recording("cluster/direct-dev-nothing-token");
    const body = answer.body.replace("user=dev", 'user=a"\n- kind: Group\n  name: x');
    const verdict = judge(askedOf(url), { ...answer, body }) as { fault: Fault };
    expect(verdict.fault.detail.manifest ?? "").not.toContain("\n- kind: Group");
  });
});

describe("what the runtime said", () => {
  it("CRI-O: the error of CRIU's that counts, and the file of crun", () => {
    const { detail } = faultOf("kubelet/crio-cri-error-tcp");
    expect(detail.found).toBe(
      "inet: Connected TCP socket, consider using --tcp-established option.",
    );
    expect(detail.next).toContain('"tcp-established" into /etc/criu/crun.conf');
  });

  it("containerd: nothing but that CRIU failed, and how to keep its log", () => {
    const { detail } = faultOf("kubelet/containerd-cri-error-tcp");
    expect(detail.found).toContain("criu failed: type DUMP errno 0");
    expect(detail.next).toContain('"log-file /tmp/criu.log" into /etc/criu/runc.conf');
  });

  it("an error that nobody knows, whole", () => {
    const { answer, url } = recording("kubelet/crio-criu-missing");
    const body = "checkpointing of a/b/c failed (rpc error: code = Unknown desc = moon\n is full)";
    const verdict = judge(askedOf(url), { ...answer, body }) as { fault: Fault };
    expect(verdict.fault.detail).toMatchObject({
      code: "checkpoint-failed",
      found: "rpc error: code = Unknown desc = moon | is full",
    });
  });
});

describe("answers that no kubelet gives", () => {
  const base: Answer = {
    status: 200,
    headers: { "content-type": "text/html" },
    body: "<html>",
    protocol: "HTTP/1.1",
  };
  const direct = askedOf("https://node:10250/checkpoint/default/counter/counter");
  const proxied = askedOf("https://api/api/v1/nodes/n/proxy/checkpoint/default/counter/counter");

  it.each<[string, Asked, Partial<Answer>]>([
    ["empty-answer", direct, { body: "" }],
    ["unexpected-answer", direct, {}],
    ["unexpected-answer", direct, { body: "null" }],
    ["unexpected-answer", direct, { body: '{"items":[]}' }],
    ["unexpected-answer", direct, { body: '{"items":["relative.tar"]}' }],
    ["unexpected-answer", direct, { body: '{"items":[7]}' }],
    ["unexpected-answer", direct, { status: 418 }],
    ["unexpected-answer", direct, { status: 201, body: '{"items":["/a"]}' }],
    ["unexpected-answer", proxied, { status: 500 }],
    ["redirect", direct, { status: 302, headers: { location: "https://sso.example/login" } }],
    ["forbidden", direct, { status: 403 }],
    ["not-found", direct, { status: 404 }],
    ["gateway", proxied, { status: 502 }],
    ["gateway", proxied, { status: 504 }],
    ["too-many-requests", proxied, { status: 429, headers: { "retry-after": "3" } }],
    [
      "api-server-unauthenticated",
      proxied,
      { status: 401, headers: { "content-type": "text/plain" }, body: "Unauthorized" },
    ],
  ])("%s", (code, asked, change) => {
    const verdict = judge(asked, { ...base, ...change }) as { fault: Fault };
    expect(verdict.fault.detail.code).toBe(code);
  });

  it("an API server where a kubelet should be", () => {
    const { answer } = recording("cluster/dev-proxy-checkpoint-403-cert");
    const verdict = judge(direct, answer) as { fault: Fault };
    expect(verdict.fault.detail.code).toBe("not-a-kubelet");
  });

  it.each([
    ["kubelet-certificate", "tls: failed to verify certificate: x509: certificate has expired"],
    ["kubelet-unreachable", "dial tcp 10.0.0.9:10250: connect: no route to host"],
    ["kubelet-unreachable", "dial tcp 10.0.0.9:10250: i/o timeout"],
    ["kubelet-unreachable", "No agent available"],
    ["kubelet-unreachable", "dial tcp: lookup worker-3: no such host"],
    ["unavailable", "the moon is full"],
  ])("an API server that does not reach the kubelet: %s, %s", (code, reason) => {
    const { answer, url } = recording("cluster/down-1-proxy-checkpoint-kubelet-stopped");
    const body = JSON.stringify({
      ...(JSON.parse(answer.body) as object),
      message: `error trying to reach service: ${reason}`,
    });
    const verdict = judge(askedOf(url), { ...answer, body }) as { fault: Fault };
    expect(verdict.fault.detail.code).toBe(code);
  });
});
