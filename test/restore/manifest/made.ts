import { expect } from "vitest";
import { openCheckpoint } from "../../../src/checkpoint/open-checkpoint.ts";
import {
  type ManifestOptions,
  makeManifest,
  type RestoreManifest,
} from "../../../src/restore/manifest/manifest.ts";
import type { Container, Pod } from "../../../src/restore/manifest/pod.ts";
import { Alteration } from "../../support/alteration.ts";
import { podFaults } from "../../support/pod-rules.ts";
import { containerdCounter, crioCounter, rich } from "../../support/samples.ts";

type Json = Record<string, unknown>;

/** As far as tests alter one. */
export interface OciSpec extends Json {
  process: Json & { user: Json; capabilities: Record<string, string[]>; env: string[] };
  root: Json;
  mounts: Json[];
  annotations: Record<string, string>;
  linux: Json & {
    resources: Json;
    namespaces: { type: string; path?: string }[];
    seccomp?: Json;
    maskedPaths?: string[];
  };
}

const samples = { "cri-o": crioCounter, containerd: containerdCounter, podman: rich };

/** A manifest that Kubernetes takes, of an archive of which the specification was altered. */
export async function madeOf(
  engine: keyof typeof samples,
  alter: (spec: OciSpec) => void,
  options: ManifestOptions = {},
  images: (alteration: Alteration) => Promise<unknown> = async () => {},
): Promise<Made> {
  const alteration = await Alteration.of(samples[engine]);
  await images(alteration);
  return made(alteration.json("spec.dump", (spec) => alter(spec as OciSpec)).write(), options);
}

/** The samples of CRI-O and containerd share the node's network. */
export function ownNetwork(alteration: Alteration): Promise<unknown> {
  return alteration.image("ids-1.img", "task_kobj_ids_entry", (entries) => {
    for (const ids of entries) ids.net_ns_id = 4711;
    return entries;
  });
}

export interface Made extends RestoreManifest {
  pod: Pod;
  container: Container;
  /** Decisions about a field. */
  decided(field: string): string[];
  noted(field: string): string[];
}

export async function made(path: string, options: ManifestOptions = {}): Promise<Made> {
  const checkpoint = await openCheckpoint(path, { permissions: "any" });
  try {
    const { document } = await makeManifest(checkpoint, options);
    expect(await podFaults(document.manifest)).toEqual([]);
    const of = (list: RestoreManifest["notes"], wanted: string): string[] =>
      list.flatMap(({ field, text }) => (field === wanted ? [text] : []));
    return {
      ...document,
      pod: document.manifest,
      container: document.manifest.spec.containers[0],
      decided: (field) => of(document.decisions, field),
      noted: (field) => of(document.notes, field),
    };
  } finally {
    await checkpoint.close();
  }
}
