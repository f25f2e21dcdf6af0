import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, it } from "vitest";
import { parse, parseDocument } from "yaml";
import type { RestoreManifest } from "../../../src/restore/manifest/manifest.ts";
import { CheckpointBuilder } from "../../support/checkpoint-builder.ts";
import { podFaults } from "../../support/pod-rules.ts";
import { type Ran, run } from "../../support/run.ts";
import { crioCounter, sampleArchives, samplePath } from "../../support/samples.ts";

const words = ["restore", "manifest", "--permissions", "any"];

const schema = JSON.parse(
  readFileSync(
    new URL("../../../src/report/schema/restore-manifest.json", import.meta.url),
    "utf8",
  ),
) as object;
const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);

async function documentOf(path: string, ...more: string[]): Promise<RestoreManifest> {
  const { code, out } = await run([...words, "-o", "json", ...more, path]);
  expect(code).toBe(0);
  const document = JSON.parse(out) as RestoreManifest;
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
  return document;
}

describe.each(sampleArchives())("the pod of $folder/$name", ({ path }) => {
  let document: RestoreManifest;
  let ran: Ran;
  let spec: {
    process: { env: string[] };
    mounts: { destination: string }[];
  };

  beforeAll(async () => {
    document = await documentOf(path);
    ran = await run([...words, path]);
    const builder = await CheckpointBuilder.from(path);
    spec = JSON.parse(builder.content("spec.dump").toString());
  });

  it("is one that Kubernetes takes, and the same in YAML", async () => {
    expect(await podFaults(document.manifest)).toEqual([]);
    expect(parse(ran.out)).toEqual(document.manifest);
  });

  it("tells every decision at its head, where it belongs, and on stderr", () => {
    const { out, err } = ran;
    expect(document.decisions.length).toBeGreaterThan(0);
    const plain = (text: string): string => text.replaceAll(/\s*\n\s*#?\s*/g, " ");
    const head = plain(out.slice(0, out.indexOf("apiVersion:")));
    const body = plain(out);
    for (const { field, text } of document.decisions) {
      const told = field === "" ? text : `${field}: ${text}`;
      expect(head).toContain(`- ${told}`);
      expect(body).toContain(`DECIDE: ${text}`);
      expect(err).toContain(`decide: ${told}\n`);
    }
    // In a clone others can read the samples, which is said too.
    const decided = err.split("\n").filter((line) => !line.includes("can be read by others"));
    expect(decided).toHaveLength(document.decisions.length + 1);
  });

  it("holds nothing of the environment but the host name", () => {
    for (const entry of spec.process.env.filter((it) => !it.startsWith("HOSTNAME="))) {
      const value = entry.slice(entry.indexOf("=") + 1);
      if (value.length > 6) expect(ran.out).not.toContain(value);
    }
  });

  it("asks for every mount that CRI-O insists on", () => {
    const asked = document.manifest.spec.containers[0].volumeMounts ?? [];
    const others = spec.mounts.filter(({ destination }) => !given.has(destination));
    expect(asked.map((it) => it.mountPath)).toEqual(others.map((it) => it.destination));
  });
});

/** CRI-O's `ignoreMounts`, and what a kubelet gives every container. */
const given = new Set(
  "/proc /dev /dev/pts /dev/mqueue /sys /sys/fs/cgroup /dev/shm /etc/resolv.conf /etc/hostname /etc/passwd /etc/group /run/secrets /run/.containerenv /etc/hosts /dev/termination-log".split(
    " ",
  ),
);

describe("restore manifest", () => {
  it("takes names from the command line", async () => {
    const { manifest, decisions } = await documentOf(
      crioCounter,
      ...["--image", `registry.example:5000/team/cart@sha256:${"a".repeat(64)}`],
      ...["--name", "cart", "--namespace", "shop", "--node", "worker-7"],
    );
    expect(manifest.metadata).toEqual({ name: "cart", namespace: "shop" });
    const [{ image, imagePullPolicy }] = manifest.spec.containers;
    expect(image).toBe(`registry.example:5000/team/cart@sha256:${"a".repeat(64)}`);
    expect(imagePullPolicy).toBe("IfNotPresent");
    const terms =
      manifest.spec.affinity?.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution;
    expect(terms).toEqual({
      nodeSelectorTerms: [
        { matchFields: [{ key: "metadata.name", operator: "In", values: ["worker-7"] }] },
      ],
    });
    expect(decisions).toEqual([]);
  });

  it("names the image as restore image does", async () => {
    const { manifest } = await documentOf(crioCounter);
    const { image, imagePullPolicy } = manifest.spec.containers[0];
    expect(image).toBe("localhost/counter:checkpoint-20261121T212014Z");
    expect(imagePullPolicy).toBe("Never");
  });

  it.each([
    [["--name", "Cart"], /--name is no name/],
    [["--name", "a..b"], /--name is no name/],
    [["--node", "worker_7"], /--node is no name/],
    [["--namespace", "a.b"], /--namespace is no name/],
    [["--namespace", ""], /--namespace is no name/],
    [["--image", "/tmp/checkpoint.tar"], /--image is no reference/],
    [["--image", "a@b@c"], /--image is no reference/],
    [["--image", "a@sha256:12"], /--image is no reference/],
    [["--image", "a b"], /--image is no reference/],
    [["--runtime", "docker"], /docker/],
    [["-o", "table"], /table/],
  ])("refuses %j", async (given, message) => {
    const { code, out, err } = await run([...words, ...given, crioCounter]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(message);
  });

  it("says what the other runtime would miss", async () => {
    const foreign = await documentOf(crioCounter, "--runtime", "containerd");
    expect(foreign.decisions[0]?.text).toMatch(/containerd reads status\.dump.* gives up/);
    const own = await documentOf(crioCounter);
    expect(own.decisions.map(({ field }) => field)).not.toContain("");
    const podman = await documentOf(samplePath("podman/busybox-volume.tar.gz"));
    expect(podman.decisions.filter(({ field }) => field === "")).toHaveLength(2);
  });

  it("says it of dumps without a runtime's documents too", async () => {
    const { manifest, decisions } = await documentOf(samplePath("criu/sockets.tar.gz"));
    expect(await podFaults(manifest)).toEqual([]);
    const whole = decisions.filter(({ field }) => field === "");
    expect(whole).toEqual([{ field: "", text: expect.stringMatching(/no spec\.dump/) }]);
  });

  it("is quiet where that is asked for", async () => {
    const { err, out } = await run([...words, "-q", crioCounter]);
    expect(err).toBe("");
    expect(parseDocument(out).errors).toEqual([]);
  });
});
