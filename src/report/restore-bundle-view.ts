import { formatBytes, formatCount } from "../base/units.ts";
import type { RestoreBundle } from "../restore/bundle/bundle.ts";
import { indent, narrower, renderSections, type Section } from "./sections.ts";
import { type Column, renderTable, type TableOptions } from "./table.ts";

/** Renders a bundle that was written: what is in it, how it is restored, what to know before. */
export function renderRestoreBundle(bundle: RestoreBundle, options: TableOptions): string {
  const table = narrower(options);
  const bare = { ...table, headers: false };
  const sections: Section[] = [
    { title: "Bundle", body: indent(renderTable(facts(bundle), factColumns, bare)) },
    { title: "CRIU", body: indent(renderTable(bundle.options, optionColumns, bare)) },
    { title: "Mounts", body: indent(renderTable(bundle.mounts, mountColumns, table)) },
  ];
  const { setuid, notMade } = bundle.rootfs;
  if (notMade.length > 0) {
    sections.push({
      title: "Not made",
      body: indent(renderTable(notMade, notMadeColumns, bare)),
    });
  }
  if (setuid.length > 0) {
    const rows = setuid.map((path): Fact => ["", path]);
    sections.push({
      title: "With another user's rights",
      body: indent(renderTable(rows, factColumns, bare)),
    });
  }
  if (options.wide) {
    const external = bundle.external.filter(({ source }) => source !== null);
    sections.push(
      { title: "External mounts", body: indent(renderTable(external, externalColumns, table)) },
      { title: "config.json", body: indent(renderTable(bundle.config, changeColumns, table)) },
    );
  }
  return renderSections(sections, bundle.problems, options);
}

type Fact = [name: string, value: string];

function facts(bundle: RestoreBundle): Fact[] {
  const { rootfs, images, network } = bundle;
  const { base } = rootfs;
  const layers = base.layers === 0 ? "" : `, ${formatCount(base.layers)} layers`;
  return [
    ["Directory", bundle.directory],
    ["Restore", bundle.command],
    ["Runtime", bundle.runtime],
    ["Container", bundle.containerId],
    ["Base", `${base.path} (${base.form}${layers})`],
    [
      "Root",
      `${formatCount(rootfs.files)} files, ${formatBytes(rootfs.bytes)}, mode ${rootfs.mode}; ${formatCount(rootfs.removed)} removed`,
    ],
    ["Images", `${formatCount(images.files)} files, ${formatBytes(images.bytes)}`],
    ["Network", `${network.mode}; ${networks[network.dumped]}`],
  ];
}

const networks = {
  own: "the dump has one of its own",
  joined: "the dump had its pod's",
  host: "the dump had the node's",
} as const;

const factColumns: Column<Fact>[] = [
  { title: "", cell: ([name]) => name },
  // It is meant to be copied, so it is never cut.
  { title: "", cell: ([, value]) => value },
];

const optionColumns: Column<RestoreBundle["options"][number]>[] = [
  { title: "", cell: ({ option }) => option },
  { title: "", cell: ({ reason }) => reason, flexible: true },
];

const mountColumns: Column<RestoreBundle["mounts"][number]>[] = [
  { title: "DESTINATION", cell: ({ destination }) => destination },
  { title: "SHAPE", cell: ({ shape }) => shape },
  { title: "CONTENT", cell: ({ content }) => content ?? "empty" },
  { title: "WAS", cell: ({ was }) => was ?? "", flexible: true },
];

const notMadeColumns: Column<RestoreBundle["rootfs"]["notMade"][number]>[] = [
  { title: "", cell: ({ path }) => path },
  { title: "", cell: ({ type }) => type },
  { title: "", cell: ({ reason }) => reason, flexible: true },
];

const externalColumns: Column<RestoreBundle["external"][number]>[] = [
  { title: "KEY", cell: ({ key }) => key },
  { title: "SOURCE", cell: ({ source }) => source ?? "" },
  { title: "REASON", cell: ({ reason }) => reason, flexible: true },
];

const changeColumns: Column<RestoreBundle["config"][number]>[] = [
  { title: "FIELD", cell: ({ field }) => field },
  { title: "", cell: ({ action }) => action },
  { title: "REASON", cell: ({ reason }) => reason, flexible: true },
];
