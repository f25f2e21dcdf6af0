import type { ImageFacts, Sourced } from "./facts.ts";

/** An annotation of the image, and where its value stands in the archive. */
export interface Annotation {
  key: string;
  value: string;
  source: string;
}

/** A value that did not become an annotation. */
export interface Withheld {
  key: string;
  source: string;
  reason: string;
}

/** Real values are names, versions and digests; registries take 4 MiB for a whole manifest. */
const longestValue = 4096;

/**
 * The annotations that tell each runtime that an image is a checkpoint, in its own family of names.
 * CRI-O and containerd only ask whether their `…name` is there; Podman asks for `runtime.name` and
 * compares it with its own. The rest is for people and tools. What an archive does not say is left
 * out: nothing is guessed.
 */
export function annotationsOf(facts: ImageFacts): {
  annotations: Annotation[];
  withheld: Withheld[];
} {
  const annotations: Annotation[] = [];
  const withheld: Withheld[] = [];
  for (const [family, values] of Object.entries(families)) {
    for (const [name, pick] of Object.entries(values)) {
      const sourced = pick(facts);
      if (sourced === undefined) continue;
      const key = `${family}.${name}`;
      const reason = unfit(sourced.value);
      if (reason === undefined) annotations.push({ key, ...sourced });
      else withheld.push({ key, source: sourced.source, reason });
    }
  }
  return { annotations, withheld };
}

function unfit(value: string): string | undefined {
  if (value.length > longestValue) return `it has ${value.length} characters`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\u0000-\u001f\u007f-\u009f]/.test(value) ? "it holds control characters" : undefined;
}

type Pick = (facts: ImageFacts) => Sourced | undefined;

const base = {
  rawImageName: (it: ImageFacts) => it.rawImageName,
  rootfsImageID: (it: ImageFacts) => it.rootfsImageId,
  rootfsImageName: (it: ImageFacts) => it.rootfsImageName,
  "criu.version": (it: ImageFacts) => it.criuVersion,
};

const host = {
  "runtime.name": (it: ImageFacts) => it.runtimeName,
  "host.arch": (it: ImageFacts): Sourced => ({
    value: it.architecture,
    source: "core images: mtype",
  }),
  "host.kernel": (it: ImageFacts) => it.hostKernel,
};

const families: Readonly<Record<string, Readonly<Record<string, Pick>>>> = {
  "io.kubernetes.cri-o.annotations.checkpoint": {
    name: (it) => it.name,
    ...base,
  },
  "org.criu.checkpoint": {
    "engine.name": ({ engine }) =>
      engine === "unknown" || engine === "criu"
        ? undefined
        : { value: engine, source: "the marks of its runtime" },
    "container.name": (it) => it.name,
    "pod.name": (it) => it.pod,
    "pod.id": (it) => it.podId,
    "pod.uid": (it) => it.podUid,
    "pod.namespace": (it) => it.namespace,
    ...base,
    rootfsImageUserRequested: (it) => it.rawImageName,
    rootfsImageSha: (it) => it.rootfsImageDigest,
    ...host,
    "cgroup.version": (it) => it.cgroupVersion,
  },
  "io.podman.annotations.checkpoint": {
    name: (it) => it.name,
    ...base,
    ...host,
    "cgroups.version": (it) => it.cgroupVersion,
  },
};
