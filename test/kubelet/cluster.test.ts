import { chmodSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { fastClock } from "../support/clock.ts";
import {
  fakeApi,
  json,
  kubeconfig,
  nodeAt,
  recorded,
  type Script,
} from "../support/fake-cluster.ts";
import { recording } from "../support/recordings.ts";
import { type Ran, type RunOptions, run } from "../support/run.ts";
import { scratch } from "../support/samples.ts";
import { deadPort, type StandIn, standIn } from "../support/stand-in.ts";

const pods = "GET /api/v1/namespaces/default/pods";
const proxy = "POST /api/v1/nodes/lab-node/proxy/checkpoint/default/counter/counter";
const path =
  "/var/lib/kubelet/checkpoints/checkpoint-counter_default-counter-2026-11-21T22:05:14Z.tar";
const objects: Script = [
  [`${pods}/counter`, "cluster/pod-counter"],
  [`${pods}/web`, "cluster/pod-web"],
  [`${pods}/nope`, "cluster/pod-not-found"],
  ["GET /api/v1/nodes/lab-node", "cluster/node"],
];

const error = ({ err }: Ran): { [key: string]: unknown } =>
  (JSON.parse(err.trimEnd().split("\n").at(-1) ?? "") as { error: { [key: string]: unknown } })
    .error;

function checkpoint(
  api: StandIn,
  words: readonly string[],
  options: RunOptions = {},
): Promise<Ran> {
  return run(["checkpoint", "--kubeconfig", kubeconfig(api), ...words], options);
}

describe("through the API server", () => {
  it("finds the pod's node and the only container", async () => {
    const api = await fakeApi([...objects, [proxy, "cluster/proxy-a-success"]]);
    const ran = await checkpoint(api, ["default/counter", "--timeout", "30", "-o", "json"]);
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(ran.out)).toMatchObject({
      items: [
        {
          container: "counter",
          node: "lab-node",
          kubeletVersion: "v1.36.2",
          route: "proxy",
          paths: [path],
        },
      ],
      notTried: [],
    });
    expect(api.asked.map(({ method, path: asked }) => `${method} ${asked}`)).toEqual([
      `${pods}/counter`,
      "GET /api/v1/nodes/lab-node",
      `${proxy}?timeout=30`,
    ]);
    for (const { headers } of api.asked) {
      expect(headers["authorization"]).toBe("Bearer token-of-the-test");
    }
  });

  it.each([
    [["-n", "default", "counter/counter"]],
    [["-n", "default", "counter"]],
    [["counter"]],
    [["default/counter/counter"]],
  ])("%j names the same container", async (words) => {
    const api = await fakeApi([...objects, [proxy, "cluster/proxy-a-success"]]);
    expect(await checkpoint(api, ["-q", ...words])).toMatchObject({ code: 0, out: `${path}\n` });
  });

  it("init containers can be named, and the state that explains a refusal is told", async () => {
    const init = "POST /api/v1/nodes/lab-node/proxy/checkpoint/default/web/init";
    const api = await fakeApi([...objects, [init, "cluster/proxy-a-exited-init-container"]]);
    const ran = await checkpoint(api, ["default/web/init", "-o", "json"]);
    expect(ran.code).toBe(5);
    expect(error(ran)).toMatchObject({
      code: "container-not-running",
      notes: ["the API says of init: terminated (Completed)"],
    });
  });

  it.each([
    ["default/web", 2, "no-container", "main (running), side (running), init (init, terminated"],
    ["default/web/nope", 2, "no-container", "main (running)"],
    ["default/nope", 5, "no-pod", "kubectl get pods -n default"],
  ])("%s: exit %i, %s", async (target, code, word, next) => {
    const api = await fakeApi(objects);
    const ran = await checkpoint(api, [target, "-o", "json"]);
    expect(ran).toMatchObject({ code, out: "" });
    expect(error(ran)).toMatchObject({ code: word, next: expect.stringContaining(next) });
  });

  it("who may not read pods is told the role for it", async () => {
    const api = await fakeApi([[`${pods}/counter`, "cluster/dev-pod-get-403"]]);
    const ran = await checkpoint(api, ["default/counter"]);
    expect(ran.code).toBe(5);
    expect(ran.err).toContain(
      'knows you as "dev", who has no right to get pods in namespace default',
    );
    expect(ran.err).toContain(
      "\nkind: Role\nmetadata:\n  name: cryoscope-pods-get\n  namespace: default\n",
    );
  });

  it("who may not read nodes can checkpoint all the same", async () => {
    const api = await fakeApi([
      [`${pods}/counter`, "cluster/pod-counter"],
      ["GET /api/v1/nodes/lab-node", "cluster/dev-node-get-403"],
      [proxy, "cluster/proxy-a-success"],
    ]);
    expect(await checkpoint(api, ["-q", "default/counter"])).toMatchObject({ code: 0 });
  });

  it("says what leaving means with the kubelet that is there", async () => {
    for (const [version, meaning] of [
      ["v1.36.2", "kubelet v1.36.2 cancels the checkpoint when its caller leaves"],
      [
        "v1.31.0",
        "whether kubelet v1.31.0 goes on with the checkpoint without its caller cannot be known",
      ],
    ]) {
      const api = await fakeApi([
        [`${pods}/counter`, "cluster/pod-counter"],
        ["GET /api/v1/nodes/lab-node", json(nodeAt(10250, version))],
        [proxy, "hang"],
      ]);
      const ran = await checkpoint(api, ["default/counter"], { clock: fastClock(300) });
      expect(ran.code).toBe(6);
      expect(ran.err).toContain(meaning);
    }
  });

  it("an API server that hangs is not waited for as long", async () => {
    const api = await fakeApi([[pods, "hang"]]);
    const ran = await checkpoint(api, ["default/counter"], { clock: fastClock(100, true) });
    expect(ran.code).toBe(6);
    expect(ran.err).toContain("did not answer within 30 s");
  });

  it("Ctrl-C while it is asked where the pod is", async () => {
    const user = new AbortController();
    const api = await fakeApi([
      [
        pods,
        () => {
          setTimeout(() => user.abort(), 20);
          return "hang";
        },
      ],
    ]);
    const ran = await checkpoint(api, ["default/counter"], { interrupt: user.signal });
    expect(ran).toMatchObject({ code: 130, out: "" });
    expect(ran.err).toContain("all containers are untouched");
  });

  it("shows on a terminal how long it takes, and wipes that away", async () => {
    const api = await fakeApi([
      ...objects,
      [
        proxy,
        async () => {
          await new Promise((resolve) => setTimeout(resolve, 1100));
          return recording("cluster/proxy-a-success");
        },
      ],
    ]);
    const ran = await checkpoint(api, ["default/counter"], { columns: 100, clock: fastClock(1) });
    expect(ran.err).toContain("checkpointing default/counter/counter on lab-node");
    expect(ran.err.split("\r\u001b[2K").length).toBeGreaterThan(2);
    expect(ran.err.endsWith("\r\u001b[2K")).toBe(true);
  });

  it("a login page in its place", async () => {
    const api = await fakeApi([[pods, { status: 200, body: "<html>" }]]);
    const ran = await checkpoint(api, ["default/counter", "-o", "json"]);
    expect(error(ran)).toMatchObject({ code: "unexpected-answer", exitCode: 5 });
  });
});

describe("ways", () => {
  const withKubelet = async (
    proxied: Script[number][1],
    kubelet: StandIn | number,
  ): Promise<StandIn> =>
    fakeApi([
      [`${pods}/counter`, "cluster/pod-counter"],
      [
        "GET /api/v1/nodes/lab-node",
        json(nodeAt(typeof kubelet === "number" ? kubelet : kubelet.port)),
      ],
      [proxy, proxied],
    ]);

  it("auto turns to the kubelet where the API server may not ask it, and says so", async () => {
    for (const refusal of ["cluster/proxy-b-403", "cluster/dev-proxy-checkpoint-403-token"]) {
      const kubelet = await standIn("cluster/direct-devcheckpoint-token");
      const api = await withKubelet(refusal, kubelet);
      const ran = await checkpoint(api, ["default/counter", "-o", "wide"]);
      expect(ran.code).toBe(0);
      expect(ran.out).toContain("direct");
      expect(ran.err).toContain(`asking the kubelet itself at ${kubelet.url}`);
      expect(kubelet.asked[0]?.headers["authorization"]).toBe("Bearer token-of-the-test");
    }
  });

  it("auto tells the first refusal where the kubelet is out of reach", async () => {
    const api = await withKubelet("cluster/proxy-b-403", await deadPort());
    const ran = await checkpoint(api, ["default/counter", "-o", "json"]);
    expect(ran.code).toBe(5);
    expect(error(ran)).toMatchObject({
      code: "api-server-forbidden",
      manifest: expect.stringContaining("kube-apiserver-kubelet-client"),
      notes: expect.arrayContaining([expect.stringContaining("the kubelet itself was asked too")]),
    });
  });

  it("auto tells what the kubelet says where it was reached", async () => {
    const kubelet = await standIn("kubelet/crio-cri-error-tcp");
    const ran = await checkpoint(await withKubelet("cluster/proxy-b-403", kubelet), [
      "default/counter",
      "-o",
      "json",
    ]);
    expect(error(ran)).toMatchObject({ code: "tcp-established" });
  });

  it("auto sends nothing twice that may have begun", async () => {
    for (const reply of ["close", { cut: recording("cluster/proxy-a-success") }] as const) {
      const kubelet = await standIn("cluster/direct-devcheckpoint-token");
      const ran = await checkpoint(await withKubelet(reply, kubelet), ["default/counter"]);
      expect(ran.code).toBe(5);
      expect(kubelet.asked).toEqual([]);
    }
  });

  it("a kubelet that is down is not asked again", async () => {
    const kubelet = await standIn("cluster/direct-devcheckpoint-token");
    const api = await withKubelet("cluster/down-1-proxy-checkpoint-kubelet-stopped", kubelet);
    const ran = await checkpoint(api, ["default/counter", "-o", "json"]);
    expect(error(ran)).toMatchObject({ code: "kubelet-down", where: { node: "lab-node" } });
    expect(kubelet.asked).toEqual([]);
  });

  it("proxy stays, direct goes straight", async () => {
    const kubelet = await standIn("cluster/direct-devcheckpoint-token");
    const api = await withKubelet("cluster/proxy-b-403", kubelet);
    const stay = await checkpoint(api, ["default/counter", "--route", "proxy", "-o", "json"]);
    expect(error(stay)).toMatchObject({ code: "api-server-forbidden" });
    expect(kubelet.asked).toEqual([]);
    expect((await checkpoint(api, ["default/counter", "--route", "direct"])).code).toBe(0);
    expect(api.asked.filter(({ method }) => method === "POST").length).toBe(1);
  });
});

describe("kubeconfigs", () => {
  const success: Script = [...objects, [proxy, "cluster/proxy-a-success"]];

  const withUser = async (
    user: object,
    cluster: object = {},
  ): Promise<{ api: StandIn; ran: Ran }> => {
    const api = await fakeApi(success);
    const file = kubeconfig(api, { user: user as never, cluster: cluster as never });
    return {
      api,
      ran: await run(["checkpoint", "--kubeconfig", file, "default/counter", "--debug"]),
    };
  };

  const program = (text: string): string => {
    const name = join(scratch(), "login.sh");
    writeFileSync(name, `#!/bin/sh\n${text}\n`);
    chmodSync(name, 0o700);
    return name;
  };

  it("a login program gives the token, and is told which protocol to speak", async () => {
    const command = program(
      `[ -n "$KUBERNETES_EXEC_INFO" ] || exit 3
       echo '{"kind":"ExecCredential","status":{"token":"from-the-program"}}'`,
    );
    const { api, ran } = await withUser({
      exec: { command, apiVersion: "client.authentication.k8s.io/v1" },
    });
    expect(ran.code).toBe(0);
    expect(api.asked[0]?.headers["authorization"]).toBe("Bearer from-the-program");
  });

  it.each([
    ["exits with an error", "echo 'run: corp login' >&2; exit 1", "run: corp login"],
    ["prints nonsense with a secret", "echo 'token: a-secret-thing'", "printed no ExecCredential"],
    ["prints another object", "echo '{}'", "printed no ExecCredential"],
  ])("a login program that %s", async (_name, text, found) => {
    const { ran } = await withUser({ exec: { command: program(text) } });
    expect(ran.code).toBe(5);
    expect(ran.err).toContain(found);
    expect(ran.err).not.toContain("a-secret-thing");
  });

  it("a login program that is not there", async () => {
    const exec = { command: "no-such-login-program", installHint: "get it from the intranet" };
    const { ran } = await withUser({ exec });
    expect(ran.code).toBe(5);
    expect(ran.err).toContain("get it from the intranet");
  });

  it("a token in a file, a user with a password", async () => {
    const file = join(scratch(), "token");
    writeFileSync(file, "from-a-file\n");
    const { api } = await withUser({ tokenFile: file });
    expect(api.asked[0]?.headers["authorization"]).toBe("Bearer from-a-file");
    const basic = await withUser({ username: "me", password: "hunter2" });
    const encoded = Buffer.from("me:hunter2").toString("base64");
    expect(basic.api.asked[0]?.headers["authorization"]).toBe(`Basic ${encoded}`);
  });

  it.each<[string, object, object]>([
    ["a token file that is not there", { tokenFile: "/no/such" }, {}],
    [
      "a certificate that is none",
      { "client-certificate-data": "bm9uZQ==", "client-key-data": "bm9uZQ==" },
      {},
    ],
    [
      "a certificate file that is not there",
      { "client-certificate": "/no/such", "client-key": "/no/such" },
      {},
    ],
    ["a server that is none", {}, { server: "nowhere" }],
  ])("%s is a fault of usage", async (_name, user, cluster) => {
    const { api, ran } = await withUser(user, cluster);
    expect(ran.code).toBe(2);
    expect(ran.err).not.toContain("this is a fault of cryoscope");
    expect(api.asked).toEqual([]);
  });

  it("never quote what they hold", async () => {
    const file = join(scratch(), "kubeconfig");
    for (const text of [
      "users:\n- name: me\n  user:\n    token: [a-secret-thing\n",
      "\tusers: a-secret-thing",
      "&a [*a, *b]\n- token: a-secret-thing",
      '{"users": "a-secret-thing"}',
      "a-secret-thing",
      "",
    ]) {
      writeFileSync(file, text);
      const ran = await run(["checkpoint", "--kubeconfig", file, "a/b/c", "--debug"]);
      expect(ran.code).toBe(2);
      expect(ran.err).not.toContain("a-secret-thing");
    }
  });

  it.each<[string, object]>([
    ["a token", { token: "clear-token" }],
    ["a password", { username: "me", password: "clear-password" }],
    [
      "a login program",
      { exec: { apiVersion: "client.authentication.k8s.io/v1", command: "/no/such" } },
    ],
  ])("prove nothing to a server without TLS, as kubectl does not: %s", async (_, user) => {
    const headers: IncomingHttpHeaders[] = [];
    const server = createServer((request, response) => {
      headers.push(request.headers);
      response.writeHead(404).end();
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const api = { url: `http://127.0.0.1:${port}`, ca: "" } as StandIn;
    const file = kubeconfig(api, { user: { ...user, as: "somebody" } });
    expect((await run(["checkpoint", "--kubeconfig", file, "default/counter"])).code).toBe(5);
    expect(headers.length).toBeGreaterThan(0);
    expect(headers.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
  });

  it("are found by KUBECONFIG, of several the first entry counts; and in the home folder", async () => {
    const [api, other] = [await fakeApi(success), await fakeApi([])];
    const env = { KUBECONFIG: `/no/such:${kubeconfig(api)}:${kubeconfig(other)}` };
    expect((await run(["checkpoint", "default/counter", "-q"], { env })).code).toBe(0);
    expect(other.asked).toEqual([]);
    const none = await run(["checkpoint", "default/counter"], { env: { HOME: scratch() } });
    expect(none.code).toBe(2);
    expect(none.err).toContain("there is no kubeconfig");
  });

  it("have contexts", async () => {
    const api = await fakeApi(success);
    const ran = await checkpoint(api, ["default/counter", "--context", "other"]);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain("--context with one of lab");
  });

  it("another authority than the server's", async () => {
    const { makeCertificate } = await import("../support/certificates.ts");
    const { cert } = makeCertificate({ name: "other", authority: true });
    const data = Buffer.from(cert).toString("base64");
    const { ran } = await withUser({}, { "certificate-authority-data": data });
    expect(ran.code).toBe(5);
    expect(ran.err).toContain("certificate of an authority that is not known here");
    expect(ran.err).toContain("certificate-authority in your kubeconfig");
  });
});

describe("many", () => {
  const asPod = (name: string, node: string, labels: object = { app: "shop" }): object => {
    const pod = recorded("pod-web") as { metadata: object; spec: object };
    return {
      ...pod,
      metadata: { ...pod.metadata, name, labels },
      spec: { ...pod.spec, nodeName: node },
    };
  };

  const made = (name: string, container: string): object => ({
    items: [
      `/var/lib/kubelet/checkpoints/checkpoint-${name}_default-${container}-${Date.now()}.tar`,
    ],
  });

  /** Two pods on each of two nodes, each with the containers main and side that run. */
  const shop = async (delay: number): Promise<{ api: StandIn; most: Map<string, number> }> => {
    const busy = new Map<string, number>();
    const most = new Map<string, number>();
    const list = [1, 2, 3, 4].map((at) => asPod(`web-${at}`, `node-${at % 2}`));
    const api = await fakeApi([
      [
        `${pods}?`,
        ({ path: asked }) =>
          asked.includes("continue=second")
            ? json({ items: list.slice(2), metadata: {} })
            : json({ items: list.slice(0, 2), metadata: { continue: "second" } }),
      ],
      ["GET /api/v1/nodes/", "cluster/node"],
      [
        "POST /api/v1/nodes/",
        async ({ path: asked }) => {
          const [, node = "", , , , pod = "", container = ""] = asked.split("/").slice(3);
          for (const key of [node, "all"]) {
            busy.set(key, (busy.get(key) ?? 0) + 1);
            most.set(key, Math.max(most.get(key) ?? 0, busy.get(key) ?? 0));
          }
          await new Promise((resolve) => setTimeout(resolve, delay));
          for (const key of [node, "all"]) busy.set(key, (busy.get(key) ?? 0) - 1);
          return json(made(pod, container));
        },
      ],
    ]);
    return { api, most };
  };

  it("every running container that a selector finds, over pages, one at a time a node", async () => {
    const { api, most } = await shop(20);
    const ran = await checkpoint(api, ["-l", "app=shop", "--all-containers", "-q"]);
    expect(ran.code).toBe(0);
    expect(ran.out.match(/web-\d_default-(main|side)/g)?.length).toBe(8);
    expect(most.get("node-0")).toBe(1);
    expect(most.get("node-1")).toBe(1);
    expect(most.get("all")).toBe(2);
    expect(api.asked[0]?.path).toContain("labelSelector=app%3Dshop");
  });

  it("no more at once than --parallel", async () => {
    const { api, most } = await shop(10);
    await checkpoint(api, ["-l", "app=shop", "--all-containers", "--parallel", "1"]);
    expect(most.get("all")).toBe(1);
  });

  it("never two of one container within a second of the answer to the first", async () => {
    const api = await fakeApi([...objects, [proxy, "cluster/proxy-a-success"]]);
    const ran = await checkpoint(api, ["default/counter", "default/counter", "-q"]);
    expect(ran.code).toBe(0);
    const [first = 0, second = 0] = api.asked
      .filter(({ method }) => method === "POST")
      .map(({ at }) => at);
    expect(second - first).toBeGreaterThanOrEqual(1000);
    expect(ran.err).toContain("was written twice");
  });

  it("one that fails leaves the others alone; all is told", async () => {
    const api = await fakeApi([
      ...objects,
      ["POST /api/v1/nodes/lab-node/proxy/checkpoint/default/web/main", "cluster/proxy-a-success"],
      [
        "POST /api/v1/nodes/lab-node/proxy/checkpoint/default/web/init",
        "cluster/proxy-a-exited-init-container",
      ],
    ]);
    const words = ["default/web/main", "default/web/init", "default/nope", "-o", "json"];
    const ran = await checkpoint(api, words);
    expect(ran.code).toBe(5);
    const { items, notTried } = JSON.parse(ran.out) as {
      items: { error: unknown }[];
      notTried: unknown[];
    };
    expect(
      items.map(({ error: fault }) => (fault as { code: string } | null)?.code ?? null),
    ).toEqual([null, "container-not-running"]);
    expect(notTried).toMatchObject([{ target: "default/nope", error: { code: "no-pod" } }]);
    expect(ran.err.trimEnd().split("\n").length).toBe(2);
    const table = await checkpoint(api, ["default/web/main", "default/web/init"]);
    expect(table.out).toContain("✗ container-not-running");
  });

  it("Ctrl-C ends those under way, begins no more, and keeps what was made", async () => {
    const user = new AbortController();
    let asked = 0;
    const api = await fakeApi([
      ...objects,
      [
        "POST ",
        () => {
          asked += 1;
          if (asked === 1) return recording("cluster/proxy-a-success");
          setTimeout(() => user.abort(), 20);
          return "hang" as const;
        },
      ],
    ]);
    const words = ["default/counter", "default/web/main", "default/web/side", "-o", "json"];
    const ran = await checkpoint(api, words, { interrupt: user.signal });
    expect(ran.code).toBe(130);
    const { items } = JSON.parse(ran.out) as {
      items: { paths: string[]; error: { what: string } }[];
    };
    expect(items[0]?.paths).toEqual([path]);
    expect(items[1]?.error.what).toContain("you stopped waiting");
    expect(items[2]?.error.what).toContain("was not begun");
    expect(asked).toBe(2);
  });

  it("a selector that finds nothing", async () => {
    const api = await fakeApi([[`${pods}?`, json({ items: [], metadata: {} })]]);
    const ran = await checkpoint(api, ["-l", "app=none"]);
    expect(ran.code).toBe(5);
    expect(ran.err).toContain("no pod in namespace default has the labels app=none");
  });
});
