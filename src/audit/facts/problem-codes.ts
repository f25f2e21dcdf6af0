/**
 * Which rule tells of a problem that was met while an archive was read, by the problem's code. Each
 * code has one; null where it is nothing about the archive. A code that is not here is told by
 * `integrity/broken-image`, so that nothing is passed over.
 */
export const problemRules: Readonly<Record<string, string | null>> = {
  // The gate. Refusals have the same words without `permissions-`.
  "permissions-owner": "locked-down/owner",
  "permissions-mode": "locked-down/mode",
  "permissions-directory-owner": "locked-down/directory",
  "permissions-directory-mode": "locked-down/directory",
  "permissions-moved": "locked-down/exchanged",
  "permissions-symlink": "locked-down/symbolic-link",
  "permissions-not-a-file": "locked-down/special-file",
  "permissions-unchecked": "locked-down/unchecked",

  // The archive.
  truncated: "integrity/truncated",
  "no-end-marker": "integrity/truncated",
  "damaged-header": "integrity/damaged",
  "damaged-stream": "integrity/damaged",
  "after-end": "integrity/after-end",
  "long-trailer": "integrity/after-end",
  "lone-zero-block": "integrity/end-marker",
  "short-end-marker": "integrity/end-marker",
  "duplicate-member": "integrity/duplicate",
  "size-disagrees": "integrity/size",
  "unsafe-name": "integrity/unsafe-name",
  "name-not-utf8": "integrity/unsafe-name",
  "unsafe-link": "integrity/link",
  "broken-link": "integrity/link",
  "device-member": "integrity/device",
  "unknown-type": "integrity/unknown-member",
  "broken-nested-archive": "integrity/nested-archive",
  "too-many-problems": "integrity/unlisted-problems",

  // Metadata.
  "bad-metadata": "integrity/metadata",
  "engine-contradiction": "integrity/engine",
  "file-name-disagrees": "integrity/file-name",

  // CRIU's images.
  "no-images": "integrity/missing-image",
  "no-process-tree": "integrity/missing-image",
  "missing-image": "integrity/missing-image",
  "wrong-type": "integrity/image-type",
  "broken-image": "integrity/broken-image",
  "broken-entry": "integrity/broken-image",
  "pages-missing": "integrity/page-sizes",
  "pages-left-over": "integrity/page-sizes",
  "page-image-shared": "integrity/page-owners",
  "mapping-overlap": "integrity/mappings",
  "process-tree": "integrity/process-tree",
  "capability-set": "integrity/contradiction",
  "cgroup-set": "integrity/contradiction",
  "deleted-file": "integrity/contradiction",
  descriptor: "integrity/contradiction",
  environment: "integrity/contradiction",
  "file-id": "integrity/contradiction",
  "file-table": "integrity/contradiction",
  "file-use": "integrity/contradiction",
  memfd: "integrity/contradiction",
  "mount-table": "integrity/contradiction",
  "pending-signal": "integrity/contradiction",
  queue: "integrity/contradiction",
  registers: "integrity/contradiction",
  "resource-limits": "integrity/contradiction",
  "seccomp-filter": "integrity/contradiction",
  "signal-actions": "integrity/contradiction",
  socket: "integrity/contradiction",
  terminal: "integrity/contradiction",

  // How sure it is that the bytes of an archive elsewhere are of one archive: the server's words.
  "digest-unverified": null,
  "version-unsure": null,
  // A dump of pages that another completes, and where to find what is in it: how CRIU works.
  "pre-dump": null,
  "parent-pages": null,
  // Refusals that say nothing of the archive: nobody could look.
  "no-access": null,
  // Faults of files that we write.
  exists: null,
  "disk-full": null,
  folder: null,
};

/** Problems of an archive inside the archive that its own rules look for, or that are no harm there. */
export const nestedElsewhere: ReadonlySet<string> = new Set([
  // hostile/nested-name, hostile/nested-link, hostile/nested-device.
  "unsafe-name",
  "unsafe-link",
  "device-member",
  // Files of a container may be called anything, and a link's target may be in the image below.
  "name-not-utf8",
  "broken-link",
  // Of the above there may be thousands; of each other kind some are listed all the same.
  "too-many-problems",
]);
