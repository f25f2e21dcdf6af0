import { sanitize } from "../base/text.ts";
import { formatBytes } from "../base/units.ts";
import type { NodeDocument } from "../node/document.ts";
import type { CertificateFacts, Fact, FileFacts, KubeletFacts, NodeFacts } from "../node/facts.ts";
import { renderRemedies } from "./need-view.ts";
import { indent, narrower, renderSections, type Section } from "./sections.ts";
import { plainStyle } from "./style.ts";
import { type Column, renderFields, renderTable, type TableOptions } from "./table.ts";
import { renderAnswers, renderVerdicts } from "./verdict-view.ts";

/** Renders a node: the answers, every need, what to do, and what is known of it. */
export function renderNode(node: NodeDocument, options: TableOptions): string {
  const inner = narrower(options);
  const style = options.style ?? plainStyle;
  const { verdicts } = node;
  const sections: Section[] = [
    { title: "Answers", body: indent(renderAnswers(verdicts, inner)) },
    { title: "Needs", body: indent(renderVerdicts(verdicts.rows, inner)) },
    { title: "What to do", body: indent(renderRemedies(verdicts.rows, style)) },
    { title: "Node", body: renderFields(nodeFields(node), options) },
    ...apiSections(node, options),
    ...kubeletSections(node.kubelet, options),
    { title: "Programs", body: indent(renderTable(programs(node), programColumns, inner)) },
  ];
  return renderSections(sections, node.problems, options);
}

/** Lines of `-q`: needs that keep the node from a checkpoint. */
export function quietNode({ verdicts }: NodeDocument): string {
  return verdicts.checkpoint.because.map((id) => `${sanitize(id)}\n`).join("");
}

function show<T>({ value, evidence }: Fact<T>, words: (value: T) => string = String): string {
  return value === null ? `? ${evidence}` : words(value);
}

function nodeFields({ name, root, machine }: NodeFacts): [string, string][] {
  const fields: [string, string][] = [["Name", name ?? "–"]];
  if (root !== null && root !== "/") fields.push(["Root", root]);
  fields.push(
    ["System", show(machine.os)],
    ["Kernel", `${show(machine.kernel)}, ${show(machine.architecture)}`],
  );
  if (root === null) return fields;
  fields.push(
    ["Control groups", show(machine.cgroup)],
    ["SELinux", show(machine.selinux)],
    ["AppArmor", show(machine.apparmor, (on) => (on ? "on" : "off"))],
  );
  return fields;
}

function apiSections({ api }: NodeFacts, options: TableOptions): Section[] {
  if (api === null) return [];
  const inner = narrower(options);
  const fields: [string, string][] = [
    ["Addresses", api.addresses.map(({ type, address }) => `${address} (${type})`).join(", ")],
    ["Kubelet port", `${api.kubeletPort ?? "–"}`],
    ["Runtime", api.runtime ?? "–"],
    ["Allocatable", pairs(api.allocatable)],
    ["Labels", pairs(api.labels)],
    ["Taints", api.taints.map(({ key, effect }) => `${key}:${effect}`).join(", ") || "–"],
    ["Scheduling", api.unschedulable ? "off (cordoned)" : "on"],
    ["Lease", api.lease === null ? "–" : `renewed ${api.lease.renewedAt}`],
  ];
  const columns: Column<(typeof api.conditions)[number]>[] = [
    { title: "CONDITION", cell: ({ type }) => type },
    { title: "STATUS", cell: ({ status }) => status },
    { title: "SINCE", cell: ({ changedAt }) => changedAt ?? "–" },
    { title: "HEARTBEAT", cell: ({ heartbeatAt }) => heartbeatAt ?? "–", wide: true },
    { title: "REASON", cell: ({ reason }) => reason ?? "–" },
    { title: "MESSAGE", cell: ({ message }) => message ?? "", flexible: true },
  ];
  return [
    { title: "Cluster", body: renderFields(fields, options) },
    { title: "Conditions", body: indent(renderTable(api.conditions, columns, inner)) },
  ];
}

function pairs(entries: Record<string, string>): string {
  const words = Object.entries(entries).map(([key, value]) => `${key}=${value}`);
  return words.join(", ") || "–";
}

function kubeletSections(kubelet: KubeletFacts | null, options: TableOptions): Section[] {
  if (kubelet === null) return [];
  const inner = narrower(options);
  const { effective } = kubelet;
  // Defaults fill a screen; they are shown where somebody asks for all.
  const settings = (effective?.settings ?? []).filter(
    ({ origin }) => options.wide || (origin !== "default" && origin !== "configz"),
  );
  const columns: Column<(typeof settings)[number]>[] = [
    { title: "SETTING", cell: ({ name }) => name },
    { title: "VALUE", cell: ({ value }) => words(value), flexible: true },
    { title: "FROM", cell: ({ origin }) => origin, flexible: true },
  ];
  const files = [...kubelet.stateFiles, ...kubelet.sockets];
  const checkpoints = kubelet.checkpoints === null ? [] : [kubelet.checkpoints];
  return [
    { title: "Kubelet", body: renderFields(kubeletFields(kubelet), options) },
    { title: "Settings", body: table(settings, columns, inner) },
    { title: "Certificates", body: table(kubelet.certificates, certificateColumns, inner) },
    { title: "Files", body: table([...checkpoints, ...files], fileColumns, inner) },
  ];
}

/** An indented table, or nothing where there are no rows. */
function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  options: TableOptions,
): string {
  return rows.length === 0 ? "" : indent(renderTable(rows, columns, options));
}

function kubeletFields(kubelet: KubeletFacts): [string, string][] {
  const { pid, path, unit, effective, checkpoints, flags } = kubelet;
  const fields: [string, string][] = [
    ["Found as", pid === null ? kubelet.from : `${kubelet.from} ${pid}`],
    ["Version", show(kubelet.version)],
  ];
  if (path !== null) fields.push(["Program", path]);
  if (unit !== null) fields.push(["Unit", unit.files.join(", ")]);
  const environment = unit?.environmentFiles ?? [];
  if (environment.length > 0) {
    fields.push([
      "Environment",
      environment.map(({ path: file, state }) => `${file} (${state})`).join(", "),
    ]);
  }
  if (flags.length > 0) {
    fields.push(["Flags", flags.map(({ name, value }) => `--${name}=${value}`).join(" ")]);
  }
  fields.push(["Configuration", kubelet.configFiles.join(", ") || (kubelet.effectiveWhy ?? "–")]);
  if (effective !== null) fields.push(["Root folder", effective.rootDir]);
  if (checkpoints?.count != null) {
    const bytes = formatBytes(checkpoints.archiveBytes ?? 0);
    fields.push([
      "Checkpoints",
      `${checkpoints.count} archives of ${bytes} in ${checkpoints.path}`,
    ]);
  }
  return fields;
}

function words(value: unknown): string {
  return value === null || value === ""
    ? "–"
    : typeof value === "string"
      ? value
      : JSON.stringify(value);
}

const certificateColumns: Column<CertificateFacts>[] = [
  { title: "ROLE", cell: ({ role }) => role },
  { title: "PATH", cell: ({ path }) => path, flexible: true },
  { title: "MODE", cell: ({ mode }) => mode ?? "–" },
  {
    title: "ENDS",
    cell: ({ notAfter, why, state }) => notAfter ?? why ?? (state === "found" ? "" : state),
  },
  { title: "SUBJECT", cell: ({ subject }) => subject ?? "", flexible: true },
  { title: "ISSUER", cell: ({ issuer }) => issuer ?? "", wide: true },
];

const fileColumns: Column<FileFacts>[] = [
  { title: "FILE", cell: ({ path }) => path, flexible: true },
  { title: "KIND", cell: ({ kind, state }) => kind ?? state },
  { title: "MODE", cell: ({ mode }) => mode ?? "–" },
  { title: "OWNER", cell: ({ uid }) => (uid === null ? "–" : uid === 0 ? "root" : `uid ${uid}`) },
  {
    title: "SIZE",
    align: "right",
    cell: ({ bytes, kind }) => (bytes === null || kind !== "file" ? "–" : formatBytes(bytes)),
  },
];

interface Program {
  name: string;
  path: string | null;
  version: Fact<string>;
  note: string;
}

const programColumns: Column<Program>[] = [
  { title: "PROGRAM", cell: ({ name }) => name },
  { title: "VERSION", cell: ({ version }) => version.value ?? "–" },
  { title: "PATH", cell: ({ path }) => path ?? "–" },
  { title: "SETTINGS", cell: ({ note }) => note, flexible: true },
  { title: "EVIDENCE", cell: ({ version }) => version.evidence, wide: true },
];

function programs({ criu, engines, tools, source }: NodeFacts): Program[] {
  const found: Program[] = engines.map((engine) => ({
    name: engine.engine,
    path: engine.path,
    version: engine.version,
    note: [
      setting("criu", engine.criuSupport),
      setting("restore via create", engine.restoreViaCreate),
      setting("container level", engine.containerLevel),
      setting("default runtime", engine.defaultRuntime),
      engine.configFiles.join(", "),
    ]
      .filter((part) => part !== "")
      .join("; "),
  }));
  if (source === "api") return found;
  const options = criu.configFiles.map(
    ({ path, options: list }) => `${path}: ${list.map(({ name }) => name).join(" ")}`,
  );
  found.push({ name: "criu", path: criu.path, version: criu.version, note: options.join("; ") });
  for (const { name, path, version, checkpoint } of tools) {
    const able = checkpoint?.value;
    const note = able == null ? "" : able ? "with CRIU" : "without CRIU";
    found.push({ name, path, version, note });
  }
  return found;
}

function setting(name: string, { value }: Fact<unknown>): string {
  return value === null ? "" : `${name} ${String(value)}`;
}
