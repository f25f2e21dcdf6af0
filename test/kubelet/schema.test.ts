import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { fakeApi, kubeconfig } from "../support/fake-cluster.ts";
import { fetching } from "../support/fetching.ts";
import { run } from "../support/run.ts";

const ajv = new Ajv2020({
  allErrors: true,
  allowUnionTypes: true,
  formats: { "date-time": /^\d{4}-\d\d-\d\dT/ },
});
function validator(name: string): (document: unknown) => unknown {
  const url = new URL(`../../src/report/schema/${name}.json`, import.meta.url);
  const validate = ajv.compile(JSON.parse(readFileSync(url, "utf8")) as object);
  return (document) => (validate(document) ? [] : validate.errors);
}
const faults = validator("checkpoint-result");
const errorFaults = validator("error");

type Json = { [key: string]: unknown };

async function document(): Promise<Json & { items: Json[]; notTried: Json[] }> {
  const pods = "GET /api/v1/namespaces/default/pods";
  const api = await fakeApi([
    [`${pods}/counter`, "cluster/pod-counter"],
    [`${pods}/web`, "cluster/pod-web"],
    [`${pods}/nope`, "cluster/pod-not-found"],
    ["GET /api/v1/nodes/lab-node", "cluster/node"],
    ["POST /api/v1/nodes/lab-node/proxy/checkpoint/default/web/main", "cluster/proxy-b-403"],
    ["POST /api/v1/nodes/lab-node/proxy/checkpoint/", "cluster/proxy-a-success"],
  ]);
  const words = ["default/counter", "default/web/main", "default/nope", "--route", "proxy"];
  const ran = await run(["checkpoint", "--kubeconfig", kubeconfig(api), ...words, "-o", "json"]);
  for (const line of ran.err.trimEnd().split("\n")) {
    expect(errorFaults(JSON.parse(line))).toEqual([]);
  }
  return JSON.parse(ran.out) as never;
}

describe("the document of checkpoints", () => {
  it("fits its schema: made, refused with a manifest, and not tried", async () => {
    const found = await document();
    expect(faults(found)).toEqual([]);
    expect(found.items.map(({ error }) => error === null)).toEqual([true, false]);
    expect(found.items[1]?.["error"]).toMatchObject({ manifest: expect.stringContaining("kind:") });
    expect(found.notTried.length).toBe(1);
  });

  it("fits its schema with archives that were brought, and one that was not", async () => {
    const missing = await fetching({ archive: Buffer.from("x"), look: "cluster/pod-not-found" });
    const brought = await fetching({ archive: Buffer.from("x") }, ["--remove-remote"]);
    for (const ran of [missing, brought]) expect(faults(JSON.parse(ran.out))).toEqual([]);
    const [item] = JSON.parse(brought.out).items;
    for (const key of Object.keys(item.fetched[0])) {
      const broken = { ...item, fetched: [{ ...item.fetched[0], [key]: undefined }] };
      const document = JSON.parse(JSON.stringify({ ...JSON.parse(brought.out), items: [broken] }));
      expect(faults(document), key).not.toEqual([]);
    }
  });

  it("shows every key that is gone or of another type", async () => {
    const found = await document();
    for (const list of ["items", "notTried"] as const) {
      const [first = {}] = found[list];
      for (const key of Object.keys(first)) {
        for (const value of [{ not: "this" }, undefined]) {
          const broken = JSON.parse(
            JSON.stringify({ ...found, [list]: [{ ...first, [key]: value }] }),
          );
          expect(faults(broken), key).not.toEqual([]);
        }
      }
    }
  });
});
