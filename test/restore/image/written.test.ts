import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { BufferSource } from "../../../src/archive/buffer-source.ts";
import { openSource } from "../../../src/archive/open-archive.ts";
import type { RestoreImage } from "../../../src/restore/image/image-document.ts";
import { run } from "../../support/run.ts";
import {
  containerdCounter,
  crioCounter,
  privateCopy,
  samplePath,
  scratch,
} from "../../support/samples.ts";

type Json = Record<string, unknown>;

const sha256 = (bytes: Uint8Array): string =>
  `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

async function make(sample: string, to: string, ...more: string[]): Promise<RestoreImage> {
  const argv = ["restore", "image", privateCopy(sample), "--output-file", to];
  const { code, out, err } = await run([...argv, "-o", "json", "--permissions", "owner", ...more]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out) as RestoreImage;
}

const blob = (folder: string, digest: string): Buffer =>
  readFileSync(join(folder, "blobs/sha256", digest.slice(7)));
const json = (bytes: Buffer): Json => JSON.parse(bytes.toString()) as Json;

/** Files below a folder with content and mode. */
function tree(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => {
      const path = join(folder, name);
      const stats = statSync(path);
      const mode = (stats.mode & 0o7777).toString(8);
      return [name, stats.isDirectory() ? mode : `${mode} ${sha256(readFileSync(path))}`];
    }),
  );
}

describe("an OCI layout", () => {
  it("holds the archive's bytes as its layer, and documents that fit it", async () => {
    const folder = join(scratch(), "image");
    const image = await make(crioCounter, `oci:${folder}`);
    const archive = readFileSync(crioCounter);
    expect(blob(folder, image.layer.digest).equals(archive)).toBe(true);
    expect(image.layer).toMatchObject({
      digest: sha256(archive),
      diffId: sha256(archive),
      sizeBytes: archive.length,
      mediaType: "application/vnd.oci.image.layer.v1.tar",
    });
    const index = json(readFileSync(join(folder, "index.json")));
    const [entry] = index["manifests"] as [Json];
    expect(entry).toMatchObject({
      digest: image.manifest.digest,
      size: image.manifest.sizeBytes,
      platform: { architecture: "amd64", os: "linux" },
      annotations: {
        "org.opencontainers.image.ref.name": image.name,
        "io.containerd.image.name": image.name,
      },
    });
    const manifest = json(blob(folder, image.manifest.digest));
    expect(manifest).toMatchObject({
      schemaVersion: 2,
      config: { digest: image.config.digest, size: image.config.sizeBytes },
      layers: [{ digest: image.layer.digest, size: archive.length }],
    });
    for (const part of [image.manifest, image.config]) {
      expect(sha256(blob(folder, part.digest))).toBe(part.digest);
      expect(blob(folder, part.digest)).toHaveLength(part.sizeBytes);
    }
    const config = json(blob(folder, image.config.digest));
    expect(config).toMatchObject({
      architecture: "amd64",
      os: "linux",
      created: "2026-11-21T21:20:14.707198893Z",
      rootfs: { type: "layers", diff_ids: [image.layer.diffId] },
    });
    const texts = Object.fromEntries(image.annotations.map(({ key, value }) => [key, value]));
    expect(manifest["annotations"]).toEqual(texts);
    expect(index["annotations"]).toEqual(texts);
    expect((config["config"] as Json)["Labels"]).toEqual(texts);
    expect(json(readFileSync(join(folder, "oci-layout")))).toEqual({ imageLayoutVersion: "1.0.0" });
  });

  it("is the same to the byte, and its owner's alone", async () => {
    const [one, other] = [join(scratch(), "one"), join(scratch(), "other")];
    await make(crioCounter, `oci:${one}`);
    await make(crioCounter, `oci:${other}/`);
    expect(tree(other)).toEqual(tree(one));
    const modes = Object.values(tree(one)).map((each) => each.split(" ")[0]);
    expect(new Set(modes)).toEqual(new Set(["600", "700"]));
    expect(statSync(one).mode & 0o777).toBe(0o700);
  });

  it("keeps gzip and zstd as they are, and knows the tar inside", async () => {
    for (const [name, form] of [
      ["podman/busybox-runc-gzip.tar.gz", "gzip"],
      ["podman/busybox-crun-zstd.tar.zst", "zstd"],
    ] as const) {
      const folder = join(scratch(), "image");
      const kept = await make(samplePath(name), `oci:${folder}`);
      expect(blob(folder, kept.layer.digest).equals(readFileSync(samplePath(name)))).toBe(true);
      expect(kept.layer.mediaType).toBe(`application/vnd.oci.image.layer.v1.tar+${form}`);
      const plain = join(scratch(), "image");
      const unpacked = await make(samplePath(name), `oci:${plain}`, "--compress", "none");
      expect(unpacked.layer.digest).toBe(kept.layer.diffId);
      expect(sha256(blob(plain, unpacked.layer.digest))).toBe(unpacked.layer.diffId);
      expect(unpacked.layer.sizeBytes).toBeGreaterThan(kept.layer.sizeBytes);
    }
  });

  it("compresses where it is asked to", async () => {
    const folder = join(scratch(), "image");
    const { layer } = await make(crioCounter, `oci:${folder}`, "--compress", "gzip");
    expect(sha256(gunzipSync(blob(folder, layer.digest)))).toBe(layer.diffId);
    expect(layer.diffId).toBe(sha256(readFileSync(crioCounter)));
    const documents = readdirSync(join(folder, "blobs/sha256")).map((name) => `sha256:${name}`);
    const config = documents.map((digest) => blob(folder, digest).toString("latin1"));
    expect(config.some((text) => text.includes(`"diff_ids":["${layer.diffId}"]`))).toBe(true);
    expect(sha256(blob(folder, layer.digest))).toBe(layer.digest);
    expect(layer.sizeBytes).toBe(blob(folder, layer.digest).length);
  });
});

async function members(path: string): Promise<Map<string, Buffer>> {
  const archive = await openSource(new BufferSource(readFileSync(path)), { path });
  expect(archive.problems).toEqual([]);
  const found = new Map<string, Buffer>();
  for (const member of archive.members) {
    expect([member.uid, member.gid, member.mode & 0o077]).toEqual([0, 0, 0]);
    const bytes = member.type === "file" ? await archive.read(member, 0, member.size) : [];
    found.set(member.name, Buffer.from(bytes));
  }
  return found;
}

describe("archives", () => {
  it("hold the same image as the folder", async () => {
    const folder = scratch();
    await make(containerdCounter, `oci:${folder}/image`);
    await make(containerdCounter, `oci-archive:${folder}/image.tar`);
    const inside = await members(`${folder}/image.tar`);
    const files = Object.keys(tree(`${folder}/image`));
    expect([...inside.keys()].map((name) => name.replace(/\/$/, "")).sort()).toEqual(files.sort());
    for (const [name, bytes] of inside) {
      if (!name.endsWith("/"))
        expect(bytes.equals(readFileSync(join(folder, "image", name)))).toBe(true);
    }
    expect(statSync(`${folder}/image.tar`).mode & 0o777).toBe(0o600);
  });

  it("are what docker load takes, and say what that costs", async () => {
    const path = join(scratch(), "docker.tar");
    const image = await make(
      samplePath("podman/busybox-crun-zstd.tar.zst"),
      `docker-archive:${path}`,
    );
    const inside = await members(path);
    const [manifest] = JSON.parse(`${inside.get("manifest.json")}`) as [
      { Config: string; RepoTags: string[]; Layers: string[] },
    ];
    expect(manifest.RepoTags).toEqual([image.name]);
    expect(sha256(inside.get(manifest.Config) as Buffer)).toBe(image.config.digest);
    const layer = inside.get(manifest.Layers[0] as string) as Buffer;
    expect(sha256(layer)).toBe(image.layer.diffId);
    expect(image.layer.compression).toBe("none");
    const config = JSON.parse(`${inside.get(manifest.Config)}`) as {
      config: { Labels: Record<string, string> };
    };
    expect(config.config.Labels["io.podman.annotations.checkpoint.runtime.name"]).toBe("crun");
    expect(image.problems.map(({ code }) => code)).toContain("no-annotations");
  });
});

describe("what is there", () => {
  it.each([
    ["oci", "folder"],
    ["oci-archive", "file"],
    ["docker-archive", "file"],
  ])("is never overwritten by %s:", async (form, kind) => {
    for (const name of ["image", "image.partial"]) {
      const folder = scratch();
      if (kind === "folder") mkdirSync(join(folder, name));
      else writeFileSync(join(folder, name), "mine");
      const argv = ["restore", "image", privateCopy(crioCounter), "--permissions", "owner"];
      const { code, err } = await run([...argv, "--output-file", `${form}:${folder}/image`]);
      expect(code).toBe(4);
      expect(err).toContain("exists already, and nothing is ever overwritten");
      expect(readdirSync(folder)).toEqual([name]);
      if (kind === "file") expect(readFileSync(join(folder, name), "utf8")).toBe("mine");
    }
  });

  it("leaves nothing where it cannot be written", async () => {
    const folder = scratch();
    const argv = ["restore", "image", privateCopy(crioCounter), "--permissions", "owner"];
    for (const form of ["oci", "oci-archive"]) {
      const { code, err } = await run([...argv, "--output-file", `${form}:${folder}/no/image`]);
      expect(code).toBe(4);
      expect(err).toMatch(/cannot be (created|written)/);
      expect(existsSync(`${folder}/no`)).toBe(false);
    }
  });
});
