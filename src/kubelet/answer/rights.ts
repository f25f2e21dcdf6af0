/** A right that somebody lacks. */
export interface MissingRight {
  /** As the cluster knows them: `dev`, `system:serviceaccount:shop:saver`. */
  user: string;
  verb: string;
  /** API group; empty for the core. */
  group: string;
  /** With the subresource: `nodes/proxy`. */
  resource: string;
  /** Undefined where the right holds for the whole cluster. */
  namespace?: string | undefined;
}

/** The roles and bindings that give rights to their users, as YAML for `kubectl apply -f -`. */
export function manifestOf(right: MissingRight): string {
  const cluster = right.namespace === undefined ? "Cluster" : "";
  const name = `cryoscope-${right.resource.replace("/", "-")}-${right.verb}`;
  const metadata = (named: string): string[] => [
    "metadata:",
    `  name: ${named}`,
    ...(right.namespace === undefined ? [] : [`  namespace: ${right.namespace}`]),
  ];
  return [
    "apiVersion: rbac.authorization.k8s.io/v1",
    `kind: ${cluster}Role`,
    ...metadata(name),
    "rules:",
    `- apiGroups: [${JSON.stringify(right.group)}]`,
    `  resources: [${JSON.stringify(right.resource)}]`,
    `  verbs: [${JSON.stringify(right.verb)}]`,
    "---",
    "apiVersion: rbac.authorization.k8s.io/v1",
    `kind: ${cluster}RoleBinding`,
    ...metadata(`${name}-${plainName(right.user)}`),
    "roleRef:",
    "  apiGroup: rbac.authorization.k8s.io",
    `  kind: ${cluster}Role`,
    `  name: ${name}`,
    "subjects:",
    ...subject(right.user),
    "",
  ].join("\n");
}

function subject(user: string): string[] {
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user);
  if (account !== null) {
    return ["- kind: ServiceAccount", `  name: ${account[2]}`, `  namespace: ${account[1]}`];
  }
  // A name may hold anything, and JSON's strings are YAML's.
  return [
    "- kind: User",
    "  apiGroup: rbac.authorization.k8s.io",
    `  name: ${JSON.stringify(user)}`,
  ];
}

function plainName(user: string): string {
  const plain = user.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return plain.replace(/^-+|-+$/g, "").slice(0, 60) || "user";
}

const ofApiServer =
  /User "((?:[^"\\]|\\.)*)" cannot (\S+) resource "([^"]+)" in API group "([^"]*)"(?: in the namespace "([^"]+)")?/;

/** The right that an API server's refusal names, or undefined where it names none. */
export function rightInStatus(message: string): MissingRight | undefined {
  const match = ofApiServer.exec(message);
  if (match === null) return undefined;
  const [, user = "", verb = "", resource = "", group = "", namespace] = match;
  return { user: unquoted(user), verb, resource, group, namespace };
}

function unquoted(text: string): string {
  return text.replace(/\\(["\\])/g, "$1");
}

const ofKubelet =
  /^Forbidden \(user=(.*), verb=(\w+), resource=(\w+), subresource(?:\(s\))?=\[?([\w/ ]*)\]?\)/;

/** The right that a kubelet's refusal names, or undefined where it names none. */
export function rightInText(body: string): MissingRight | undefined {
  const match = ofKubelet.exec(body);
  if (match === null) return undefined;
  const [, user = "", verb = "", resource = "", subresources = ""] = match;
  // Newer kubelets try several, and one is enough; for a checkpoint there is one.
  const [subresource = ""] = subresources.split(" ");
  return { user, verb, group: "", resource: `${resource}/${subresource}` };
}
