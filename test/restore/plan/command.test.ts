import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { apiNodeFacts } from "../../../src/node/api.ts";
import { planRestore, type RestorePlan } from "../../../src/restore/plan/plan.ts";
import { expectGolden } from "../../golden/golden.ts";
import { containerd, criuTools, kubeadm, machine, nodeTree } from "../../support/node-tree.ts";
import { needsOf, soon } from "../../support/plan.ts";
import { type Ran, run } from "../../support/run.ts";
import {
  containerdCounter,
  crioCounter,
  privateCopy,
  rich,
  sampleArchives,
  scratch,
} from "../../support/samples.ts";

const recorded = fileURLToPath(new URL("../../node/recordings/node.json", import.meta.url));
const list = fileURLToPath(new URL("../../node/recordings/node-list.json", import.meta.url));
const schema = new URL("../../../src/report/schema/restore-plan.json", import.meta.url);
const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(fileURLToPath(schema), "utf8")),
);

const plan = (archive: string, ...words: string[]): Promise<Ran> =>
  run(["restore", "plan", privateCopy(archive), "--permissions", "owner", ...words]);

async function document(archive: string, ...words: string[]): Promise<RestorePlan> {
  const { out } = await plan(archive, "-o", "json", ...words);
  const parsed = JSON.parse(out) as RestorePlan;
  validate(parsed);
  expect(validate.errors ?? []).toEqual([]);
  return parsed;
}

describe("restore plan", () => {
  it("says what a saved node has, and ends with 1 for no", async () => {
    const { code, out } = await plan(containerdCounter, "--node-file", recorded);
    expect(code).toBe(1);
    expect(out).toContain("Place        lab-node (as the API tells)");
    expect(out).toContain("✗ taints: the pod tolerates the node's taints");
  });

  it("ends with 3 where the place does not tell all", async () => {
    const file = join(scratch(), "node.json");
    const node = JSON.parse(readFileSync(recorded, "utf8")) as { spec: object };
    writeFileSync(file, JSON.stringify({ ...node, spec: {} }));
    const { code, out } = await plan(containerdCounter, "--node-file", file, "-q");
    expect({ code, first: out.split("\n")[0] }).toEqual({ code: 3, first: "unknown" });
  });

  it("asks for requirements alone where no place is named", async () => {
    const { code, out, err } = await plan(crioCounter);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("none named: --node NAME, --node-file FILE, --host or --root DIR");
  });

  it("reads a node below a folder, and looks at paths there", async () => {
    const root = nodeTree(machine, criuTools, kubeadm, containerd);
    const found = await document(containerdCounter, "--root", root, "--runtime", "containerd");
    expect(found).toMatchObject({ target: { source: "host", name: "worker-3", root } });
    expect(found.rows.find(({ id }) => id === "cgroups")?.verdict).toBe("no");
  });

  it("takes one of a list by its name", async () => {
    const found = await document(rich, "--node-file", list, "--node", "lab-node");
    expect(found.target?.name).toBe("lab-node");
    expect(found.runtime).toBe("podman");
  });

  it("asks for a name where a list has several nodes", async () => {
    const file = join(scratch(), "nodes.json");
    const node = JSON.parse(readFileSync(recorded, "utf8")) as object;
    const other = { ...node, metadata: { name: "worker-2" } };
    writeFileSync(file, JSON.stringify({ kind: "List", items: [node, other] }));
    const { code, err } = await plan(crioCounter, "--node-file", file);
    expect(code).toBe(2);
    expect(err).toContain("lab-node, worker-2");
    const found = await document(crioCounter, "--node-file", file, "--node", "worker-2");
    expect(found.target?.name).toBe("worker-2");
  });

  it("prints wide, and YAML", async () => {
    const wide = await plan(containerdCounter, "-o", "wide");
    expect(wide.out).toContain("READ FROM");
    expect(wide.out).toContain("checkpoint/inventory.img");
    const yaml = await plan(containerdCounter, "-o", "yaml");
    expect(yaml.out).toContain("kind: RestorePlan");
  });

  const samples = sampleArchives().map(({ folder, name, path }) => ({
    path,
    golden: `${folder}/${name.replace(/(-[\d-]+T[\d:]+Z)?\.tar/, "")}`,
  }));

  it.each(samples)("says of $golden what any place has to have", async ({ path, golden }) => {
    const found = await document(path);
    const lines = found.rows.map(({ id, topic, what, needed, verdict, required, evidence }) => {
      const mark = required ? verdict : `${verdict}, not required`;
      return `${topic} ${id} (${mark}): ${what}: ${needed} [${evidence ?? "–"}]\n`;
    });
    expectGolden(`${golden}.plan.txt`, lines.join(""));
  });
});

describe("what is no place", () => {
  const files: [string, string, RegExp][] = [
    ["no JSON", "name: a", /is no JSON/],
    ["another document", '{"kind":"Pod"}', /a document of kind Pod/],
    [
      "a list without nodes",
      '{"kind":"List","items":[{"kind":"Pod"}]}',
      /holds several nodes[\s\S]*none/,
    ],
    ["a number", "7", /no kind/],
    ["a node without status", '{"kind":"Node","metadata":{"name":"a"}}', /a node without status/],
  ];

  it.each(files)("refuses a file with %s", async (_, text, words) => {
    const file = join(scratch(), "node.json");
    writeFileSync(file, text);
    const { code, out, err } = await plan(crioCounter, "--node-file", file);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(words);
  });

  it("is never a crash, whatever stands in a node", async () => {
    const needs = await needsOf(crioCounter);
    const strange: unknown[] = [
      undefined,
      null,
      1,
      "a",
      [],
      [null],
      [[]],
      { a: null },
      { value: 1 },
    ];
    const node = JSON.parse(readFileSync(recorded, "utf8")) as Record<string, object>;
    const told = (altered: unknown): string =>
      planRestore(needs, apiNodeFacts({ node: altered }), { now: soon }).answer;
    for (const value of strange) {
      for (const part of Object.keys(node)) told({ ...node, [part]: value });
      for (const part of ["metadata", "spec", "status"]) {
        for (const key of Object.keys(node[part] ?? {})) {
          expect(["no", "unknown"]).toContain(
            told({ ...node, [part]: { ...node[part], [key]: value } }),
          );
        }
      }
    }
  });

  const wrong: [string[], RegExp][] = [
    [["--host", "--root", "/"], /--host and --root/],
    [["--node", "a", "--host"], /--node and --host/],
    [["--kubeconfig", "x"], /a cluster and no node of it/],
    [["--root", "/no/such/folder"], /there is no folder/],
    [["--node-file", "/no/such/file"], /cannot be read/],
    [["--node-file", recorded, "--node", "other"], /holds no node other/],
    [["--runtime", "docker"], /Allowed|allowed/],
  ];

  it.each(wrong)("refuses %j", async (words, said) => {
    const { code, err } = await plan(crioCounter, ...words);
    expect(code).toBe(2);
    expect(err).toMatch(said);
  });

  it("still shows what can be read of a broken archive", async () => {
    const { CheckpointBuilder } = await import("../../support/checkpoint-builder.ts");
    const builder = await CheckpointBuilder.from(crioCounter);
    const archive = builder.replace("checkpoint/inventory.img", "nonsense").write();
    const { code, out, err } = await run(["restore", "plan", archive, "--permissions", "owner"]);
    expect(code).toBe(1);
    expect(out).toContain("image-format");
    expect(err).toMatch(/inventory/);
  });
});
