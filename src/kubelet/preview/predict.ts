import { isObject, type JsonObject, valueAt } from "../../base/json-object.ts";
import { met, type PreviewRow, unmet } from "./row.ts";

/** What in a pod often makes the dump of one of its containers fail. */
interface Trouble {
  id: string;
  what: string;
  needed: string;
  remedy: string;
  /** What shows it, or nothing. */
  sign: (spec: JsonObject, container: JsonObject) => string | undefined;
  /** It always fails. */
  certain?: true;
}

const troubles: readonly Trouble[] = [
  {
    id: "sandbox",
    what: "the container runs in the node's own kernel",
    needed: "runc or crun",
    remedy:
      "sandboxed runtimes (Kata, gVisor) have no checkpoints by the kubelet; use another runtimeClassName",
    sign: (spec) => {
      const name = text(spec["runtimeClassName"]);
      return /kata|gvisor|runsc|firecracker/i.test(name) ? `runtimeClassName ${name}` : undefined;
    },
    certain: true,
  },
  {
    id: "terminal",
    what: "no terminal leads outside",
    needed: "tty: false",
    remedy: "run it without tty: true",
    sign: (_spec, container) => (container["tty"] === true ? "tty: true" : undefined),
  },
  {
    id: "process-namespace",
    what: "it has processes of its own",
    needed: "neither shareProcessNamespace nor hostPID",
    remedy: "CRIU cannot save a process namespace without its first process; do without sharing",
    sign: (spec) => firstSet(spec, ["hostPID", "shareProcessNamespace"]),
  },
  {
    id: "host-namespaces",
    what: "it has a network and IPC of its own",
    needed: "neither hostNetwork nor hostIPC",
    remedy: "connections and semaphores of the node are not saved with it; do without",
    sign: (spec) => firstSet(spec, ["hostNetwork", "hostIPC"]),
  },
  {
    id: "devices",
    what: "it has no devices",
    needed: "no GPU and no other device",
    remedy:
      "NVIDIA GPUs need CRIU 4.0 or newer with its CUDA plugin and driver 570; most other devices cannot be saved while they are open",
    sign: (_spec, container) => devices(container),
  },
  {
    id: "sockets-of-the-node",
    what: "no socket of the node is mounted into it",
    needed: "no hostPath to a socket",
    remedy: "an open connection to it fails the dump; take the mount away or close it before",
    sign: socketMount,
  },
  {
    id: "privileged",
    what: "it is not privileged",
    needed: "privileged: false",
    remedy: "devices and mounts that come with it may fail the dump",
    sign: (_spec, container) =>
      valueAt(container, "securityContext", "privileged") === true ? "privileged: true" : undefined,
  },
];

/** Whether anything in a pod object predicts that the dump of a container fails. */
export function predict(pod: JsonObject, name: string): PreviewRow[] {
  const spec = isObject(pod["spec"]) ? pod["spec"] : {};
  const lists = ["containers", "initContainers", "ephemeralContainers"];
  const container = lists.flatMap((list) => objects(spec[list])).find((it) => it["name"] === name);
  return troubles.map(({ id, what, needed, remedy, sign, certain }) => {
    const need = { id, what, needed, required: certain === true };
    const found = sign(spec, container ?? {});
    return found === undefined ? met(need, "nothing against it") : unmet(need, found, remedy);
  });
}

function firstSet(spec: JsonObject, keys: readonly string[]): string | undefined {
  const key = keys.find((name) => spec[name] === true);
  return key === undefined ? undefined : `${key}: true`;
}

/** Names of extended resources have a domain: nvidia.com/gpu. */
function devices(container: JsonObject): string | undefined {
  const limits = valueAt(container, "resources", "limits");
  const extended = Object.keys(isObject(limits) ? limits : {}).filter((it) => it.includes("/"));
  const claims = objects(valueAt(container, "resources", "claims")).map(
    (it) => `claim ${text(it["name"])}`,
  );
  const block = objects(container["volumeDevices"]).map(
    (it) => `block device ${text(it["devicePath"])}`,
  );
  const all = [...extended, ...claims, ...block];
  return all.length === 0 ? undefined : all.join(", ");
}

function socketMount(spec: JsonObject, container: JsonObject): string | undefined {
  const sockets = new Map(
    objects(spec["volumes"]).flatMap((volume): [unknown, string][] => {
      const path = text(valueAt(volume, "hostPath", "path"));
      const type = text(valueAt(volume, "hostPath", "type"));
      return type === "Socket" || /\.sock$/.test(path) ? [[volume["name"], path]] : [];
    }),
  );
  const mounted = objects(container["volumeMounts"]).find((mount) => sockets.has(mount["name"]));
  return mounted === undefined ? undefined : `hostPath ${sockets.get(mounted["name"])}`;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
