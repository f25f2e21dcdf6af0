import { pushing } from "../../../remote/faults.ts";
import { refused, wrongDigest } from "../../../remote/registry/faults.ts";
import { nameOf, type Reference } from "../../../remote/registry/reference.ts";
import { Session, type SessionOptions } from "../../../remote/registry/session.ts";
import { layerFrom } from "../pack.ts";
import type { BuiltImage, ImagePlan } from "../write-image.ts";
import { type Content, uploadBlob } from "./upload.ts";

/** What a registry has now. */
export interface Pushed {
  reference: string;
  /** Of the manifest, as the registry and we both say. */
  digest: string;
  /** Bytes that were sent; what the registry had already was not. */
  sentBytes: number;
}

export interface PushOptions extends Omit<SessionOptions, "errand"> {
  progress?: (progress: { read: number; total: number }) => void;
}

/**
 * Sends an image to a registry: its layer out of the archive, its configuration, and last its
 * manifest, which makes it an image. All of its memory leaves this machine.
 * @throws {RemoteError} where the registry refuses, cannot be reached or has other bytes than were
 * sent; {TimeoutError} where it falls silent.
 */
export async function pushImage(
  { archive, compression }: ImagePlan,
  { layer, documents }: BuiltImage,
  reference: Reference,
  options: PushOptions,
): Promise<Pushed> {
  const session = await Session.open(reference, { ...options, errand: pushing });
  const { config, manifest } = documents;
  const contents: Content[] = [
    {
      what: "layer",
      digest: layer.digest,
      sizeBytes: layer.sizeBytes,
      from: (offset) => layerFrom(archive, compression, offset),
    },
    {
      what: "configuration",
      digest: config.digest,
      sizeBytes: config.bytes.length,
      from: (offset) => once(config.bytes.subarray(offset)),
    },
  ];
  const total = layer.sizeBytes + config.bytes.length;
  let before = 0;
  let sentBytes = 0;
  for (const content of contents) {
    sentBytes += await uploadBlob(session, content, {
      clock: options.clock,
      signal: options.signal,
      progress: (bytes) => options.progress?.({ read: before + bytes, total }),
    });
    before += content.sizeBytes;
  }
  await putManifest(session, reference.tag, manifest);
  return {
    reference: nameOf(reference),
    digest: manifest.digest,
    sentBytes: sentBytes + manifest.bytes.length,
  };
}

async function putManifest(
  session: Session,
  tag: string,
  { bytes, digest, mediaType }: BuiltImage["documents"]["manifest"],
): Promise<void> {
  const doing = "sending the manifest";
  const url = `/manifests/${tag}`;
  const body = { length: bytes.length, type: mediaType, bytes: () => once(bytes) };
  const answer = await session.ask({ method: "PUT", url, doing, body });
  if (answer.status !== 201) throw refused(pushing, doing, answer, session.registry);
  const named = answer.headers["docker-content-digest"];
  if (named !== undefined && named !== digest) {
    throw wrongDigest("manifest", answer.url, named, digest);
  }
  // What the name leads to is asked once more: this is what a runtime will get.
  const accept = { accept: mediaType };
  const there = await session.ask({ method: "HEAD", url, doing, headers: accept });
  const found = there.headers["docker-content-digest"];
  if (there.status === 200 && found !== undefined && found !== digest) {
    throw wrongDigest("manifest", there.url, found, digest);
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
