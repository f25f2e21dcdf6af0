import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { fastClock } from "../support/clock.ts";
import { recording } from "../support/recordings.ts";
import { type RunOptions, run } from "../support/run.ts";
import { scratch } from "../support/samples.ts";
import {
  type Asking,
  authority,
  type Behaviour,
  deadPort,
  type Reply,
  standIn,
} from "../support/stand-in.ts";

const token = "eyJhbGciOi.secret-of-the-test.y";
const now = Date.parse("2026-11-21T22:23:44Z");
const text = (name: string): string =>
  readFileSync(new URL(`recordings/${name}`, import.meta.url), "utf8");

/** Body of a recording that has its headers. */
const bodyOf = (name: string): string => text(name).replace(/^[\s\S]*?\r?\n\r?\n/, "");

const json = (body: string, status = 200): Behaviour => ({
  status,
  headers: { "content-type": "application/json" },
  body,
});
const plain = (body: string, status = 200): Behaviour => ({
  status,
  headers: { "content-type": "text/plain; charset=utf-8" },
  body,
});

const proxy = "/api/v1/nodes/lab-node/proxy";
const lease = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/lab-node";

/** What the real cluster answered, by path. */
const cluster: Readonly<Record<string, Behaviour>> = {
  "/api/v1/nodes/lab-node": json(text("node.json")),
  "/api/v1/nodes": json(text("node-list.json")),
  [lease]: json(text("lease.json")),
  [`${proxy}/configz`]: json(text("configz-admin.json")),
  [`${proxy}/metrics`]: plain(bodyOf("metrics-admin.txt")),
};

const replay =
  (change: Readonly<Record<string, Behaviour>> = {}): Reply =>
  ({ path }: Asking) => {
    const name = path.split("?")[0] as string;
    return change[name] ?? cluster[name] ?? recording("cluster/node-not-found");
  };

function kubeconfig(url: string): string {
  const file = join(scratch(), "config");
  const data = Buffer.from(authority.cert).toString("base64");
  const config = {
    clusters: [{ name: "c", cluster: { server: url, "certificate-authority-data": data } }],
    users: [{ name: "u", user: { token } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    "current-context": "x",
  };
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}

async function node(reply: Reply, words: readonly string[], options: RunOptions = {}) {
  const server = await standIn(reply);
  const ran = await run(["node", ...words, "--kubeconfig", kubeconfig(server.url)], {
    now,
    ...options,
  });
  expect(ran.out + ran.err).not.toContain(token);
  return { ...ran, asked: server.asked };
}

const schema = (name: string): object =>
  JSON.parse(
    readFileSync(new URL(`../../src/report/schema/${name}.json`, import.meta.url), "utf8"),
  ) as object;

describe("cryoscope node NAME", () => {
  it("tells a node as the cluster and its kubelet know it", async () => {
    const { code, out, err, asked } = await node(replay(), ["lab-node"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const line of [
      /\? +Checkpoint through the kubelet +cannot tell +oci-runtime, criu\n/,
      /✓ +lease +the kubelet renews its lease +6s ago\n/,
      /✓ +gate .*on \(the kubelet's metrics\)\n/,
      /Ready +True/,
    ]) {
      expect(out).toMatch(line);
    }
    expect(asked.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(
      Object.keys(cluster)
        .filter((path) => path !== "/api/v1/nodes")
        .map((path) => `GET ${path}`)
        .sort(),
    );
    for (const { headers } of asked) expect(headers["authorization"]).toBe(`Bearer ${token}`);
  });

  it("leaves with 1 where the gate is off", async () => {
    const { code, out } = await node(
      replay({
        [`${proxy}/configz`]: json(text("configz-gate-off.json")),
        [`${proxy}/metrics`]: plain(bodyOf("metrics-gate-off.txt")),
      }),
      ["lab-node", "-q"],
    );
    expect({ code, out }).toEqual({ code: 1, out: "gate\n" });
  });

  it("says why of what it may not read, and shows the rest", async () => {
    const { code, out } = await node(
      replay({
        [lease]: json(bodyOf("dev-lease-get-403.txt"), 403),
        [`${proxy}/configz`]: json(bodyOf("configz-dev.txt"), 403),
        [`${proxy}/metrics`]: json(bodyOf("configz-dev.txt"), 403),
      }),
      ["lab-node", "-o", "json"],
    );
    expect(code).toBe(0);
    const document = JSON.parse(out) as {
      verdicts: { rows: { id: string; reason: string }[] };
      api: { lease: unknown };
    };
    expect(document.api.lease).toBe(null);
    const gate = document.verdicts.rows.find(({ id }) => id === "gate");
    expect(gate?.reason).toMatch(/its \/configz: 403: nodes "lab-node" is forbidden/);
  });

  it("does not wait for a kubelet that hangs", async () => {
    const clock = fastClock(60, true);
    const { code, out } = await node(
      replay({ [`${proxy}/configz`]: "hang", [`${proxy}/metrics`]: "hang" }),
      ["lab-node"],
      { clock },
    );
    expect(out).toMatch(/\? +gate .*its \/configz: no answer within 15 s/);
    // The clock of this test is not the recording's, so the lease is old: that is a no.
    expect(code).toBe(1);
  });

  it("whose name the cluster does not know", async () => {
    const { code, out, err } = await node(replay(), ["nope"]);
    expect({ code, out }).toEqual({ code: 5, out: "" });
    expect(err).toMatch(
      /there is no node nope\n[\s\S]*next +see which there are: cryoscope node --all/,
    );
  });

  it("that may not be read is a refusal of the API server's", async () => {
    const { code, err } = await node(() => recording("cluster/dev-node-get-403"), ["lab-node"]);
    expect(code).toBe(5);
    expect(err).toMatch(/get.*nodes/);
  });

  it("of a cluster that is not there", async () => {
    const config = kubeconfig(`https://127.0.0.1:${await deadPort()}`);
    const { code, out } = await run(["node", "lab-node", "--kubeconfig", config]);
    expect({ code, out }).toEqual({ code: 5, out: "" });
  });
});

describe("cryoscope node --all", () => {
  it("lists every node with what keeps it from a checkpoint", async () => {
    const { code, out } = await node(replay(), ["--all"]);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^NAME +READY +LEASE +CHECKPOINT +RESTORE +KUBELET +RUNTIME +BECAUSE\nlab-node +True +6s +unknown +unknown +v1\.36\.2 +containerd:\/\/2\.1\.9\+unknown +oci-runtime, criu\n$/,
    );
  });

  it("follows pages, and fits its schema", async () => {
    const item = (JSON.parse(text("node-list.json")) as { items: { metadata: object }[] }).items[0];
    const named = (name: string) => ({ ...item, metadata: { ...item?.metadata, name } });
    const page = (names: string[], next?: string): Behaviour =>
      json(
        JSON.stringify({ kind: "NodeList", metadata: { continue: next }, items: names.map(named) }),
      );
    const reply: Reply = (asking, number) => {
      const url = new URL(asking.path, "https://x");
      if (url.pathname !== "/api/v1/nodes") return replay()(asking, number);
      return url.searchParams.get("continue") === "p 2"
        ? page(["b-2", "a-1"])
        : page(["c-3"], "p 2");
    };
    const { code, out } = await node(reply, ["--all", "-o", "json"]);
    expect(code).toBe(0);
    const list = JSON.parse(out) as { items: { name: string }[] };
    expect(list.items.map(({ name }) => name)).toEqual(["a-1", "b-2", "c-3"]);
    const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true }).addSchema(schema("node"));
    const validate = ajv.compile(schema("node-list"));
    validate(list);
    expect(validate.errors).toBe(null);
    expect(validate({ ...list, items: [{ ...list.items[0], source: "x" }] })).toBe(false);
  });

  it("leaves with 1, and with -q names those that cannot", async () => {
    const gateOff = { [`${proxy}/metrics`]: plain(bodyOf("metrics-gate-off.txt")) };
    const { code, out } = await node(replay(gateOff), ["--all", "-q"]);
    expect({ code, out }).toEqual({ code: 1, out: "lab-node\n" });
  });

  it("that may not be listed is a refusal", async () => {
    const reply = replay({ "/api/v1/nodes": json(bodyOf("dev-nodes-list-403.txt"), 403) });
    expect((await node(reply, ["--all"])).code).toBe(5);
  });
});

describe("a node that is named in two ways", () => {
  it.each([
    [["lab-node", "--all"]],
    [["lab-node", "--root", "/"]],
    [["--all", "--root", "/"]],
    [["--context", "x"]],
    [["--kubeconfig", "x", "--root", "/"]],
  ])("%j is wrong usage", async (words) => {
    const { code, out, err } = await run(["node", ...words]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/named in two ways/);
  });
});
