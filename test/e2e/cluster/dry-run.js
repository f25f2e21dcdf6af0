// The manifests of deploy/ through kubectl: each overlay is built by `kubectl kustomize`, and created with
// --dry-run=client, for which kubectl asks an API server which kinds there are. A server of ours answers
// that and nothing else. Field by field they are checked in test/deploy.
//
//   node test/e2e/cluster/dry-run.js        KUBECTL names a kubectl that is not in the PATH
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const deploy = fileURLToPath(new URL("../../../deploy/", import.meta.url));
const kubectl = process.env.KUBECTL ?? "kubectl";
if (spawnSync(kubectl, ["version", "--client"], { stdio: "ignore" }).status !== 0) {
  console.log("kubectl is not here: skipped");
  process.exit(0);
}

/** Kinds that the manifests use, with their plural names, and whether they are of a namespace. */
const kinds = {
  v1: [
    ["Namespace", "namespaces", false],
    ["ServiceAccount", "serviceaccounts", true],
    ["PersistentVolumeClaim", "persistentvolumeclaims", true],
  ],
  "apps/v1": [["DaemonSet", "daemonsets", true]],
  "batch/v1": [["CronJob", "cronjobs", true]],
  "networking.k8s.io/v1": [["NetworkPolicy", "networkpolicies", true]],
  "scheduling.k8s.io/v1": [["PriorityClass", "priorityclasses", false]],
  "rbac.authorization.k8s.io/v1": [
    ["ClusterRole", "clusterroles", false],
    ["ClusterRoleBinding", "clusterrolebindings", false],
  ],
};

function answerTo(path) {
  if (path === "/api") return { kind: "APIVersions", versions: ["v1"] };
  if (path === "/apis") {
    const groups = Object.keys(kinds).filter((version) => version !== "v1");
    return {
      kind: "APIGroupList",
      apiVersion: "v1",
      groups: groups.map((groupVersion) => {
        const [name, version] = groupVersion.split("/");
        const preferredVersion = { groupVersion, version };
        return { name, versions: [preferredVersion], preferredVersion };
      }),
    };
  }
  const groupVersion = path.replace(/^\/apis?\//, "");
  const resources = kinds[groupVersion]?.map(([kind, name, namespaced]) => {
    return { kind, name, singularName: kind.toLowerCase(), namespaced, verbs: ["create", "get"] };
  });
  return resources && { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources };
}

const strange = [];
const server = createServer(({ method, url }, response) => {
  const answer = method === "GET" ? answerTo(url.split("?")[0]) : undefined;
  if (answer === undefined) strange.push(`${method} ${url}`);
  response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
  response.end(JSON.stringify(answer ?? { kind: "Status", apiVersion: "v1", code: 404 }));
});
server.listen(0, "127.0.0.1");
await once(server, "listening");

const overlays = readdirSync(join(deploy, "audit/overlays")).map(
  (name) => `audit/overlays/${name}`,
);
let failed = false;
for (const folder of [...overlays, "checkpoint"]) {
  const child = spawn(kubectl, [
    "create",
    "--dry-run=client",
    "--validate=false",
    `--server=http://127.0.0.1:${server.address().port}`,
    "--kubeconfig=/dev/null",
    "-k",
    join(deploy, folder),
  ]);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (text += part));
  const [code] = await once(child, "close");
  const made = text.match(/ created \(dry run\)/g)?.length ?? 0;
  const good = code === 0 && made > 0;
  failed ||= !good;
  console.log(`${good ? "ok" : "FAILED"}  ${folder}: ${made} objects${good ? "" : `\n${text}`}`);
}
server.close();
if (strange.some((call) => !call.startsWith("GET /openapi"))) console.log(`asked: ${strange}`);
process.exit(failed ? 1 : 0);
