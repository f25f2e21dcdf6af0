/** A container, as the kubelet's path names it. */
export interface Target {
  namespace: string;
  pod: string;
  container: string;
}

/** A call as it was sent, and what is known around it: all that a message about it needs. */
export interface Asked {
  target: Target;
  /** Straight to the kubelet, or through the API server's node proxy. */
  route: "direct" | "proxy";
  /** Without anything secret. */
  url: string;
  /** Name of the node, where the API told it. */
  node?: string | undefined;
  /** `v1.36.2`, where the API told it. */
  kubeletVersion?: string | undefined;
  /** What the API says of the container now: `running`, `terminated (Completed)`. */
  containerState?: string | undefined;
}

/** `default/cart-0/app`. */
export function nameOf({ namespace, pod, container }: Target): string {
  return `${namespace}/${pod}/${container}`;
}

/** The node for people: its name, or where the call went. */
export function nodeOf({ node, url }: Asked): string {
  return node === undefined ? new URL(url).host : `node ${node}`;
}
