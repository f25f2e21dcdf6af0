import { UsageError } from "../../../base/errors.ts";
import { isRemote } from "../../../base/remote-name.ts";
import type { Io } from "../../io.ts";
import { type Output, openOutput } from "../../output.ts";
import type { AuditCommandOptions, AuditFormat, ReportTarget } from "./options.ts";

/** One form of a report, and where it goes. */
interface ReportOutput {
  format: AuditFormat;
  /** As `--output-file` would name it; undefined for stdout. */
  file: string | undefined;
  output: Output;
}

type Options = Pick<
  AuditCommandOptions,
  "output" | "outputFile" | "report" | "replace" | "outputMode" | "caFile" | "plainHttp"
>;

/** Names of a run, for places that have them in their names. */
interface RunNames {
  node: string;
  /** Milliseconds since 1970. */
  now: number;
}

/**
 * Opens all places where a report goes, before the work: what cannot be written is said at once.
 * None stays behind half written.
 */
export async function openReports(
  options: Options,
  names: RunNames,
  io: Io,
): Promise<ReportOutput[]> {
  const targets: (Omit<ReportTarget, "file"> & { file: string | undefined })[] = [
    { format: options.output, file: options.outputFile },
    ...(options.report ?? []),
  ];
  const opened: ReportOutput[] = [];
  try {
    for (const { format, file } of targets) {
      const place = file === undefined ? undefined : namedPlace(file, names);
      opened.push({ format, file: place, output: await open(place, format, options, io) });
    }
  } catch (error) {
    await dropAll(opened);
    throw error;
  }
  return opened;
}

/** The options of a call as they are for one of its outputs. */
export function optionsFor(
  { outputFile: _, ...options }: AuditCommandOptions,
  { format, file }: ReportOutput,
): AuditCommandOptions {
  return { ...options, output: format, ...(file === undefined ? {} : { outputFile: file }) };
}

/**
 * Writes each form to its place; one that cannot be written does not keep the others from theirs.
 * @throws what the first one that failed threw, when all others are written
 */
export async function writeReports(
  outputs: readonly ReportOutput[],
  render: (to: ReportOutput) => Promise<Pieces> | Pieces,
): Promise<void> {
  const failed: unknown[] = [];
  for (const to of outputs) {
    try {
      await write(await render(to), to.output);
      await to.output.close();
    } catch (error) {
      failed.push(error);
    }
  }
  if (failed.length > 0) throw failed[0];
}

type Pieces = Iterable<string> | AsyncIterable<string>;

/** Small pieces together. */
const pieceLength = 64 * 1024;

async function write(pieces: Pieces, output: Output): Promise<void> {
  let together = "";
  for await (const piece of pieces) {
    together += piece;
    if (together.length < pieceLength) continue;
    if (!(await output.write(together))) return;
    together = "";
  }
  await output.write(together);
}

/** Takes back what is not closed. */
export async function dropAll(outputs: readonly ReportOutput[]): Promise<void> {
  for (const { output } of outputs) await output.drop();
}

async function open(
  file: string | undefined,
  format: AuditFormat,
  options: Options,
  io: Io,
): Promise<Output> {
  if (file === undefined || isRemote(file) || options.replace !== true) {
    return openOutput(file, io, { ...options, output: format });
  }
  const { openReplacement } = await import("../../replaced-file.ts");
  return openReplacement(file, Number.parseInt(options.outputMode ?? "600", 8), io);
}

/** `{node}` and `{time}` in the name of a place: what one run writes, another does not meet. */
function namedPlace(file: string, { node, now }: RunNames): string {
  const time = new Date(now)
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replace(/[-:]/g, "");
  const safe = node.replace(/[^A-Za-z0-9._-]/g, "_").replace(/^\.+/, "_");
  return file.replaceAll("{node}", safe).replaceAll("{time}", time);
}

/** What would be misunderstood, or fail only after the work. */
export function checkOutputs({ replace, outputFile, outputMode, report = [] }: Options): void {
  const files = [outputFile, ...report.map(({ file }) => file)].filter((it) => it !== undefined);
  if (replace === true && files.length === 0) {
    throw new UsageError({ what: "--replace needs a file", next: "add --output-file FILE" });
  }
  if (outputMode !== undefined && replace !== true) {
    throw new UsageError({
      what: "--output-mode is for files that are replaced",
      next: "add --replace: a new file is always 0600",
    });
  }
  const twice = files.find((file, at) => files.indexOf(file) !== at);
  if (twice === undefined) return;
  throw new UsageError({
    what: "two reports would go to one place",
    found: twice,
    next: "give each its own name",
  });
}
