import { UsageError } from "../base/errors.ts";

/** What a person named: the namespace and the container may be left to be found. */
export interface NamedTarget {
  namespace: string | undefined;
  pod: string;
  container: string | undefined;
}

const label = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const podName =
  /^(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

/**
 * Reads `NAMESPACE/POD/CONTAINER`. With `-n` the namespace is left out: `POD/CONTAINER` or `POD`;
 * without it, two parts are `NAMESPACE/POD`, and one is a pod of the context's namespace.
 * @throws {UsageError} where a part cannot be a name of its kind.
 */
export function parseTarget(text: string, namespace: string | undefined): NamedTarget {
  const parts = text.split("/");
  if (parts.length > 3) throw malformed(text, "more than three parts");
  const target = namespace === undefined ? without(parts) : withNamespace(parts, namespace, text);
  if (target.namespace !== undefined) checkNamespace(target.namespace);
  if (!podName.test(target.pod)) throw malformed(text, `pod "${target.pod}"`);
  if (target.container !== undefined && !label.test(target.container)) {
    throw malformed(text, `container "${target.container}"`);
  }
  return target;
}

/** @throws {UsageError} where the text cannot be a namespace's name. */
export function checkNamespace(namespace: string): void {
  if (!label.test(namespace)) throw malformed(namespace, `namespace "${namespace}"`);
}

function without(parts: readonly string[]): NamedTarget {
  const [first = "", second, third] = parts;
  if (second === undefined) return { namespace: undefined, pod: first, container: undefined };
  return { namespace: first, pod: second, container: third };
}

function withNamespace(parts: readonly string[], namespace: string, text: string): NamedTarget {
  const [first = "", second = "", third] = parts;
  if (third === undefined) {
    return { namespace, pod: first, container: parts.length === 1 ? undefined : second };
  }
  if (first === namespace) return { namespace, pod: second, container: third };
  throw new UsageError({
    code: "target",
    what: "the target names another namespace than -n",
    found: `${text} and -n ${namespace}`,
    allowed: "one of the two",
    next: "cryoscope checkpoint --help",
  });
}

function malformed(text: string, found: string): UsageError {
  return new UsageError({
    code: "target",
    what: `${text === "" ? "an empty text" : text} names no container`,
    found,
    allowed: "NAMESPACE/POD/CONTAINER, or POD/CONTAINER with -n; names as Kubernetes has them",
    next: "cryoscope checkpoint --help",
  });
}
