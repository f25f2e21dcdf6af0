import { apiVersion, type Document } from "../../base/document.ts";
import { valueAt } from "../../base/json-object.ts";
import type { Problem } from "../../base/problem.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { nameOf } from "../../remote/registry/reference.ts";
import { textsAt } from "../../runtime/documents.ts";
import { defaultRepository, defaultTag } from "../image/default-name.ts";
import type { TargetRuntime } from "./capabilities.ts";
import { type PodFacts, readPodFacts } from "./facts.ts";
import { checkPropagation, podMounts } from "./mounts.ts";
import { isLabel, labelLike, objectNameLike } from "./names.ts";
import { podNamespaces } from "./namespaces.ts";
import type { Container, Pod, PodSpec } from "./pod.ts";
import { portsOf } from "./ports.ts";
import { container, fieldName, type Remark, Remarks } from "./remarks.ts";
import { resources } from "./resources.ts";
import { securityContext } from "./security.ts";
import { grace, hostName, placement, runtimeNeeds, sysctls } from "./whole-pod.ts";

export interface ManifestOptions {
  /** Reference of the checkpoint image. */
  image?: string;
  /** Name of the pod; otherwise the old one with `-restored` behind it. */
  name?: string;
  namespace?: string;
  /** Node that it has to run on. */
  node?: string;
  /** Runtime that restores; otherwise the one that made the archive, if that can. */
  runtime?: TargetRuntime;
}

/** A field of the pod (`spec.containers[0].image`; empty: the whole) and what to say of it. */
export interface FieldRemark {
  field: string;
  text: string;
}

/** The pod that restores an archive, also as JSON. It holds no values of the environment. */
export interface RestoreManifest extends Document<"RestoreManifest"> {
  /** Archive that it was made for. */
  path: string;
  manifest: Pod;
  /** What somebody has to decide before it is applied. */
  decisions: FieldRemark[];
  /** Where fields come from, and what else to know. */
  notes: FieldRemark[];
  problems: Problem[];
}

/** A manifest with its remarks at the fields that they are about. */
export interface RemarkedManifest {
  document: RestoreManifest;
  remarks: readonly Remark[];
}

/**
 * Makes the pod that has a runtime restore this checkpoint from its image. Nothing is asked of a
 * cluster; what the archive does not tell is a guess, and is among the decisions.
 */
export async function makeManifest(
  checkpoint: Checkpoint,
  options: ManifestOptions = {},
): Promise<RemarkedManifest> {
  const facts = await readPodFacts(checkpoint);
  const remarks = new Remarks();
  const manifest = podOf(facts, options, remarks);
  const said = (decide: boolean): FieldRemark[] =>
    remarks.all
      .filter((remark) => remark.decide === decide)
      .map(({ path, text }) => ({ field: fieldName(path), text }));
  return {
    document: {
      apiVersion,
      kind: "RestoreManifest",
      path: checkpoint.archive.path,
      manifest,
      decisions: said(true),
      notes: said(false),
      problems: checkpoint.problems,
    },
    remarks: remarks.all,
  };
}

/** The pod for what is known, with remarks on all that is not. */
function podOf(facts: PodFacts, options: ManifestOptions, remarks: Remarks): Pod {
  const { identity, engine } = facts;
  const runtime =
    options.runtime ?? (engine === "cri-o" || engine === "containerd" ? engine : undefined);
  if (facts.spec === undefined) {
    remarks.decide(
      [],
      "The archive has no spec.dump, so nothing is known of mounts, rights and resources, and neither containerd nor CRI-O restores it.",
    );
  } else runtimeNeeds(facts, runtime, remarks);
  const name =
    options.name ?? objectNameLike(identity.pod ?? identity.name ?? "", "-restored", "checkpoint");
  const metadata = { name, namespace: namespaceOf(facts, options, remarks) };
  const shared = podNamespaces(facts, remarks);
  const mounts = podMounts(facts, remarks);
  if (mounts.automountServiceAccountToken) {
    remarks.decide(
      ["spec"],
      "serviceAccountName: the pod had a token of a service account, whose name is not in the archive; without it the namespace's default is taken.",
    );
  }
  const spec: PodSpec = {
    ...placement(facts, options.node, remarks),
    ...hostName(facts, { name, hostNetwork: shared.hostNetwork === true }, remarks),
    ...shared,
    ...(mounts.automountServiceAccountToken ? {} : { automountServiceAccountToken: false }),
    ...grace(facts),
    restartPolicy: "Never",
    ...sysctls(facts, shared, remarks),
    containers: [
      containerOf(facts, { options, runtime, volumeMounts: mounts.volumeMounts }, remarks),
    ],
    ...(mounts.volumes.length === 0 ? {} : { volumes: mounts.volumes }),
  };
  checkPropagation(spec, remarks);
  remarks.note(
    ["spec", "restartPolicy"],
    "A failed restore stays to be looked at. With Always, every restart begins at the checkpoint again.",
  );
  remarks.note(
    ["spec", "containers"],
    "The archive is of this container alone: what else was in its pod, it has to do without, or you add it.",
  );
  remarks.note(
    ["metadata"],
    "labels: those of the old pod are not in the archive. Services that selected it do not find this one before you add them.",
  );
  return { apiVersion: "v1", kind: "Pod", metadata, spec };
}

function namespaceOf(
  { identity }: PodFacts,
  { namespace }: ManifestOptions,
  remarks: Remarks,
): string {
  if (namespace !== undefined) return namespace;
  const had = identity.namespace;
  if (had !== undefined && isLabel(had)) return had;
  remarks.decide(["metadata", "namespace"], "The archive names no namespace.");
  return "default";
}

function containerOf(
  facts: PodFacts,
  {
    options,
    runtime,
    volumeMounts,
  }: {
    options: ManifestOptions;
    runtime: TargetRuntime | undefined;
    volumeMounts: NonNullable<Container["volumeMounts"]>;
  },
  remarks: Remarks,
): Container {
  const { annotations, spec } = facts;
  const name = labelLike(facts.identity.name ?? "", "restored");
  const context = securityContext(facts, runtime, remarks);
  const asked = resources(facts, remarks);
  const cwd = valueAt(spec?.document, "process", "cwd");
  const message = annotations.get("io.kubernetes.container.terminationMessagePath");
  const policy = annotations.get("io.kubernetes.container.terminationMessagePolicy");
  remarks.note(
    container,
    "command, args, env: left out, because the processes come back with theirs. `kubectl exec` gets the base image's environment. containerd wants a command if the base image has neither entrypoint nor command; it does not run it.",
  );
  const ports = portsOf(facts.needs.network.ports);
  if (ports.length > 0) {
    remarks.note(
      [...container, "ports"],
      "Sockets of the dump that listen, other than on loopback.",
    );
  }
  return {
    name,
    ...imageOf(facts, name, options, remarks),
    ...(typeof cwd === "string" && cwd.startsWith("/") && cwd !== "/" ? { workingDir: cwd } : {}),
    ...terminalOf(facts),
    ...(ports.length === 0 ? {} : { ports }),
    ...(Object.keys(asked).length === 0 ? {} : { resources: asked }),
    ...(Object.keys(context).length === 0 ? {} : { securityContext: context }),
    ...(message === undefined || message === "/dev/termination-log" || !message.startsWith("/")
      ? {}
      : { terminationMessagePath: message }),
    ...(policy === "FallbackToLogsOnError" ? { terminationMessagePolicy: policy } : {}),
    ...(volumeMounts.length === 0 ? {} : { volumeMounts }),
  };
}

function imageOf(
  { identity }: PodFacts,
  name: string,
  options: ManifestOptions,
  remarks: Remarks,
): Pick<Container, "image" | "imagePullPolicy"> {
  const image =
    options.image ??
    nameOf({
      registry: "localhost",
      repository: defaultRepository(identity.name ?? name),
      tag: defaultTag(identity.checkpointedAt),
    });
  if (options.image === undefined) {
    remarks.decide(
      [...container, "image"],
      "This is the name that `cryoscope restore image` gives: load it on the node under this one, or give --image.",
    );
  }
  const local = image.startsWith("localhost/");
  remarks.note(
    [...container, "imagePullPolicy"],
    local
      ? "Nobody can pull from localhost: the image has to be loaded on the node."
      : "Pulled where it is missing (with imagePullSecrets, if its registry asks for any), and never exchanged for another of that name, which Always could do.",
  );
  return { image, imagePullPolicy: local ? "Never" : "IfNotPresent" };
}

/** A terminal is made before the restore, so the pod has to ask for what there was. */
function terminalOf({
  spec,
  annotations,
  config,
}: PodFacts): Pick<Container, "tty" | "stdin" | "stdinOnce"> {
  const cri = textsAt(spec?.document, "annotations");
  const says = (name: string): boolean => cri.get(`io.kubernetes.cri-o.${name}`) === "true";
  const stdin = says("Stdin") || valueAt(config, "stdin") === true;
  return {
    ...(spec?.terminal === true || says("TTY") ? { tty: true } : {}),
    ...(stdin ? { stdin: true } : {}),
    ...(stdin && annotations.get("io.kubernetes.cri-o.StdinOnce") === "true"
      ? { stdinOnce: true }
      : {}),
  };
}
