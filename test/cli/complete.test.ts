import { describe, expect, it } from "vitest";
import type { Clock } from "../../src/base/clock.ts";
import { realTimer } from "../support/clock.ts";
import { fakeApi, json, kubeconfig, recorded, type Script } from "../support/fake-cluster.ts";
import { type Ran, type RunOptions, run } from "../support/run.ts";
import type { StandIn } from "../support/stand-in.ts";

/** How long whoever presses Tab waits. */
const patience = 2000;
/** A machine that is busy with other tests is waited for. */
const patient: Clock = {
  now: Date.now,
  timer: (milliseconds, ring) =>
    milliseconds === patience ? () => {} : realTimer(milliseconds, ring),
};

/** Asks as kubectl does. */
function tab(words: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return run(words, { calledAs: "kubectl_complete-cryoscope", clock: patient, ...options });
}

/** The words that are offered, and the directive. */
async function offered(words: readonly string[], options: RunOptions = {}): Promise<string[]> {
  const { code, out, err } = await tab(words, options);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(/^:\d+\n$/m);
  return out
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t")[0] as string);
}

describe("words of ours", () => {
  it.each<[string[], string[]]>([
    [["chec"], ["checkpoint", ":4"]],
    [
      ["restore", "pl"],
      ["plan", ":4"],
    ],
    [
      ["restore", "plan", "x", "--node-f"],
      ["--node-file", ":4"],
    ],
    [
      ["node", "--al"],
      ["--all", ":4"],
    ],
    [
      ["inspect", "-o", ""],
      ["table", "wide", "json", "yaml", ":4"],
    ],
    [
      ["inspect", "--output=j"],
      ["json", ":4"],
    ],
    [
      ["inspect", "-qo", "w"],
      ["wide", ":4"],
    ],
    [
      ["ls", "--permissions", "o"],
      ["owner", ":4"],
    ],
    [
      ["completion", "z"],
      ["zsh", ":4"],
    ],
    [["--ver"], ["--version", ":4"]],
    [["checkpoint", "--parallel", ""], [":4"]],
    [["nonsense", ""], [":4"]],
    [["restore", "nonsense", ""], [":4"]],
    [["inspect", "a.tar", ""], [":4"]],
  ])("%j", async (words, expected) => {
    expect(await offered(words)).toEqual(expected);
  });

  it("each with what it is, on one line", async () => {
    const { out } = await tab([""]);
    const lines = out.trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/^[a-z]+\t\S.*$/);
    expect(out).not.toContain("__complete");
  });
});

describe("files and folders are the shell's", () => {
  it.each<[string[], string]>([
    [["inspect", ""], ":0"],
    [["audit", "a.tar", ""], ":0"],
    [["audit", "--", "-"], ":0"],
    [["diff", "a", ""], ":0"],
    [["node", "--kubeconfig", ""], ":0"],
    [["restore", "bundle", "x", "--rootfs", ""], ":0"],
    [["extract", "x", "-C", ""], ":16"],
    [["checkpoint", "x", "--fetch", ""], ":16"],
  ])("%j", async (words, directive) => {
    expect(await offered(words)).toEqual([directive]);
  });
});

const ns = "GET /api/v1/namespaces";
const objects: Script = [
  [`${ns}/default/pods/web`, "cluster/pod-web"],
  [`${ns}/default/pods?`, json({ items: [recorded("pod-counter"), recorded("pod-web")] })],
  [`${ns}/shop/pods?`, json({ items: [{ metadata: { name: "cart-0", namespace: "shop" } }] })],
  [
    `${ns}?`,
    json({ items: ["default", "shop", "web-shop"].map((name) => ({ metadata: { name } })) }),
  ],
  ["GET /api/v1/nodes?", json({ items: [recorded("node")] })],
];

describe("names of a cluster", () => {
  async function names(...words: string[]): Promise<string[]> {
    const api = await fakeApi(objects);
    return offered(words, { env: { KUBECONFIG: kubeconfig(api, { namespace: "default" }) } });
  }

  it.each<[string[], string[]]>([
    [
      ["node", ""],
      ["lab-node", ":4"],
    ],
    [
      ["restore", "plan", "x", "--node", "l"],
      ["lab-node", ":4"],
    ],
    [
      ["checkpoint", "-n", ""],
      ["default", "shop", "web-shop", ":4"],
    ],
    [
      ["checkpoint", "--namespace=s"],
      ["shop", ":4"],
    ],
    [
      ["-n", "sh"],
      ["shop", ":4"],
    ],
    [
      ["node", "--context", ""],
      ["lab", ":4"],
    ],
    [
      ["node", "--cluster", ""],
      ["lab", ":4"],
    ],
    [
      ["node", "--user", ""],
      ["me", ":4"],
    ],
    [
      ["checkpoint", "w"],
      ["web", "web-shop/", ":4"],
    ],
    [
      ["checkpoint", "sh"],
      ["shop/", ":6"],
    ],
    [
      ["checkpoint", "-n", "shop", ""],
      ["cart-0", ":4"],
    ],
    [
      ["-n", "shop", "checkpoint", ""],
      ["cart-0", ":4"],
    ],
    [
      ["checkpoint", "shop/"],
      ["shop/cart-0", ":4"],
    ],
    [
      ["checkpoint", "pod/"],
      ["pod/counter", "pod/web", ":4"],
    ],
    [
      ["checkpoint", "default/web/s"],
      ["default/web/side", ":4"],
    ],
    [
      ["checkpoint", "-n", "default", "web/m"],
      ["web/main", ":4"],
    ],
    [
      ["checkpoint", "pod/web", "-c", ""],
      ["main", "side", "init", ":4"],
    ],
    [["checkpoint", "-c", ""], [":4"]],
    [["checkpoint", "default/nope", "-c", ""], [":4"]],
    [["checkpoint", "a/b/c/"], [":4"]],
  ])("%j", async (words, expected) => {
    expect(await names(...words)).toEqual(expected);
  });

  it("of the kubeconfig and context that the line names", async () => {
    const file = kubeconfig(await fakeApi(objects));
    expect(await offered(["node", "--kubeconfig", file, ""])).toEqual(["lab-node", ":4"]);
    expect(await offered(["node", "--kubeconfig", file, "--context", "no", ""])).toEqual([":4"]);
    expect(await offered(["node", "--kubeconfig", "/nowhere", ""])).toEqual([":4"]);
  });

  it("who may not list namespaces is offered pods", async () => {
    const api = await fakeApi([
      [`${ns}?`, "cluster/dev-pod-get-403"],
      [`${ns}/default/pods?`, json({ items: [recorded("pod-counter")] })],
    ]);
    const env = { KUBECONFIG: kubeconfig(api) };
    expect(await offered(["checkpoint", ""], { env })).toEqual(["counter", ":4"]);
  });

  it("a name cannot bring lines of its own", async () => {
    const api = await fakeApi([
      ["GET /api/v1/nodes?", json({ items: [{ metadata: { name: "a\n:0\u001b[2J" } }] })],
    ]);
    const { out } = await tab(["node", ""], { env: { KUBECONFIG: kubeconfig(api) } });
    expect(out.split("\n")).toHaveLength(3);
    expect(out).not.toContain("\u001b");
  });

  it("an API server that hangs is given up, and its connection closed", async () => {
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const hang = (): "hang" => {
      begin();
      return "hang";
    };
    const api: StandIn = await fakeApi([["GET ", hang]]);
    let rings = 0;
    const clock: Clock = {
      now: Date.now,
      timer: (milliseconds, ring) => {
        if (milliseconds !== patience) return () => {};
        rings += 1;
        void begun.then(ring);
        return () => {};
      },
    };
    const env = { KUBECONFIG: kubeconfig(api) };
    expect(await offered(["node", ""], { env, clock })).toEqual([":4"]);
    expect(rings).toBe(1);
    await api.asked[0]?.left;
  });
});
