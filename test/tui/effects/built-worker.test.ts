import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Said } from "../../../src/tui/effects/engine.ts";
import { WorkerEngine } from "../../../src/tui/effects/worker-engine.ts";
import type { FindingRow, SecretRow } from "../../../src/tui/state/audit-rows.ts";
import { fakeApi, json, kubeconfig, type Script } from "../../support/fake-cluster.ts";
import { privateCopy, rich } from "../../support/samples.ts";

const file = new URL("../../../dist/tui-worker.js", import.meta.url);
const call = "POST /api/v1/nodes/lab-node/proxy/checkpoint/";
const objects: Script = [
  ["GET /api/v1/namespaces/default/pods/counter", "cluster/pod-counter"],
  ["GET /api/v1/nodes/lab-node", "cluster/node"],
];
const wanted = {
  of: "makeCheckpoint",
  context: "lab",
  namespace: "default",
  pod: "counter",
  container: "",
  timeout: "",
} as const;

/** The thread of the built UI, and what it says. */
function worker(env: Record<string, string>): { engine: WorkerEngine; next: () => Promise<Said> } {
  const said: Said[] = [];
  let heard = (): void => {};
  const engine = new WorkerEngine(
    file,
    { permissions: "owner", cluster: { env } },
    undefined,
  ).listen((it) => {
    said.push(it);
    heard();
  });
  onTestFinished(() => engine.close());
  const next = async (): Promise<Said> => {
    if (said.length === 0) await new Promise<void>((resolve) => (heard = resolve));
    return said.shift() as Said;
  };
  return { engine, next };
}

/** Everything that a module loads when it is loaded. */
function loaded(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  const text = readFileSync(path, "utf8");
  const imports = /(?:^|[;\n}])(?:import|export)\s*(?:[\w*{][^"'()]*from\s*)?"(\.[^"]+)"/g;
  for (const [, target = ""] of text.matchAll(imports)) loaded(join(dirname(path), target), seen);
  return seen;
}

describe("the built UI's thread", () => {
  it("logs in and makes a checkpoint", async () => {
    const path = "/nowhere/checkpoint-counter_default-counter-2026.tar";
    const api = await fakeApi([...objects, [call, json({ items: [path] })]]);
    const { engine, next } = worker({ KUBECONFIG: kubeconfig(api) });
    engine.ask(1, wanted);
    expect(await next()).toMatchObject({ part: true, answer: { value: { state: "finding" } } });
    expect(await next()).toMatchObject({
      part: true,
      answer: { value: { state: "asked", node: "lab-node", deadline: 150_000 } },
    });
    expect(await next()).toMatchObject({
      part: false,
      answer: { value: { state: "made", paths: [path], here: null, route: "proxy" } },
    });
  });

  it("leaves the call when the question is dropped", async () => {
    let arrived = (): void => {};
    const there = new Promise<void>((resolve) => (arrived = resolve));
    const api = await fakeApi([
      ...objects,
      [
        call,
        () => {
          arrived();
          return "hang";
        },
      ],
    ]);
    const { engine, next } = worker({ KUBECONFIG: kubeconfig(api) });
    engine.ask(1, wanted);
    await next();
    await there;
    engine.drop(1);
    await api.asked.at(-1)?.left;
  });

  it("reads the host that it runs on", async () => {
    const { engine, next } = worker({});
    engine.ask(1, { of: "node", context: null, name: null });
    expect(await next()).toMatchObject({
      type: "answer",
      answer: { of: "node", value: { source: "host", root: "/" } },
    });
  });

  it("audits, finds secrets and compares, and tells them to the other thread", async () => {
    const { engine, next } = worker({});
    const path = privateCopy(rich);
    const how = { path, memory: true, reveal: false, now: 0 };
    const whole = async (of: string): Promise<unknown> => {
      for (;;) {
        const said = await next();
        expect(said).toMatchObject({ type: "answer", answer: { of } });
        if (said.type === "answer" && !said.part) return said.answer.value;
      }
    };
    engine.ask(1, { of: "audit", ...how });
    const { rows } = (await whole("audit")) as { rows: FindingRow[] };
    const code = rows.find(({ ruleId }) => ruleId === "attack/writable-executable");
    engine.ask(2, { of: "finding", fingerprint: code?.fingerprint ?? "", ...how });
    expect(await whole("finding")).toMatchObject({
      rule: { id: "attack/writable-executable" },
      places: [{ form: "image", place: { pid: 1, address: 0x100000030000n } }],
    });
    engine.ask(3, { of: "secrets", path, memory: false, reveal: false });
    const secrets = (await whole("secrets")) as { rows: SecretRow[] };
    engine.ask(4, {
      of: "secret",
      path,
      memory: false,
      reveal: true,
      fingerprint: secrets.rows[0]?.fingerprint ?? "",
    });
    expect(await whole("secret")).toMatchObject({ secret: { value: "mysecret-not-real" } });
    engine.ask(5, { of: "diff", before: path, after: path, pages: true, reveal: false, now: 0 });
    expect(await whole("diff")).toMatchObject({ rows: [], sameContainer: true });
  });

  it("loads nothing of clusters, and no rule, before somebody asks", () => {
    const modules = [...loaded(fileURLToPath(file))];
    const texts = modules.map((path) => readFileSync(path, "utf8")).join("\n");
    expect(modules.length).toBeGreaterThan(3);
    expect(texts).toContain("makeCheckpoint");
    for (const word of [
      "ExecCredential",
      "selfsubjectaccessreviews",
      "node:https",
      "TomlError",
      "locked-down/",
    ]) {
      expect(texts, word).not.toContain(word);
    }
  });
});
