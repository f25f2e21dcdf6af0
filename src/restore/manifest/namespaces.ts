import type { PodFacts } from "./facts.ts";
import type { PodSpec } from "./pod.ts";
import type { Remarks } from "./remarks.ts";

type Shared = Pick<
  PodSpec,
  "hostNetwork" | "hostPID" | "hostIPC" | "hostUsers" | "shareProcessNamespace"
>;

/**
 * Which namespaces of the node, or of the pod, the container shares. CRI-O leaves out of spec.dump
 * what is the node's; containerd joins its sandbox by path, whatever that shares.
 */
export function podNamespaces(facts: PodFacts, remarks: Remarks): Shared {
  const shared: Shared = {};
  const namespaces = new Map(facts.needs.namespaces.map((need) => [need.type, need]));
  const lacks = (type: string): boolean => namespaces.get(type)?.from === "host";
  const none = (type: string): string =>
    `${namespaces.get(type)?.evidence}: it had no ${type} namespace of its own.`;
  if (lacks("network")) {
    shared.hostNetwork = true;
    remarks.note(["spec", "hostNetwork"], none("network"));
  }
  if (lacks("ipc") || sharesNodeMemory(facts)) {
    shared.hostIPC = true;
    const why = lacks("ipc") ? none("ipc") : "spec.dump binds the node's own /dev/shm.";
    remarks.note(["spec", "hostIPC"], why);
  }
  if (lacks("pid")) {
    shared.hostPID = true;
    remarks.decide(
      ["spec", "hostPID"],
      `${none("pid")} The process ids of the dump have to be free on the node.`,
    );
  } else if (namespaces.get("pid")?.from === "joined") {
    shared.shareProcessNamespace = true;
    remarks.decide(
      ["spec", "shareProcessNamespace"],
      "spec.dump joins a pid namespace by path: the pod's, or, with hostPID, the node's. The process ids of the dump have to be free in it.",
    );
  }
  const users = namespaces.get("user");
  if (users === undefined || users.from === "host") return shared;
  if (shared.hostNetwork ?? shared.hostIPC ?? shared.hostPID) {
    remarks.decide(
      ["spec"],
      `hostUsers: ${users.evidence} has a user namespace, which Kubernetes refuses to pods that share namespaces of the node.`,
    );
    return shared;
  }
  shared.hostUsers = false;
  remarks.note(["spec", "hostUsers"], `${users.evidence} has a user namespace.`);
  return shared;
}

function sharesNodeMemory({ mounts }: PodFacts): boolean {
  return mounts.some(({ need }) => need.kind === "shm" && need.source === "/dev/shm");
}
