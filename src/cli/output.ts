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
  await printText(await render(value, table, options, io), options, io);
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

/** Writes the result to stdout, or to a new private file. */
export async function printText(
  text: string,
  options: Pick<OutputOptions, "outputFile">,
  io: Io,
): Promise<void> {
  if (options.outputFile === undefined) {
    await io.out.write(text);
    return;
  }
  const handle = await createPrivateFile(options.outputFile);
  io.partial(options.outputFile, "begun");
  try {
    await handle.writeFile(text);
  } finally {
    await handle.close();
    io.partial(options.outputFile, "done");
  }
}
