import { dirname } from "node:path/posix";
import { formatTime } from "../base/time.ts";
import { formatMode } from "../base/units.ts";
import type { CertificateFacts, CheckpointsFacts, FileFacts } from "./facts.ts";
import type { Host, HostSpace } from "./host.ts";

/** Archives that are looked at one by one. */
const archiveLimit = 10_000;
const archiveName = /^checkpoint-.+\.tar$/;

/** What is known of a path without reading it. */
export function fileFacts(host: Host, path: string): FileFacts {
  const stat = host.stat(path);
  if (stat.state !== "found") {
    const why = stat.state === "unreadable" ? stat.why : null;
    return { path, state: stat.state, why, kind: null, mode: null, uid: null, bytes: null };
  }
  const { kind, mode, uid, bytes } = stat.value;
  return { path, state: "found", why: null, kind, mode: formatMode(mode), uid, bytes };
}

/** The folder that archives are written to: whose it is, what lies in it, what room there is. */
export function checkpointsFacts(host: Host, path: string): CheckpointsFacts {
  const folder = fileFacts(host, path);
  const listed = host.list(path);
  const facts: CheckpointsFacts = {
    ...folder,
    count: null,
    archiveBytes: null,
    open: null,
    space: host.live ? spaceOf(host, path) : null,
  };
  if (listed.state !== "found") return facts;
  const archives = listed.value.filter(
    ({ name, kind }) => kind === "file" && archiveName.test(name),
  );
  let archiveBytes = 0;
  let open = 0;
  for (const { name } of archives.slice(0, archiveLimit)) {
    const stat = host.stat(`${path}/${name}`);
    if (stat.state !== "found") continue;
    archiveBytes += stat.value.bytes;
    if ((stat.value.mode & 0o077) !== 0) open += 1;
  }
  return { ...facts, count: archives.length, archiveBytes, open };
}

/** A folder that is not there yet is made on the first checkpoint, on the file system above it. */
function spaceOf(host: Host, path: string): HostSpace | null {
  for (let folder = path; ; folder = dirname(folder)) {
    const space = host.space(folder);
    if (space.state === "found") return space.value;
    if (space.state === "unreadable" || folder === dirname(folder)) return null;
  }
}

const certificateLimit = 4 * 1024 * 1024;

/** The first certificate of a PEM file. Keys in the same file are passed over. */
export async function certificateFacts(
  host: Host,
  path: string,
  role: CertificateFacts["role"],
): Promise<CertificateFacts> {
  const file = fileFacts(host, path);
  const facts: CertificateFacts = {
    ...file,
    role,
    subject: null,
    issuer: null,
    notBefore: null,
    notAfter: null,
  };
  if (role === "key" || file.state !== "found") return facts;
  const read = host.text(path, certificateLimit);
  if (read.state !== "found") {
    return { ...facts, state: read.state, why: read.state === "unreadable" ? read.why : null };
  }
  const pem = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/.exec(read.value)?.[0];
  if (pem === undefined) return { ...facts, state: "unreadable", why: "no certificate is in it" };
  const { X509Certificate } = await import("node:crypto");
  try {
    const { subject, issuer, validFrom, validTo } = new X509Certificate(pem);
    return {
      ...facts,
      subject: oneLine(subject),
      issuer: oneLine(issuer),
      notBefore: formatTime(Date.parse(validFrom)),
      notAfter: formatTime(Date.parse(validTo)),
    };
  } catch {
    return { ...facts, state: "unreadable", why: "its certificate is broken" };
  }
}

function oneLine(name: string): string {
  return name.split("\n").join(", ");
}
