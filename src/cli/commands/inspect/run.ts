import { UsageError } from "../../../base/errors.ts";
import { type Inspection, inspect } from "../../../checkpoint/inspection.ts";
import {
  defaultSections,
  type InspectionSection,
  inspectionSections,
  renderInspection,
} from "../../../report/inspection-view.ts";
import type { Io } from "../../io.ts";
import { openTarget } from "../../open-target.ts";
import type { CommonOptions } from "../../options.ts";
import { printResult } from "../../output.ts";
import { verdict } from "../../verdict.ts";

export interface InspectCommandOptions extends CommonOptions {
  show?: string;
}

export async function runInspect(
  path: string,
  options: InspectCommandOptions,
  io: Io,
): Promise<number> {
  const sections = chosenSections(options.show);
  const checkpoint = await openTarget(path, options, io);
  try {
    const inspection = await inspect(checkpoint, {
      reveal: options.reveal === true,
      rootfs: sections.includes("rootfs"),
    });
    const whole = options.show === undefined || options.show === "all";
    const shown = whole ? inspection : only(inspection, sections);
    await printResult(
      shown,
      (table) =>
        options.quiet === true
          ? `${inspection.container.id ?? ""}\n`
          : renderInspection(inspection, sections, table),
      options,
      io,
    );
    return await verdict(inspection.problems, io);
  } finally {
    await checkpoint.close();
  }
}

function chosenSections(show: string | undefined): readonly InspectionSection[] {
  if (show === undefined) return defaultSections;
  if (show === "all") return inspectionSections;
  return show.split(",").map((word) => {
    const name = word.trim();
    const section = inspectionSections.find((known) => known === name);
    if (section !== undefined) return section;
    throw new UsageError({
      what: `there is no section ${JSON.stringify(name)}`,
      allowed: `${inspectionSections.join(", ")}, all`,
      next: "cryoscope inspect --help",
    });
  });
}

const keysOf: Record<InspectionSection, (keyof Inspection)[]> = {
  container: ["container", "fileName"],
  archive: ["archive"],
  runtime: ["runtime", "criu"],
  sizes: ["sizes"],
  statistics: ["criu"],
  processes: ["processes"],
  memory: ["memory"],
  mounts: ["mounts"],
  network: ["network"],
  annotations: ["annotations", "labels"],
  rootfs: ["rootfs"],
  problems: ["problems"],
};

/** The document with the chosen sections alone, which it names. Problems are never left out. */
function only(inspection: Inspection, sections: readonly InspectionSection[]): object {
  const keys = new Set<keyof Inspection>(["apiVersion", "kind", "problems"]);
  for (const section of sections) for (const key of keysOf[section]) keys.add(key);
  const { apiVersion, kind, ...parts } = Object.fromEntries(
    Object.entries(inspection).filter(([key]) => keys.has(key as keyof Inspection)),
  );
  return { apiVersion, kind, sections, ...parts };
}
