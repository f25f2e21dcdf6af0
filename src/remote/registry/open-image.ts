import { UsageError } from "../../base/errors.ts";
import { shownName } from "../../base/remote-name.ts";
import { pulling } from "../faults.ts";
import type { HttpMeans } from "../http/send.ts";
import type { Resource } from "../range/resource.ts";
import { BlobResource } from "./blob-resource.ts";
import type { Environment } from "./credentials.ts";
import { findCredentials } from "./credentials.ts";
import { findLayer } from "./find-layer.ts";
import { digestForm } from "./manifest.ts";
import { parseReference } from "./reference.ts";
import { Session } from "./session.ts";

/** An image, or a layer, in a registry. */
export interface ImageName {
  registry: string;
  repository: string;
  /** A tag, or a digest of a manifest or a layer. */
  at: string;
}

/**
 * Finds the archive in an image at `oci://REGISTRY/REPOSITORY[:TAG|@DIGEST]`.
 * @throws {RemoteError} where the registry refuses, {ArchiveError} where it is no image of a
 * checkpoint, {UsageError} where several could be meant.
 */
export async function openImage(
  text: string,
  env: Environment,
  means: HttpMeans & { plainHttp: boolean },
): Promise<{ resource: Resource; digest: string }> {
  const name = parseImageName(text);
  const credentials = await findCredentials(name, env, means.signal);
  const session = await Session.open(name, { ...means, errand: pulling, credentials });
  const layer = await findLayer(session, name);
  return { resource: new BlobResource(session, layer, means.clock), digest: layer.digest };
}

/** @throws {UsageError} where it is no name of an image. */
function parseImageName(text: string): ImageName {
  const rest = text.replace(/^oci:\/\//i, "");
  const [, name = rest, digest] = /^([^@]*)@(.*)$/s.exec(rest) ?? [];
  if (digest !== undefined && !digestForm.test(digest)) {
    throw new UsageError({
      code: "reference",
      what: `${shownName(text)} has no digest that we know`,
      allowed: "sha256: or sha512: and hexadecimal digits",
    });
  }
  const { registry, repository, tag } = parseReference(name, "latest", undefined, "inspect");
  return { registry, repository, at: digest ?? tag };
}
