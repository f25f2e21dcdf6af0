import { formatBytes } from "../base/units.ts";
import type { RestoreImage } from "../restore/image/image-document.ts";
import { indent, narrower, renderSections, type Section } from "./sections.ts";
import { plainStyle, type Style } from "./style.ts";
import { type Column, renderTable, type TableOptions } from "./table.ts";

/** Renders an image that was written or pushed: what it is, who can restore it, what it bears. */
export function renderRestoreImage(image: RestoreImage, options: TableOptions): string {
  const style = options.style ?? plainStyle;
  const table = { ...narrower(options), headers: false };
  const sections: Section[] = [
    { title: "Image", body: indent(renderTable(facts(image), factColumns, table)) },
    {
      title: "Restored by",
      body: indent(renderTable(image.restorers, restorerColumns(style), table)),
    },
  ];
  if (options.wide) {
    const body = indent(renderTable(image.annotations, annotationColumns, table));
    sections.push({ title: "Annotations", body });
  }
  return renderSections(sections, image.problems, options);
}

type Fact = [name: string, value: string];

function facts(image: RestoreImage): Fact[] {
  const { layer, manifest, config, destination, pushed, platform } = image;
  const rows: Fact[] = [
    ["Name", image.name],
    ["Platform", `${platform.os}/${platform.architecture}`],
  ];
  if (destination !== null) {
    rows.push([
      "Written",
      `${destination.form}:${destination.path} (${formatBytes(destination.sizeBytes)})`,
    ]);
  }
  if (pushed !== null) {
    rows.push(["Pushed", `${pushed.reference} (${formatBytes(pushed.sentBytes)} sent)`]);
  }
  if (destination?.form !== "docker-archive" || pushed !== null) {
    rows.push(["Manifest", manifest.digest]);
  }
  rows.push(
    ["Configuration", config.digest],
    ["Layer", layer.digest],
    ["", `${formatBytes(layer.sizeBytes)}, ${compressions[layer.compression]}`],
    [
      "Annotations",
      `${image.annotations.length}${image.annotations.length === 0 ? "" : " (-o wide shows them)"}`,
    ],
  );
  return rows;
}

const compressions = { none: "not compressed", gzip: "gzip", zstd: "zstd" } as const;

const factColumns: Column<Fact>[] = [
  { title: "", cell: ([name]) => name },
  // It is meant to be copied, so it is never cut.
  { title: "", cell: ([, value]) => value },
];

function restorerColumns(style: Style): Column<RestoreImage["restorers"][number]>[] {
  return [
    {
      title: "",
      cell: ({ restores }) => (restores ? "✓" : "✗"),
      paint: (text, { restores }) => (restores ? style.green(text) : style.red(text)),
    },
    { title: "", cell: ({ engine }) => engine },
    {
      title: "",
      cell: ({ restores, because }) => `${because}${restores ? "" : ", which this archive lacks"}`,
      flexible: true,
    },
  ];
}

const annotationColumns: Column<RestoreImage["annotations"][number]>[] = [
  { title: "", cell: ({ key }) => key },
  { title: "", cell: ({ value }) => value, flexible: true },
  { title: "", cell: ({ source }) => source, flexible: true },
];
