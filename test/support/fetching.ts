import { createHash, randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { expect } from "vitest";
import { kubeconfig } from "./fake-cluster.ts";
import { fakeReader, type Reader, type ReaderOptions, remotePath } from "./fake-reader.ts";
import { type Ran, type RunOptions, run } from "./run.ts";
import { scratch } from "./samples.ts";

export const archive = randomBytes(300_001);
export const sha256 = createHash("sha256").update(archive).digest("hex");
export const name = basename(remotePath);

interface Fetch extends Ran {
  folder: string;
  reader: Reader;
  /** Of the last fault in JSON. */
  error: {
    code: string;
    kind: string;
    what: string;
    found: string;
    next: string;
    notes: string[];
    manifest: string;
  };
}

/** Checkpoints a container of a stand-in and has the archive brought by a pod. */
export async function fetching(
  options: Partial<ReaderOptions>,
  words: readonly string[] = [],
  more: RunOptions & { folder?: string } = {},
): Promise<Fetch> {
  const reader = await fakeReader({ archive, ...options });
  const folder = more.folder ?? scratch();
  const ran = await run(
    [
      "checkpoint",
      "--kubeconfig",
      kubeconfig(reader.api),
      "default/counter",
      "--fetch",
      folder,
      "-o",
      "json",
      ...words,
    ],
    more,
  );
  const last = ran.err.trimEnd().split("\n").at(-1) ?? "";
  return {
    ...ran,
    folder,
    reader,
    error: last.startsWith("{") ? JSON.parse(last).error : undefined,
  };
}

/** Whatever went wrong, nothing stays: neither here nor there. */
export function nothingStays({ folder, reader, error }: Fetch): void {
  expect(readdirSync(folder)).toEqual([]);
  expect(reader.calls()).toContain("DELETE");
  expect(error.notes.join()).toContain(`the archive lies on lab-node: ${remotePath}`);
  if (error.kind !== "interrupted") expect(error.next).toBeTruthy();
}
