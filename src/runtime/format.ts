import type { Documents } from "./documents.ts";

/** How one container engine lays out its checkpoints: what tells them, and whose they are. */
export interface RuntimeFormat {
  /** What in the archive speaks for this engine; reads no more than it has to. */
  evidence(documents: Documents): Promise<Evidence[]>;
  /** Whose checkpoint it is, from the metadata that the engine writes. */
  identity(documents: Documents): Promise<Identity>;
}

/** A fact that speaks for an engine. Strong facts name it; weak ones are files that it writes. */
export interface Evidence {
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
