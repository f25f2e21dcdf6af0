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

/** What a role allows. */
export interface Rule {
  group: string;
  resource: string;
  verbs: readonly string[];
}

/** The role and binding that give a right to its user, as YAML for `kubectl apply -f -`. */
export function manifestOf({ user, verb, group, resource, namespace }: MissingRight): string {
  const name = `cryoscope-${resource.replace("/", "-")}-${verb}`;
  return roleManifest(name, user, namespace, [{ group, resource, verbs: [verb] }]);
}

/**
 * A role and its binding to a user, as YAML.
 * @param namespace undefined for the whole cluster.
 */
export function roleManifest(
  name: string,
  user: string,
  namespace: string | undefined,
  rules: readonly Rule[],
): string {
  const cluster = namespace === undefined ? "Cluster" : "";
  const metadata = (named: string): string[] => [
    "metadata:",
    `  name: ${named}`,
    ...(namespace === undefined ? [] : [`  namespace: ${namespace}`]),
  ];
  return [
    "apiVersion: rbac.authorization.k8s.io/v1",
    `kind: ${cluster}Role`,
    ...metadata(name),
    "rules:",
    ...rules.flatMap(({ group, resource, verbs }) => [
      `- apiGroups: [${JSON.stringify(group)}]`,
      `  resources: [${JSON.stringify(resource)}]`,
      `  verbs: [${verbs.map((verb) => JSON.stringify(verb)).join(", ")}]`,
    ]),
    "---",
    "apiVersion: rbac.authorization.k8s.io/v1",
    `kind: ${cluster}RoleBinding`,
    ...metadata(`${name}-${plainName(user)}`),
    "roleRef:",
    "  apiGroup: rbac.authorization.k8s.io",
    `  kind: ${cluster}Role`,
    `  name: ${name}`,
    "subjects:",
    ...subject(user),
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
