import { describe, expect, it } from "vitest";
import { ProblemLog } from "../../src/base/problem.ts";
import { detect, identity } from "../../src/runtime/detect.ts";
import { Documents } from "../../src/runtime/documents.ts";

/** Files of an archive that never was: objects are written as JSON. */
function archive(files: Record<string, unknown>): { documents: Documents; problems: ProblemLog } {
  const problems = new ProblemLog();
  const contents = new Map(
    Object.entries(files).map(([name, content]) => [
      name,
      Buffer.from(typeof content === "string" ? content : JSON.stringify(content)),
    ]),
  );
  const documents = new Documents(
    {
      has: (name) => contents.has(name),
      size: (name) => contents.get(name)?.length,
      read: async (name) => contents.get(name) ?? new Uint8Array(),
    },
    problems,
  );
  return { documents, problems };
}

async function detected(files: Record<string, unknown>, bare = false) {
  const { documents, problems } = archive(files);
  const detection = await detect(documents, bare, problems);
  return { ...detection, problems: problems.list().map(({ code }) => code) };
}

const crio = { "spec.dump": { annotations: { "io.container.manager": "cri-o" } } };
const containerd = { "config.dump": { runtime: "io.containerd.runc.v2" } };
const podman = { "spec.dump": { annotations: { "io.container.manager": "libpod" } } };

describe("an engine is told by what it writes", () => {
  it.each<[string, Record<string, unknown>, string]>([
    ["cri-o", crio, "spec.dump: annotation io.container.manager=cri-o"],
    [
      "cri-o",
      { "spec.dump": { annotations: { "io.kubernetes.cri-o.ContainerID": "5b8e" } } },
      "spec.dump: annotations io.kubernetes.cri-o.*",
    ],
    ["cri-o", { "bind.mounts": "[]", "io.kubernetes.cri-o.LogPath": "" }, "member bind.mounts"],
    ["containerd", containerd, "config.dump: runtime io.containerd.runc.v2"],
    [
      "containerd",
      { "spec.dump": { annotations: { "io.kubernetes.cri.container-type": "container" } } },
      "spec.dump: annotations io.kubernetes.cri.*",
    ],
    ["containerd", { "status.dump": "{}", "container.log": "" }, "member status.dump"],
    ["podman", podman, "spec.dump: annotation io.container.manager=libpod"],
    ["podman", { "config.dump": { lockID: 0 } }, "config.dump: Podman's container configuration"],
    ["podman", { "network.status": "null", "ctr.log": "" }, "member network.status"],
  ])("%s by %j", async (engine, files, evidence) => {
    const found = await detected(files);
    expect(found).toMatchObject({ engine, problems: [] });
    expect(found.evidence).toContain(evidence);
  });

  it("weak facts stand beside a strong one", async () => {
    const found = await detected({ ...crio, "bind.mounts": "[]" });
    expect(found.evidence).toEqual([
      "spec.dump: annotation io.container.manager=cri-o",
      "member bind.mounts",
    ]);
  });

  it("a file of another engine does not outweigh what an engine says of itself", async () => {
    expect(await detected({ ...podman, "bind.mounts": "[]", "status.dump": "{}" })).toMatchObject({
      engine: "podman",
      problems: [],
    });
  });
});

describe("unknown, never a guess", () => {
  it("where there is nothing", async () => {
    expect(await detected({})).toEqual({ engine: "unknown", evidence: [], problems: [] });
  });

  it("where metadata names nobody", async () => {
    const files = { "config.dump": { id: "x", runtime: "runc" }, "spec.dump": { annotations: {} } };
    expect(await detected(files)).toEqual({ engine: "unknown", evidence: [], problems: [] });
  });

  it.each(["bind.mounts", "status", "container.log", "ctr.log", "artifacts"])(
    "where %s alone speaks, which anybody may write",
    async (name) => {
      const found = await detected({ "config.dump": "{}", [name]: "{}" });
      expect(found).toEqual({ engine: "unknown", evidence: [`member ${name}`], problems: [] });
    },
  );

  it.each([
    ["cri-o", "containerd", { ...crio, ...containerd }],
    ["containerd", "podman", { ...podman, ...containerd }],
    ["cri-o", "podman", { ...crio, "config.dump": { staticDir: "/x" } }],
  ])("where %s and %s contradict each other", async (one, other, files) => {
    const found = await detected(files);
    expect(found).toMatchObject({ engine: "unknown", problems: ["engine-contradiction"] });
    expect(found.evidence.some((fact) => fact.startsWith(`${one}: `))).toBe(true);
    expect(found.evidence.some((fact) => fact.startsWith(`${other}: `))).toBe(true);
  });

  it("where two have as much to say for them", async () => {
    const files = {
      "bind.mounts": "[]",
      "io.kubernetes.cri-o.LogPath": "",
      "network.status": "null",
      "ctr.log": "",
    };
    expect(await detected(files)).toMatchObject({
      engine: "unknown",
      problems: ["engine-contradiction"],
    });
  });

  it("where annotations are no texts, or keys of every object", async () => {
    const annotations = { "io.container.manager": ["cri-o"], constructor: "cri-o" };
    expect(await detected({ "spec.dump": { annotations } })).toMatchObject({ engine: "unknown" });
    expect(await detected({ "spec.dump": { annotations: "cri-o" } })).toMatchObject({
      engine: "unknown",
    });
  });
});

describe("criu", () => {
  it("is a dump without an engine's metadata", async () => {
    expect(await detected({}, true)).toEqual({
      engine: "criu",
      evidence: ["CRIU images without config.dump and spec.dump"],
      problems: [],
    });
  });
});

describe("metadata that cannot be read is a problem, and no reason to stop", () => {
  it.each<[string, string, RegExp]>([
    ["no JSON", "{", /^config\.dump is no JSON/],
    ["a list", "[]", /^config\.dump holds a list where a JSON object belongs$/],
    ["a number", "7", /^config\.dump holds 7 where/],
    ["null", "null", /^config\.dump holds null where/],
  ])("%s", async (_what, text, message) => {
    const { documents, problems } = archive({ ...crio, "config.dump": text });
    expect(await detect(documents, false, problems)).toMatchObject({ engine: "cri-o" });
    expect(await identity("cri-o", documents)).toEqual({});
    // Asked for twice, told once.
    expect(problems.list()).toEqual([
      expect.objectContaining({ severity: "error", code: "bad-metadata" }),
    ]);
    expect(problems.list()[0]?.message).toMatch(message);
  });

  it("bytes that are no text", async () => {
    const problems = new ProblemLog();
    const documents = new Documents(
      { has: () => true, size: () => 2, read: async () => Uint8Array.of(0xff, 0xfe) },
      problems,
    );
    expect(await documents.object("config.dump")).toBeUndefined();
    expect(problems.list()[0]?.message).toBe("config.dump is not UTF-8, so it is no JSON");
  });
});

describe("whose checkpoint it is", () => {
  const at = "2026-11-21T21:20:14.7Z";

  it("of CRI-O: from annotations, then from its own name for the container", async () => {
    const config = {
      id: "5b8e",
      name: "k8s_cart_web-0_shop_uid-1_3",
      rootfsImageName: "shop/cart:1",
      rootfsImageRef: "abc",
      runtime: "crun",
      checkpointedTime: at,
      restoredTime: "0001-01-01T00:00:00Z",
    };
    const expected = {
      id: "5b8e",
      name: "cart",
      pod: "web-0",
      namespace: "shop",
      podUid: "uid-1",
      image: "shop/cart:1",
      imageRef: "abc",
      ociRuntime: "crun",
      checkpointedAt: at,
    };
    const alone = archive({ "config.dump": config });
    expect(await identity("cri-o", alone.documents)).toEqual(expected);
    const annotations = {
      "io.kubernetes.container.name": "cart-by-annotation",
      "io.kubernetes.cri-o.Image": "f00",
    };
    const both = archive({ "config.dump": config, "spec.dump": { annotations } });
    expect(await identity("cri-o", both.documents)).toEqual({
      ...expected,
      name: "cart-by-annotation",
      imageId: "f00",
    });
  });

  it("of containerd: labels of the CRI status, annotations, then its own name", async () => {
    const files = {
      "config.dump": { id: "44f7", name: "cart_web-0_shop_uid-1_0" },
      "spec.dump": { annotations: { "io.kubernetes.cri.sandbox-name": "web-annotated" } },
      "status.dump": { image_ref: "x@sha256:1", labels: { "io.kubernetes.pod.uid": "uid-label" } },
    };
    expect(await identity("containerd", archive(files).documents)).toEqual({
      id: "44f7",
      name: "cart",
      pod: "web-annotated",
      namespace: "shop",
      podUid: "uid-label",
      imageRef: "x@sha256:1",
    });
  });

  it("of Podman: no namespace; a pod by its id", async () => {
    const files = {
      "config.dump": {
        id: "70e4",
        name: "rich",
        pod: "9c1",
        rootfsImageName: "localhost/rich:1",
        rootfsImageID: "5a3e",
        runtime: "crun",
        createdTime: at,
        restored: true,
      },
    };
    expect(await identity("podman", archive(files).documents)).toEqual({
      id: "70e4",
      name: "rich",
      pod: "9c1",
      image: "localhost/rich:1",
      imageId: "5a3e",
      ociRuntime: "crun",
      createdAt: at,
      restored: true,
    });
  });

  it("leaves out what is empty, of another type, or no time", async () => {
    const config = { id: "", name: 7, createdTime: "yesterday", restored: "yes", runtime: "runc" };
    expect(await identity("unknown", archive({ "config.dump": config }).documents)).toEqual({
      ociRuntime: "runc",
    });
  });

  it("keeps a name that is not of its engine's form", async () => {
    const config = { name: "k8s_too_few" };
    expect(await identity("cri-o", archive({ "config.dump": config }).documents)).toEqual({
      name: "k8s_too_few",
    });
  });
});
