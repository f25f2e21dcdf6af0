import { createPrivateFile } from "../archive/private-file.ts";
import { renderJson } from "../report/json.ts";
import { colourStyle, plainStyle } from "../report/style.ts";
import type { TableOptions } from "../report/table.ts";
import { renderYaml } from "../report/yaml.ts";
import type { Io } from "./io.ts";
import type { CommonOptions } from "./options.ts";

export type OutputFormat = "table" | "wide" | "json" | "yaml";

type OutputOptions = Pick<CommonOptions, "output" | "outputFile" | "headers" | "color" | "quiet">;

/** How tables are drawn for this call: nothing is cut where no terminal is. */
export function tableOptions(options: OutputOptions, io: Io): TableOptions {
  const toFile = options.outputFile !== undefined;
  const colour = !toFile && options.color && io.out.colour;
  return {
    headers: options.headers,
    wide: options.output === "wide",
    width: toFile || options.output === "wide" ? undefined : io.out.columns,
    style: colour ? colourStyle : plainStyle,
  };
}

/** Prints a result in the format that was asked for; `table` is only called for people's formats. */
export async function printResult(
  value: unknown,
  table: (options: TableOptions) => string,
  options: OutputOptions,
  io: Io,
): Promise<void> {
  await printWhole(await render(value, table, options, io), options.outputFile, io);
}

async function render(
  value: unknown,
  table: (options: TableOptions) => string,
  options: OutputOptions,
  io: Io,
): Promise<string> {
  if (options.output === "json") return renderJson(value);
  if (options.output === "yaml") return renderYaml(value);
  return table(tableOptions(options, io));
}

/** Where a result goes, piece by piece. */
export interface Output {
  /** False when nobody reads any more. */
  write: (piece: string | Uint8Array) => Promise<boolean>;
  close: () => Promise<void>;
}

/** Opens stdout, or a new private file that does not stay behind when the command is interrupted. */
export async function openOutput(file: string | undefined, io: Io): Promise<Output> {
  if (file === undefined) return { write: (piece) => io.out.write(piece), close: async () => {} };
  const handle = await createPrivateFile(file);
  io.partial(file, "begun");
  return {
    write: async (piece) => {
      await handle.appendFile(piece);
      return true;
    },
    close: async () => {
      await handle.close();
      io.partial(file, "done");
    },
  };
}

/** Writes a whole result to stdout, or to a new private file. */
export async function printWhole(
  result: string | Uint8Array,
  file: string | undefined,
  io: Io,
): Promise<void> {
  const output = await openOutput(file, io);
  try {
    await output.write(result);
  } finally {
    await output.close();
  }
}
