/** Who made an archive. `criu` is a dump without a container engine's files beside it. */
export type Engine = "cri-o" | "containerd" | "podman" | "criu" | "unknown";

/** A fact that speaks for an engine. Strong facts name it; weak ones are files that it writes. */
export interface Evidence {
  engine: Engine;
  strong: boolean;
  /** For people: which file says what. */
  fact: string;
}

/** Whose checkpoint it is. Times as RFC 3339 texts, as the runtime wrote them. */
export interface Identity {
  id?: string;
  /** Name of the container in its pod, or Podman's name. */
  name?: string;
  pod?: string;
  namespace?: string;
  podUid?: string;
  /** Image as the user named it, as the runtime resolved it, and its id. */
  image?: string;
  imageRef?: string;
  imageId?: string;
  ociRuntime?: string;
  createdAt?: string;
  checkpointedAt?: string;
  restoredAt?: string;
  restored?: boolean;
}
