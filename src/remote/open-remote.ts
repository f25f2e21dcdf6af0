import type { ByteSource } from "../base/byte-source.ts";
import type { Problem } from "../base/problem.ts";
import { shownName } from "../base/remote-name.ts";
import { patience, type RemoteAccess, type RemoteHooks, worldClock } from "./access.ts";
import { readAuthorities } from "./authorities.ts";
import { reading } from "./faults.ts";
import type { HttpMeans } from "./http/send.ts";
import { wayOut } from "./http/way-out.ts";
import { Meter } from "./range/meter.ts";
import { Ranges } from "./range/ranges.ts";
import { RemoteSource } from "./range/remote-source.ts";
import type { Resource } from "./range/resource.ts";
import type { Version } from "./range/version.ts";
import { parseAddress } from "./web-address.ts";
import { WebResource } from "./web-resource.ts";

/** An archive elsewhere that can be read. */
interface RemoteFile {
  source: ByteSource;
  /** Its address as people may see it. */
  shown: string;
  /** Can it be read at random? Else each reading begins at its beginning. */
  parts: boolean;
  problems: Problem[];
  close: () => Promise<void>;
}

/** What the first question brings: where small archives end, and the headers of most others. */
const headBytes = 64 * 1024;

/**
 * Opens what lies at `https://…`, `http://…` or `oci://…`. Reads its first 64 KiB.
 * @throws {RemoteError} where the server refuses or cannot be reached, {TimeoutError} where it says
 * nothing, {RefusedError} where it would go without TLS, or fetch more than is allowed.
 */
export async function openRemote(
  text: string,
  access: RemoteAccess = {},
  { clock = worldClock, fetching }: RemoteHooks = {},
): Promise<RemoteFile> {
  const shown = shownName(text);
  const ca = access.caFile === undefined ? undefined : await readAuthorities(access.caFile);
  const way = wayOut(access.env ?? {}, ca);
  const means = {
    clock,
    signal: new AbortController().signal,
    patience,
    ca,
    agent: way.agent,
    plainHttp: access.plainHttp === true,
  };
  try {
    const { resource, digest } = await find(text, access, means);
    const meter = new Meter(shown, access.maxDownload);
    const begun = await Ranges.begin(resource, { ...means, meter }, headBytes);
    const source = new RemoteSource(begun, resource, {
      digest,
      fetching: (bytes) => fetching?.(bytes, shown),
    });
    const { version, parts } = begun.ranges;
    return {
      source,
      shown,
      parts,
      problems: [unchecked(), ...said(version, digest)],
      close: async () => way.close(),
    };
  } catch (error) {
    way.close();
    throw error;
  }
}

/** Bytes at an address, and the digest that all of them must have. */
interface Found {
  resource: Resource;
  digest: string | undefined;
}

async function find(
  text: string,
  access: RemoteAccess,
  means: HttpMeans & { plainHttp: boolean },
): Promise<Found> {
  if (/^oci:/i.test(text)) {
    const { openImage } = await import("./registry/open-image.ts");
    return openImage(text, access.env ?? {}, means);
  }
  const address = parseAddress(text, means.plainHttp);
  return { resource: new WebResource(address, reading, means), digest: undefined };
}

function unchecked(): Problem {
  return {
    severity: "note",
    code: "permissions-unchecked",
    message:
      "the archive is not on this machine, so nobody can tell who else could read or change it: it was read as with --permissions any",
  };
}

/** How sure it is that all bytes were of one archive. */
function said({ tag, modified }: Version, digest: string | undefined): Problem[] {
  if (digest !== undefined) {
    const message = `a layer that is read in part cannot be compared with its digest (${digest}); what reads all of it compares`;
    return [{ severity: "note", code: "digest-unverified", message }];
  }
  if (tag !== undefined) return [];
  const by =
    modified === undefined ? "its size alone tells" : "its size and its time, to a second, tell";
  const message = `the server gives no strong ETag: ${by} whether the archive was changed while it was read`;
  return [{ severity: "note", code: "version-unsure", message }];
}
