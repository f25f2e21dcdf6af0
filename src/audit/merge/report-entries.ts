import { Fault } from "../../base/errors.ts";
import { JsonCutter } from "./json-cutter.ts";
import { entryParts, type ReadEntry, readEntry } from "./read-report.ts";
import type { SurveyedReport } from "./survey.ts";

/**
 * Reads the entries of a report again, in its order.
 * @throws Fault where a report that was whole is not any more
 */
export async function* readEntries(report: SurveyedReport): AsyncGenerator<ReadEntry> {
  const { file, offset, held, whole } = report;
  const cutter = new JsonCutter(entryParts);
  const chunks = held === null ? file.read(file.seekable ? offset : 0) : held.read();
  try {
    for await (const chunk of chunks) {
      for (const cut of cutter.push(chunk)) {
        if (cut.kind === "item") yield readEntry(cut);
        if (cut.kind === "end") return;
      }
    }
  } catch (error) {
    // How far it goes was told when it was read first.
    if (whole || !(error instanceof Fault) || error.detail.code === "report-changed") throw error;
  }
}
