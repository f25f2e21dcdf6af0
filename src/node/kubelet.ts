import { maskCommand, masked, maskNamed } from "../base/mask.ts";
import type { Problem } from "../base/problem.ts";
import { type EffectiveKubelet, settingOf } from "../kubelet/config/effective.ts";
import { type KubeletFlag, parseFlags } from "../kubelet/config/flags.ts";
import type { CertificateFacts, FileFacts, KubeletFacts } from "./facts.ts";
import { certificateFacts, checkpointsFacts, fileFacts } from "./files.ts";
import type { Host } from "./host.ts";
import { k3sKubelet } from "./k3s.ts";
import { kubeletConfig } from "./kubelet-config.ts";
import type { HostProcess } from "./processes.ts";
import { findProgram, type Packages, versionOf } from "./programs.ts";
import { readUnit, type Unit } from "./unit.ts";

/** Where a kubelet keeps what it must remember, below its root folder. */
const stateFiles = [
  "cpu_manager_state",
  "memory_manager_state",
  "dra_manager_state",
  "allocated_pods_state",
  "actuated_pods_state",
  "pod_status_manager_state",
  "device-plugins/kubelet_internal_checkpoint",
];

/** How a kubelet was found and what it was started with. */
interface Started {
  from: "process" | "unit" | "k3s";
  pid: number | null;
  path: string | null;
  unit: Unit | undefined;
  flags: KubeletFlag[];
  files: string[];
  /** Its working folder. */
  folder: string;
}

/** The kubelet of a host, or null where there is no trace of one. */
export async function kubeletFacts(
  host: Host,
  processes: ReadonlyMap<string, HostProcess[]>,
  packages: Packages,
  problems: Problem[],
): Promise<KubeletFacts | null> {
  const started = await findKubelet(host, processes, problems);
  if (started === undefined) return null;
  const config = await kubeletConfig(host, started.flags, started.folder, problems);
  const version = await versionOf(host, started.path, packages, ["kubelet"]);
  return {
    from: started.from,
    pid: started.pid,
    path: started.path,
    version,
    unit: started.unit?.facts ?? null,
    flags: maskFlags(started.flags),
    configFiles: [...started.files, ...config.files],
    effective: config.effective ?? null,
    effectiveWhy: config.why,
    gates: null,
    ...(await below(host, config.effective)),
  };
}

async function findKubelet(
  host: Host,
  processes: ReadonlyMap<string, HostProcess[]>,
  problems: Problem[],
): Promise<Started | undefined> {
  const unit = readUnit(host, "kubelet.service");
  const running = processes.get("kubelet") ?? [];
  const process = running.find(({ elsewhere }) => elsewhere !== true) ?? running[0];
  if (process !== undefined) {
    noteOthers(running, process, problems);
    const folder = host.link(`/proc/${process.pid}/cwd`);
    return {
      from: "process",
      pid: process.pid,
      path: process.path ?? findProgram(host, "kubelet"),
      unit,
      flags: parseFlags(process.words.slice(1)),
      files: [],
      folder: folder.state === "found" ? folder.value : "/",
    };
  }
  const k3s = processes.get("k3s")?.[0];
  if (k3s !== undefined || (unit === undefined && findProgram(host, "k3s") !== null)) {
    const found = await k3sKubelet(host, k3s?.words ?? [], problems);
    const path = k3s?.path ?? findProgram(host, "k3s");
    return { from: "k3s", pid: k3s?.pid ?? null, path, folder: "/", ...found };
  }
  if (unit === undefined) return undefined;
  const path = unit.words[0] ?? null;
  const flags = parseFlags(unit.words.slice(1));
  return { from: "unit", pid: null, path, unit, flags, files: [], folder: "/" };
}

function noteOthers(
  running: readonly HostProcess[],
  chosen: HostProcess,
  problems: Problem[],
): void {
  const where = { path: `/proc/${chosen.pid}` };
  if (running.length > 1) {
    problems.push({
      severity: "note",
      code: "kubelets",
      message: `${running.length} kubelets run here; this is of pid ${chosen.pid}`,
      where,
    });
  }
  if (chosen.elsewhere === true) {
    problems.push({
      severity: "warning",
      code: "kubelet-elsewhere",
      message:
        "the kubelet runs in a mount namespace of its own, as in a container: its files may be others than those read here",
      where,
    });
  }
}

/** Values that are secret by their name, and headers, which carry tokens. */
function maskFlags(flags: readonly KubeletFlag[]): KubeletFlag[] {
  return flags.map(({ name, value }) => ({
    name,
    value: name === "manifest-url-header" ? masked : maskNamed(name, maskCommand([value])[0] ?? ""),
  }));
}

type Below = Pick<
  KubeletFacts,
  "runtimeSocket" | "certificates" | "stateFiles" | "sockets" | "checkpoints"
>;

/** What lies where the configuration says that it lies. */
async function below(host: Host, effective: EffectiveKubelet | undefined): Promise<Below> {
  if (effective === undefined) {
    return {
      runtimeSocket: null,
      certificates: [],
      stateFiles: [],
      sockets: [],
      checkpoints: null,
    };
  }
  const { rootDir, settings, checkpointsDir } = effective;
  const endpoint = settingOf(settings, "containerRuntimeEndpoint", "string") ?? "";
  const socket = endpoint.replace(/^unix:\/\//, "");
  const registered = host.list(`${rootDir}/plugins_registry`);
  const plugins = registered.state === "found" ? registered.value : [];
  const isThere = ({ state }: FileFacts): boolean => state !== "absent";
  return {
    runtimeSocket: socket.startsWith("/") ? fileFacts(host, socket) : null,
    certificates: await certificates(host, effective),
    stateFiles: stateFiles.map((name) => fileFacts(host, `${rootDir}/${name}`)).filter(isThere),
    sockets: [
      `${rootDir}/device-plugins/kubelet.sock`,
      `${rootDir}/pod-resources/kubelet.sock`,
      ...plugins
        .filter(({ kind }) => kind === "socket")
        .map(({ name }) => `${rootDir}/plugins_registry/${name}`),
    ].map((path) => fileFacts(host, path)),
    checkpoints: checkpointsFacts(host, checkpointsDir),
  };
}

async function certificates(
  host: Host,
  { certDir, settings }: EffectiveKubelet,
): Promise<CertificateFacts[]> {
  const given = (name: string): string => settingOf(settings, name, "string") ?? "";
  const rotated = `${certDir}/kubelet-server-current.pem`;
  const hasRotated = host.stat(rotated).state !== "absent";
  const serving = given("tlsCertFile") || (hasRotated ? rotated : `${certDir}/kubelet.crt`);
  const key = given("tlsPrivateKeyFile") || (hasRotated ? rotated : `${certDir}/kubelet.key`);
  const wanted: [string, CertificateFacts["role"]][] = [
    [`${certDir}/kubelet-client-current.pem`, "client"],
    [serving, "serving"],
    [key, "key"],
    [given("authentication.x509.clientCAFile"), "client-ca"],
  ];
  const found: CertificateFacts[] = [];
  for (const [path, role] of wanted) {
    if (path === "") continue;
    const facts = await certificateFacts(host, path, role);
    if (facts.state !== "absent" || role === "client-ca") found.push(facts);
  }
  return found;
}
