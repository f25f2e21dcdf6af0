import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { openCheckpoint } from "../../../src/checkpoint/open-checkpoint.ts";
import { renderManifest } from "../../../src/report/restore-manifest-view.ts";
import { makeManifest } from "../../../src/restore/manifest/manifest.ts";
import { Labels, labelLike, objectNameLike } from "../../../src/restore/manifest/names.ts";
import { Alteration } from "../../support/alteration.ts";
import { podFaults } from "../../support/pod-rules.ts";
import { run } from "../../support/run.ts";
import { crioCounter, scratch } from "../../support/samples.ts";
import { madeOf, type OciSpec } from "./made.ts";

/** Breaks out of quotes, comments, lists and documents, where anybody lets it. */
const nasty = "'\"\n---\nkind: Secret\n# \u001b[31m\u202e\u2028\r\n- {a: *b}\u0085\udc80: |";

/** An archive with a specification, and what its YAML is. */
async function written(alter: (spec: OciSpec) => void): Promise<string> {
  const alteration = await Alteration.of(crioCounter);
  const path = alteration.json("spec.dump", (spec) => alter(spec as OciSpec)).write();
  const { code, out, err } = await run(["restore", "manifest", "--permissions", "any", path]);
  expect(code).toBe(0);
  // Nothing that moves a cursor, on either stream.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  const unsafe = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e\ud800-\udfff]/;
  expect(out).not.toMatch(unsafe);
  expect(err).not.toMatch(unsafe);
  const documents = parseAllDocuments(out);
  expect(documents).toHaveLength(1);
  const pod = documents[0]?.toJS() as { kind: string };
  expect(pod.kind).toBe("Pod");
  expect(await podFaults(pod as never)).toEqual([]);
  const json = await run(["restore", "manifest", "--permissions", "any", "-o", "json", path]);
  expect((JSON.parse(json.out) as { manifest: unknown }).manifest).toEqual(pod);
  return out;
}

describe("hostile text", () => {
  it("in names stays a name", async () => {
    const out = await written((spec) => {
      for (const key of Object.keys(spec.annotations)) {
        if (/name|Name|uid|namespace/.test(key)) spec.annotations[key] = nasty;
      }
    });
    expect(out).not.toMatch(/^kind: Secret/m);
  });

  it("in mounts stays in quotes and comments", async () => {
    const volumes = `/var/lib/kubelet/pods/x/volumes/kubernetes.io~secret/${nasty.replaceAll("/", "")}`;
    const out = await written((spec) => {
      spec.mounts.push(
        { destination: `/a${nasty.replaceAll(":", "")}`, source: `/b${nasty}`, type: "bind" },
        { destination: "/c", source: volumes, type: "bind" },
        { destination: "/d", source: `/pods/x/volumes/csi/${nasty}/mount`, type: "bind" },
        { destination: `/e${nasty}`, source: "tmpfs", type: "tmpfs" },
        { destination: "/plain\u202ebut-for-this", source: "/b", type: "bind" },
        { destination: "relative", source: "/f", type: "bind" },
        { destination: "/g", source: "/../../etc/shadow", type: "bind" },
        { destination: "/h", source: "tmpfs", type: nasty },
      );
    });
    expect(out).not.toMatch(/^kind: Secret/m);
    expect(out).toContain("/etc/shadow");
    expect(out).not.toContain("..");
  });

  it("in everything else that is read", async () => {
    await written((spec) => {
      spec["hostname"] = nasty;
      spec.process["cwd"] = `/${nasty}`;
      spec.process["apparmorProfile"] = nasty;
      spec.process["selinuxLabel"] = `${nasty}:a:b:c`;
      spec.linux["sysctl"] = { [nasty]: "1", "net.core.somaxconn": nasty };
      spec.linux["devices"] = [{ path: nasty, type: "c" }];
      spec.linux.resources = {
        hugepageLimits: [{ pageSize: nasty, limit: 1 }],
        unified: { "memory.min": nasty },
      };
      Object.assign(spec.annotations, {
        "io.kubernetes.cri-o.SeccompProfilePath": `localhost/${nasty}`,
        "io.kubernetes.container.terminationMessagePath": `/${nasty}`,
        "io.kubernetes.pod.terminationGracePeriod": nasty,
      });
      spec.linux.namespaces.push({ type: nasty, path: nasty });
      spec.process.capabilities["bounding"] = [nasty, "CAP_CHOWN"];
    });
  });

  it("in the archive's own path is one line", async () => {
    const alteration = await Alteration.of(crioCounter);
    const { copyFileSync } = await import("node:fs");
    const path = `${scratch()}/a\nkind: Secret\n---.tar`;
    copyFileSync(alteration.write(), path);
    const { out } = await run(["restore", "manifest", "--permissions", "any", path]);
    expect(parseAllDocuments(out)).toHaveLength(1);
  });
});

describe("values that no runtime writes", () => {
  it.each<[string, (spec: OciSpec) => void]>([
    ["lists that are none", (spec) => Object.assign(spec, { mounts: "all", annotations: [1] })],
    ["a process that is none", (spec) => Object.assign(spec, { process: 7, linux: null })],
    ["ids beyond all", (spec) => Object.assign(spec.process.user, { uid: -1, gid: 2 ** 40 })],
    [
      "numbers beyond all",
      (spec) => {
        spec.linux.resources = {
          cpu: { shares: 1e300, quota: 0.5, period: 1e-9 },
          memory: { limit: 9.2e18, reservation: -5 },
          hugepageLimits: [{ pageSize: "2MB", limit: 3 }, null, { pageSize: "0KB", limit: 1 }],
        };
        spec.annotations["io.kubernetes.pod.terminationGracePeriod"] = "1e400";
      },
    ],
    [
      "keys of prototypes",
      (spec) => {
        spec.linux["sysctl"] = JSON.parse('{"__proto__": "1", "constructor": "2"}');
        spec.mounts.push(JSON.parse('{"__proto__": {"destination": "/x"}}'));
      },
    ],
    ["long names", (spec) => Object.assign(spec.annotations, long)],
  ])("%s", async (_name, alter) => {
    const { pod } = await madeOf("cri-o", alter);
    expect(pod.kind).toBe("Pod");
  });

  const long = {
    "io.kubernetes.pod.name": "n.".repeat(5000),
    "io.kubernetes.container.name": "x".repeat(100_000),
    "io.kubernetes.cri-o.SeccompProfilePath": `localhost/../../${"y/".repeat(9)}..`,
  };
});

describe("names", () => {
  it.each([
    ["My_Web", "my-web"],
    ["--a--", "a"],
    ["..", "x"],
    ["é", "x"],
    ["a".repeat(80), "a".repeat(63)],
    [`${"a".repeat(62)}-b`, "a".repeat(62)],
  ])("%s as a label", (text, label) => {
    expect(labelLike(text, "x")).toBe(label);
  });

  it.each([
    ["web.example", "web.example-restored"],
    ["a..b-.-", "a.b-restored"],
    ["", "x-restored"],
  ])("%s as the name of an object", (text, name) => {
    expect(objectNameLike(text, "-restored", "x")).toBe(name);
  });

  it("are given out once each, however they were cut", () => {
    const labels = new Labels();
    const wanted = ["a", "a", "a-2", "a", "b".repeat(63), "b".repeat(63)];
    const given = wanted.map((label) => labels.take(label));
    expect(new Set(given).size).toBe(wanted.length);
    expect(given.every((label) => label.length <= 63)).toBe(true);
  });
});

describe("a hundred thousand mounts", () => {
  it("are read and told in time that grows with them", async () => {
    const count = 100_000;
    const alteration = await Alteration.of(crioCounter);
    alteration.json("spec.dump", (spec) => {
      const { mounts } = spec as OciSpec;
      for (let at = 0; at < count; at++) {
        mounts.push({ destination: `/m/${at}`, source: `/srv/${at % 7}`, type: "bind" });
      }
    });
    const checkpoint = await openCheckpoint(alteration.write(), { permissions: "any" });
    const made = await makeManifest(checkpoint);
    await checkpoint.close();
    expect(made.document.manifest.spec.containers[0].volumeMounts).toHaveLength(count);
    expect(made.document.manifest.spec.volumes).toHaveLength(7);
  });

  it("are no YAML", async () => {
    const checkpoint = await openCheckpoint(crioCounter, { permissions: "any" });
    const made = await makeManifest(checkpoint);
    await checkpoint.close();
    const volumes = Array.from({ length: 400_000 }, (_, at) => ({ name: `v${at}`, emptyDir: {} }));
    made.document.manifest.spec.volumes = volumes;
    await expect(renderManifest(made)).rejects.toThrow(/too large for YAML/);
  });
});
