import { createHash } from "node:crypto";
import { asObject } from "../../base/json-object.ts";
import { clip } from "../../base/text.ts";
import { pulling, senseless } from "../faults.ts";
import type { Answer } from "../http/send.ts";
import { refused, wrongDigest } from "./faults.ts";
import type { Session } from "./session.ts";

/** A blob as manifests name it (OCI image specification, descriptors). */
export interface Descriptor {
  mediaType: string;
  digest: string;
  /** Bytes. */
  size: number;
  annotations: Readonly<Record<string, string>>;
  /** `linux/amd64`, where it is said. */
  platform: string | undefined;
}

/** A manifest, or a list of some. */
export interface Manifest {
  digest: string;
  annotations: Readonly<Record<string, string>>;
  /** Undefined for a list. */
  config: Descriptor | undefined;
  layers: Descriptor[];
  manifests: Descriptor[];
}

export const digestForm: RegExp = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/** What registries take at most (OCI distribution specification). */
const mostBytes = 4 * 1024 * 1024;
/** Real images have tens of layers, lists have tens of manifests. */
const mostEntries = 1024;

const accepted = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
].join(", ");

/**
 * Reads a manifest by tag or digest, and compares it with its digest.
 * @returns undefined where the registry has none of that name.
 */
export async function readManifest(session: Session, at: string): Promise<Manifest | undefined> {
  const doing = "asking for the manifest";
  const headers = { accept: accepted };
  const url = `/manifests/${at}`;
  const answer = await session.ask({ method: "GET", url, headers, doing, most: mostBytes + 1 });
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw refused(pulling, doing, answer, session.registry);
  const wrong = (found: string): Error =>
    senseless(
      pulling,
      "there is no manifest of an image",
      answer.url,
      found,
      "an OCI or Docker v2 manifest",
    );
  if (answer.text.length > mostBytes) throw wrong("more than 4 MiB");
  const named = digestForm.test(at) ? at : answer.headers["docker-content-digest"];
  const digest = verified(answer, named);
  let value: unknown;
  try {
    value = JSON.parse(answer.text);
  } catch {
    throw wrong("no JSON");
  }
  const manifest = parseManifest(value, digest);
  if (typeof manifest === "string") throw wrong(manifest);
  return manifest;
}

/** The digest of a document, which is what it was said to be. */
function verified({ text, url }: Answer, named: string | undefined): string {
  const algorithm = named?.startsWith("sha512:") === true ? "sha512" : "sha256";
  const digest = `${algorithm}:${createHash(algorithm).update(text).digest("hex")}`;
  if (named !== undefined && named !== digest)
    throw wrongDigest("manifest", url, digest, named, pulling);
  return digest;
}

/** @returns what is wrong with it, where it is none */
function parseManifest(value: unknown, digest: string): Manifest | string {
  const top = asObject(value);
  if (top === undefined) return "no JSON object";
  if (Array.isArray(top["fsLayers"])) return "a manifest of Docker's first form";
  const lists = [top["layers"] ?? [], top["manifests"] ?? []];
  if (top["layers"] === undefined && top["manifests"] === undefined) {
    return "neither layers nor manifests";
  }
  const read: Descriptor[][] = [];
  for (const list of lists) {
    if (!Array.isArray(list) || list.length > mostEntries) return "lists of another form";
    const descriptors = list.map(descriptor);
    if (descriptors.includes(undefined)) return "a descriptor without digest and size";
    read.push(descriptors as Descriptor[]);
  }
  const [layers = [], manifests = []] = read;
  const config = top["config"] === undefined ? undefined : descriptor(top["config"]);
  return { digest, annotations: texts(top["annotations"]), config, layers, manifests };
}

function descriptor(value: unknown): Descriptor | undefined {
  const { mediaType, digest, size, annotations, platform } = asObject(value) ?? {};
  if (typeof digest !== "string" || !digestForm.test(digest)) return undefined;
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) return undefined;
  const { os, architecture } = asObject(platform) ?? {};
  return {
    mediaType: typeof mediaType === "string" ? clip(mediaType, 200) : "",
    digest,
    size,
    annotations: texts(annotations),
    platform:
      typeof os === "string" && typeof architecture === "string"
        ? clip(`${os}/${architecture}`, 60)
        : undefined,
  };
}

function texts(value: unknown): Record<string, string> {
  const entries = Object.entries(asObject(value) ?? {});
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
