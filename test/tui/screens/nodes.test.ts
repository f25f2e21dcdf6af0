import { describe, expect, it } from "vitest";
import { LocalEngine } from "../../../src/tui/effects/engine.ts";
import { nodesScreen } from "../../../src/tui/screens/nodes/nodes.ts";
import type { NodeRow, NodesPart } from "../../../src/tui/state/cluster.ts";
import type { ScreenEvent, World } from "../../../src/tui/state/screen.ts";
import { lineText } from "../../../src/tui/view/line.ts";
import { fakeApi, json, kubeconfig, recorded, type Script } from "../../support/fake-cluster.ts";
import { scratch } from "../../support/samples.ts";
import { type RunningTui, startTui } from "../support/tui.ts";

const node = "/api/v1/nodes/lab-node";
const cluster: Script = [
  ["GET /api/v1/nodes?", json({ items: [recorded("node")], metadata: {} })],
  [`GET ${node}/proxy/configz`, "cluster/configz-admin"],
  [`GET ${node}/proxy/metrics`, "cluster/metrics-admin"],
  [`GET ${node}`, "cluster/node"],
  ["GET /apis/coordination.k8s.io/", "cluster/lease"],
];

async function nodes(script: Script, words = ":nodes"): Promise<RunningTui> {
  const api = await fakeApi(script);
  const env = { KUBECONFIG: kubeconfig(api) };
  const ui = startTui([{ kind: "checkpoints", argument: { path: scratch() } }], {
    columns: 120,
    rows: 40,
    makeEngine: (say) => new LocalEngine({ permissions: "owner", cluster: { env } }, say),
  });
  await ui.settled();
  ui.type(...words, "enter");
  return ui;
}

const answer = (value: Partial<NodesPart>, part = false): ScreenEvent => ({
  type: "answer",
  slot: "nodes",
  part,
  answer: { of: "nodes", value: { context: null, rows: [], failure: null, readAt: 0, ...value } },
});

const row = (name: string, more: Partial<NodeRow> = {}): NodeRow => ({
  name,
  here: false,
  ready: "True",
  kubelet: "v1.36.2",
  runtime: "cri-o 1.36.0",
  gate: "yes",
  checkpoint: "yes",
  restore: "unknown",
  because: [],
  leaseAge: 7000,
  kernel: "6.12.1",
  address: "10.0.0.1",
  ...more,
});

const world: World = {
  body: { columns: 120, rows: 20 },
  now: 65_000,
  reveal: false,
  wide: false,
  readonly: false,
};

describe("nodes", () => {
  it("lists those of the cluster, and says need by need why one cannot checkpoint", async () => {
    const ui = await nodes(cluster);
    const text = await ui.shows("lab-node");
    expect(text).toContain("Nodes   context lab");
    expect(text).toMatch(/lab-node +✓ ready +v1\.36\.2 +containerd 2\.1\.9\S* +✓ on +✗ no .*lease/);
    ui.type("G", "enter");
    const needs = await ui.shows("Checkpoint through the kubelet");
    expect(needs).toMatch(/✗ lease: the kubelet renews its lease\n +found \S+ ago.*\n +needed/);
    expect(needs).toContain("→ the kubelet is silent");
    expect(ui.screen.raw).not.toContain("token-of-the-test");
    ui.type("c");
    await ui.shows("copied the text");
  });

  it("takes a context, and says what is wrong with it below what it knows", async () => {
    const ui = await nodes([], ":nodes elsewhere");
    const text = await ui.shows("✗ the kubeconfig does not say which cluster is meant");
    expect(text).toContain("--context with one of lab");
  });

  it("says in place that nodes may not be listed", async () => {
    const ui = await nodes([["GET /api/v1/nodes?", "cluster/dev-node-get-403"]]);
    await ui.shows("has no right to get nodes");
  });

  it("says why one node cannot be read, with the role that mends it", async () => {
    const refused = cluster.map((entry): Script[number] =>
      entry[0] === `GET ${node}` ? [entry[0], "cluster/dev-node-get-403"] : entry,
    );
    const ui = await nodes(refused);
    await ui.shows("lab-node");
    ui.type("G", "enter");
    const text = await ui.shows("who has no right to get nodes");
    expect(text).toContain("  name: cryoscope-nodes-get");
    expect(text).toContain('    name: "dev"');
  });

  it("shows this host first, and nodes that are not ready or cannot be told of", () => {
    const rows = [
      row("vm", { here: true, ready: null, leaseAge: null, gate: "unknown" }),
      row("a", { ready: "Unknown", checkpoint: "no", because: ["ready", "gate"], gate: "no" }),
      row("b", { checkpoint: "unknown", leaseAge: 3_700_000 }),
    ];
    const { state } = nodesScreen.open({ context: null }, world);
    const next = nodesScreen.update(state, answer({ rows }), world).state;
    const lines = nodesScreen.view(next, world).lines.map(lineText);
    expect(lines[1]).toMatch(/vm \(this host\) +– +v1\.36\.2 +cri-o 1\.36\.0 +\? +✓ yes +–/);
    expect(lines[2]).toMatch(/a +✗ Unknown .* ✗ off +✗ no +7s +ready, gate/);
    expect(lines[3]).toMatch(/b +✓ ready .* ✓ on +\? cannot tell +61m/);
    expect(lineText(nodesScreen.view(next, world).aside ?? { spans: [] })).toBe("read 65s ago");
    const opened = nodesScreen.update(next, { type: "command", command: "open" }, world);
    expect(opened.acts).toEqual([
      {
        act: "push",
        screen: { kind: "node", argument: { context: null, name: null, shown: "vm" } },
      },
    ]);
  });

  it("keeps what was known until all is read again", () => {
    const { state } = nodesScreen.open({ context: null }, world);
    const known = nodesScreen.update(state, answer({ rows: [row("a"), row("b")] }), world).state;
    const again = nodesScreen.update(known, { type: "command", command: "refresh" }, world);
    expect(again.acts).toHaveLength(1);
    const part = nodesScreen.update(again.state, answer({ rows: [row("c")] }, true), world).state;
    expect(nodesScreen.view(part, world).status).toBe("1 of 2");
    const whole = nodesScreen.update(part, answer({ rows: [row("c")] }), world).state;
    expect(nodesScreen.view(whole, world).status).toBe("1 of 1");
  });

  it.each([60, 80, 200])("fits %i columns, with name and answer in sight", (columns) => {
    const rows = Array.from({ length: 50 }, (_, at) => row(`worker-${at}.region.example.com`));
    const narrow = { ...world, body: { columns, rows: 10 } };
    const { state } = nodesScreen.open({ context: null }, narrow);
    const next = nodesScreen.update(state, answer({ rows }), narrow).state;
    const { lines } = nodesScreen.view(next, narrow);
    expect(lines).toHaveLength(10);
    for (const it of lines) expect(lineText(it).length).toBeLessThanOrEqual(columns);
    expect(lineText(lines[1] ?? { spans: [] })).toMatch(/worker-0.*✓ ready.*✓ yes/);
  });
});
