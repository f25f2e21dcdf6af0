import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { processIo } from "../../src/cli/io.ts";
import { buildProgram } from "../../src/cli/program.ts";
import { apiFaults } from "../support/kubernetes-api.ts";

type Json = Record<string, unknown>;

interface Container {
  name: string;
  image?: string;
  args: string[];
  resources?: { limits: Record<string, string>; requests: Record<string, string> };
  securityContext?: Json;
  volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[];
}

interface PodSpec extends Json {
  containers: [Container];
  volumes?: { name: string }[];
}

const root = fileURLToPath(new URL("../../deploy/", import.meta.url));
/** Kinds that are the API's, by the names of its models. */
const models: Readonly<Record<string, string>> = {
  Namespace: "V1Namespace",
  ServiceAccount: "V1ServiceAccount",
  PriorityClass: "V1PriorityClass",
  NetworkPolicy: "V1NetworkPolicy",
  DaemonSet: "V1DaemonSet",
  CronJob: "V1CronJob",
  PersistentVolumeClaim: "V1PersistentVolumeClaim",
  ClusterRole: "V1ClusterRole",
  ClusterRoleBinding: "V1ClusterRoleBinding",
};

const files = ["audit", "checkpoint"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => `${folder}/${name}`)
    .sort(),
);

function documentsOf(file: string): Json[] {
  return parseAllDocuments(readFileSync(join(root, file), "utf8")).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Json;
  });
}

function patchesOf(kustomization: string): string[] {
  const { patches = [] } = documentsOf(kustomization)[0] as { patches?: { path: string }[] };
  return patches.map(({ path }) => join(kustomization, "..", path));
}

const kustomizations = files.filter((file) => file.endsWith("/kustomization.yaml"));
const patches = new Set(kustomizations.flatMap(patchesOf));
const manifests = files.filter((file) => !kustomizations.includes(file) && !patches.has(file));

function podSpecOf(document: Json): PodSpec {
  const { spec } = document as { spec: Json };
  const job = (spec["jobTemplate"] as { spec: Json } | undefined)?.spec ?? spec;
  return (job["template"] as { spec: PodSpec }).spec;
}

/** Pods of manifests, whole. */
const pods = manifests
  .flatMap(documentsOf)
  .filter(({ kind }) => kind === "DaemonSet" || kind === "CronJob")
  .map((document) => ({ kind: document["kind"] as string, spec: podSpecOf(document) }));

describe("manifests", () => {
  it.each(manifests)("%s has no field that the API does not know", async (file) => {
    for (const document of documentsOf(file)) {
      const model = models[document["kind"] as string];
      expect(model, `kind ${document["kind"]}`).toBeDefined();
      expect(await apiFaults(model as string, document)).toEqual([]);
    }
  });

  it.each([...patches])("%s has none either, and changes something that is there", async (file) => {
    const names = manifests.flatMap(documentsOf).map(({ kind, metadata }) => {
      return `${kind} ${(metadata as { name: string }).name}`;
    });
    for (const patch of documentsOf(file)) {
      const faults = await apiFaults(models[patch["kind"] as string] as string, patch);
      // A patch says only what it changes.
      expect(faults.filter((fault) => !fault.endsWith(" is missing"))).toEqual([]);
      expect(names).toContain(`${patch["kind"]} ${(patch["metadata"] as { name: string }).name}`);
    }
  });

  it.each(kustomizations)("%s names files that are there, and all of its folder", (file) => {
    const folder = join(root, file, "..");
    const { resources } = documentsOf(file)[0] as { resources: string[] };
    const named = [
      ...resources,
      ...patchesOf(file).map((path) => path.slice(path.lastIndexOf("/") + 1)),
    ];
    for (const name of named) expect(existsSync(join(folder, name)), name).toBe(true);
    const own = readdirSync(folder).filter((name) => /\.yaml$/.test(name));
    expect(own.filter((name) => name !== "kustomization.yaml").sort()).toEqual(
      named.filter((name) => name.endsWith(".yaml")).sort(),
    );
  });

  it("call the program as it can be called", () => {
    const called = [...manifests, ...patches].flatMap((file) =>
      documentsOf(file)
        .filter(({ kind }) => kind === "DaemonSet" || kind === "CronJob")
        .map((document) => podSpecOf(document).containers[0].args),
    );
    expect(called.length).toBeGreaterThan(4);
    for (const args of called) {
      const program = buildProgram(
        processIo(async () => 0),
        () => {},
        args[0],
      );
      const command = program.commands.find((each) => each.name() === args[0]);
      expect(command, args.join(" ")).toBeDefined();
      const { unknown } = (command as NonNullable<typeof command>).parseOptions(args.slice(1));
      expect(unknown).toEqual([]);
    }
  });

  it("give pods no rights that they do not need", () => {
    expect(pods).toHaveLength(2);
    for (const { spec } of pods) {
      const [container] = spec.containers;
      expect(spec).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { seccompProfile: { type: "RuntimeDefault" } },
        nodeSelector: { "kubernetes.io/os": "linux" },
      });
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      for (const name of ["cpu", "memory"]) {
        expect(container.resources?.limits[name], name).toBeDefined();
        expect(container.resources?.requests[name], name).toBeDefined();
      }
      const volumes = new Set((spec.volumes ?? []).map(({ name }) => name));
      expect(container.volumeMounts.every(({ name }) => volumes.has(name))).toBe(true);
    }
  });

  it("mount the kubelet's folder read-only, and tolerate every taint", () => {
    const { spec } = pods.find(({ kind }) => kind === "DaemonSet") as (typeof pods)[number];
    expect(spec["tolerations"]).toEqual([{ operator: "Exists" }]);
    const [{ volumeMounts, args }] = spec.containers;
    expect(volumeMounts[0]).toEqual({
      name: "checkpoints",
      mountPath: args.at(-1),
      readOnly: true,
    });
  });
});
