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

/** What kubectl calls pods; another kind of object has no container of its own. */
const podKinds = new Set(["pod", "pods", "po"]);

/**
 * Reads `NAMESPACE/POD/CONTAINER`. With `-n` the namespace is left out: `POD/CONTAINER` or `POD`;
 * without it, two parts are `NAMESPACE/POD`, and one is a pod of the context's namespace. `pod/NAME` is
 * kubectl's way to name a pod.
 * @param container of a target that names none.
 * @throws {UsageError} where a part cannot be a name of its kind.
 */
export function parseTarget(
  text: string,
  namespace: string | undefined,
  container?: string,
): NamedTarget {
  const target = inContainer(namedIn(text, namespace), container, text);
  if (target.namespace !== undefined) checkNamespace(target.namespace);
  if (!podName.test(target.pod)) throw malformed(text, `pod "${target.pod}"`);
  if (target.container !== undefined && !label.test(target.container)) {
    throw malformed(text, `container "${target.container}"`);
  }
  return target;
}

function namedIn(text: string, namespace: string | undefined): NamedTarget {
  const parts = text.split("/");
  if (parts.length > 3) throw malformed(text, "more than three parts");
  const [kind = "", name = ""] = parts;
  if (parts.length === 2 && podKinds.has(kind))
    return { namespace, pod: name, container: undefined };
  return namespace === undefined ? without(parts) : withNamespace(parts, namespace, text);
}

function inContainer(
  target: NamedTarget,
  container: string | undefined,
  text: string,
): NamedTarget {
  if (container === undefined || container === target.container) return target;
  if (target.container === undefined) return { ...target, container };
  throw contrary("container than -c", `${text} and -c ${container}`);
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
  throw contrary("namespace than -n", `${text} and -n ${namespace}`);
}

function contrary(than: string, found: string): UsageError {
  return new UsageError({
    code: "target",
    what: `the target names another ${than}`,
    found,
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
