import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { predict } from "../../src/kubelet/preview/predict.ts";
import { fakeApi, json, kubeconfig, recorded, type Script } from "../support/fake-cluster.ts";
import { recording } from "../support/recordings.ts";
import { type Ran, run } from "../support/run.ts";
import type { Reply, StandIn } from "../support/stand-in.ts";

type Json = { [key: string]: unknown };
interface Row extends Json {
  id: string;
  verdict: string;
  required: boolean;
  found: string;
}

const node = "GET /api/v1/nodes/lab-node";
const summary = (free: number, used: number): Json => ({
  node: { fs: { availableBytes: free } },
  pods: [
    {
      podRef: { namespace: "default", name: "counter" },
      containers: [{ name: "counter", memory: { workingSetBytes: used } }],
    },
  ],
});

/** Says of two rights what the test wants, as the recorded reviews do. */
const reviews =
  (allowed: Readonly<Record<string, boolean>>): Reply =>
  ({ body }) => {
    const review = JSON.parse(body) as { spec: { resourceAttributes: { subresource: string } } };
    const { subresource } = review.spec.resourceAttributes;
    return json({ ...review, status: { allowed: allowed[subresource] === true } }, 201);
  };

const cluster = (allowed: Readonly<Record<string, boolean>>, more: Script = []): Script => [
  ...more,
  ["GET /api/v1/namespaces/default/pods/counter", "cluster/pod-counter"],
  ["GET /api/v1/namespaces/default/pods/web", "cluster/pod-web"],
  [`${node}/proxy/configz`, "cluster/configz-admin"],
  [`${node}/proxy/metrics`, "cluster/metrics-admin"],
  [`${node}/proxy/stats/summary`, json(summary(8e9, 1e6))],
  [node, "cluster/node"],
  ["GET /apis/coordination.k8s.io/", "cluster/lease"],
  ["POST /apis/authentication.k8s.io/v1/selfsubjectreviews", "cluster/whoami-dev-token"],
  ["POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews", reviews(allowed)],
];

const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(
  JSON.parse(
    readFileSync(
      new URL("../../src/report/schema/checkpoint-preview.json", import.meta.url),
      "utf8",
    ),
  ) as object,
);

async function preview(
  script: Script,
  words: readonly string[],
): Promise<{ ran: Ran; api: StandIn; item: Json & { rows: Row[] }; caller: Json }> {
  const api = await fakeApi(script);
  const ran = await run(
    ["checkpoint", "--dry-run", "--kubeconfig", kubeconfig(api), ...words, "-o", "json"],
    { now: Date.parse("2026-11-21T22:23:50Z") },
  );
  const document = JSON.parse(ran.out) as { items: (Json & { rows: Row[] })[]; caller: Json };
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
  const calls = api.asked.filter(({ path }) => path.includes("/proxy/checkpoint/"));
  expect(calls).toEqual([]);
  return { ran, api, item: document.items[0] as never, caller: document.caller };
}

const verdictOf = ({ rows }: { rows: Row[] }, id: string): string | undefined => {
  const row = rows.find((entry) => entry.id === id);
  return row === undefined ? undefined : `${row.verdict}${row.required ? "" : ", not required"}`;
};

describe("checkpoint --dry-run", () => {
  it("says where the call would go, who asks, and that nothing is against it", async () => {
    const { item, caller } = await preview(cluster({ proxy: true, checkpoint: true }), [
      "default/counter",
      "--timeout",
      "5m",
    ]);
    expect(caller).toEqual({
      user: "dev",
      groups: ["developers", "system:authenticated"],
      mayProxy: true,
      mayCheckpoint: true,
    });
    expect(item["urls"]).toEqual([
      {
        route: "proxy",
        url: expect.stringMatching(
          /\/api\/v1\/nodes\/lab-node\/proxy\/checkpoint\/default\/counter\/counter\?timeout=300$/,
        ),
      },
      {
        route: "direct",
        url: "https://10.99.0.1:10250/checkpoint/default/counter/counter?timeout=300",
      },
    ]);
    for (const id of ["running", "may-proxy", "may-checkpoint", "ready", "space"]) {
      expect(verdictOf(item, id), id).toMatch(/^yes/);
    }
    expect(verdictOf(item, "api-server-may-checkpoint")).toBe("unknown, not required");
    expect(verdictOf(item, "diskpressure")).toMatch(/^yes/);
  });

  it.each<
    [string, Readonly<Record<string, boolean>>, string, string | undefined, string | undefined]
  >([
    ["auto", { proxy: false, checkpoint: false }, "no", "no", "no"],
    ["auto", { proxy: false, checkpoint: true }, "not no", "no, not required", "yes"],
    ["auto", { proxy: true, checkpoint: false }, "not no", "yes", "no, not required"],
    ["proxy", { proxy: false, checkpoint: true }, "no", "no", undefined],
    ["direct", { proxy: true, checkpoint: false }, "no", undefined, "no"],
  ])("rights, --route %s, %j: %s", async (route, allowed, can, mayProxy, mayCheckpoint) => {
    const { ran, item } = await preview(cluster(allowed), ["default/counter", "--route", route]);
    expect(verdictOf(item, "may-proxy")).toBe(mayProxy);
    expect(verdictOf(item, "may-checkpoint")).toBe(mayCheckpoint);
    expect(item["can"] === "no" ? "no" : "not no").toBe(can);
    expect(ran.code).toBe(can === "no" ? 1 : 0);
  });

  it("a container that has ended", async () => {
    const { ran, item } = await preview(cluster({ proxy: true }), ["default/web/init"]);
    expect(ran.code).toBe(1);
    expect(item.rows[0]).toMatchObject({ id: "running", found: "terminated (Completed)" });
  });

  it("a disk that is too small, a node that is not ready, a gate that is off", async () => {
    const metrics = recording("cluster/metrics-admin").answer;
    const off = metrics.body.replace(
      /(kubernetes_feature_enabled\{name="ContainerCheckpoint".*\}) 1/,
      "$1 0",
    );
    expect(off).not.toBe(metrics.body);
    const { ran, item } = await preview(
      cluster({ proxy: true }, [
        [`${node}/proxy/stats/summary`, json(summary(1e6, 1e6))],
        [`${node}/proxy/metrics`, { ...metrics, headers: {}, body: off }],
        [`${node}/`, "cluster/node-not-found"],
        [node, "cluster/down-3-node-with-controller-manager"],
      ]),
      ["default/counter"],
    );
    expect(ran.code).toBe(1);
    expect(verdictOf(item, "space")).toBe("no");
    expect(verdictOf(item, "ready")).toBe("no");
    expect(item.rows.find(({ id }) => /gate/.test(id))).toMatchObject({ verdict: "no" });
  });

  it("tells what it may not see as unknown, with the reason", async () => {
    const { ran, item, caller } = await preview(
      [
        ["GET /api/v1/namespaces/default/pods/counter", "cluster/pod-counter"],
        ["GET /api/v1/nodes/lab-node/proxy", "cluster/devproxy-get-method-403"],
        [node, "cluster/dev-node-get-403"],
        ["POST /apis/", "cluster/dev-pods-list-403"],
      ],
      ["default/counter"],
    );
    expect(ran.code).toBe(0);
    expect(item["can"]).toBe("unknown");
    expect(caller).toEqual({ user: null, groups: [], mayProxy: null, mayCheckpoint: null });
    for (const id of ["may-proxy", "may-checkpoint", "node", "space"]) {
      expect(verdictOf(item, id), id).toBe("unknown");
      expect(item.rows.find((row) => row.id === id)?.["reason"], id).toBeTypeOf("string");
    }
  });

  it("with --kubelet nothing at all is sent", async () => {
    const ran = await run(["checkpoint", "--dry-run", "a/b/c", "--kubelet", "127.0.0.1:1"]);
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(ran.out).toContain("https://127.0.0.1:1/checkpoint/a/b/c (direct)");
  });

  it("draws it for people", async () => {
    const api = await fakeApi(cluster({ proxy: false, checkpoint: false }));
    const file = kubeconfig(api);
    const ran = await run(["checkpoint", "--dry-run", "--kubeconfig", file, "default/counter"]);
    expect(ran.out).toMatch(/Caller\n.*User +dev/);
    expect(ran.out).toMatch(/default\/counter\/counter\n +Can be checkpointed +no/);
    expect(ran.out).toMatch(/✗ +may-proxy/);
    expect(ran.out).toContain("bind a ClusterRole with create on nodes/proxy to dev");
  });
});

describe("what in a pod predicts a failed dump", () => {
  const pod = recorded("pod-counter") as { spec: { containers: Json[] } };
  const changed = (spec: Json, container: Json = {}): Json => ({
    ...pod,
    spec: { ...pod.spec, ...spec, containers: [{ ...pod.spec.containers[0], ...container }] },
  });
  const against = (object: Json): string[] =>
    predict(object, "counter")
      .filter(({ verdict }) => verdict === "no")
      .map(({ id }) => id);

  it("nothing in a plain one", () => {
    expect(against(pod)).toEqual([]);
  });

  it.each<[string, Json, Json]>([
    ["sandbox", { runtimeClassName: "kata-qemu" }, {}],
    ["terminal", {}, { tty: true }],
    ["process-namespace", { shareProcessNamespace: true }, {}],
    ["process-namespace", { hostPID: true }, {}],
    ["host-namespaces", { hostNetwork: true }, {}],
    ["devices", {}, { resources: { limits: { "nvidia.com/gpu": "1" } } }],
    ["devices", {}, { resources: { claims: [{ name: "gpu" }] } }],
    ["devices", {}, { volumeDevices: [{ name: "d", devicePath: "/dev/xvda" }] }],
    [
      "sockets-of-the-node",
      { volumes: [{ name: "s", hostPath: { path: "/var/run/docker.sock" } }] },
      { volumeMounts: [{ name: "s", mountPath: "/s" }] },
    ],
    ["privileged", {}, { securityContext: { privileged: true } }],
  ])("%s: %j %j", (id, spec, container) => {
    expect(against(changed(spec, container))).toEqual([id]);
  });

  it("a socket that another container mounts is none of this one's", () => {
    const volumes = [{ name: "s", hostPath: { path: "/x.sock" } }];
    expect(against(changed({ volumes }))).toEqual([]);
  });

  it("takes objects of any form", () => {
    for (const object of [{}, { spec: 7 }, { spec: { containers: [1, null, { name: 2 }] } }]) {
      expect(against(object as Json)).toEqual([]);
    }
  });
});
