import { type FileHandle, unlink } from "node:fs/promises";
import { createPrivateFile } from "../archive/private-file.ts";
import { type Fault, RefusedError } from "../base/errors.ts";
import { isRemote } from "../base/remote-name.ts";
import { quote } from "../base/shell.ts";
import { renderJson } from "../report/json.ts";
import { colourStyle, plainStyle } from "../report/style.ts";
import type { TableOptions } from "../report/table.ts";
import { renderYaml } from "../report/yaml.ts";
import type { Io } from "./io.ts";
import type { CommonOptions } from "./options.ts";

export type OutputFormat = "table" | "wide" | "json" | "yaml";

type OutputOptions = Pick<
  CommonOptions,
  "output" | "outputFile" | "headers" | "color" | "quiet" | "caFile" | "plainHttp"
>;

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
  await printPieces(await render(value, table, options, io), options.outputFile, io, options);
}

async function render(
  value: unknown,
  table: (options: TableOptions) => string,
  options: OutputOptions,
  io: Io,
): Promise<Iterable<string>> {
  if (options.output === "table" || options.output === "wide") {
    return [table(tableOptions(options, io))];
  }
  return renderDocument(value, options.output);
}

/** A value as a document for scripts, in pieces. */
export async function renderDocument(
  value: unknown,
  format: "json" | "yaml",
): Promise<Iterable<string>> {
  return format === "json" ? renderJson(value) : [await renderYaml(value)];
}

/** Where a result goes, piece by piece. */
export interface Output {
  /** False when nobody reads any more. */
  write: (piece: string | Uint8Array) => Promise<boolean>;
  close: () => Promise<void>;
  /** Takes back a file, which is not whole. */
  drop: () => Promise<void>;
}

/** How a result is sent elsewhere, and what it is. */
export type SendOptions = Pick<CommonOptions, "caFile" | "plainHttp"> & {
  output?: string;
  /** May it take the place of what is there? */
  replace?: boolean;
};

/**
 * Opens stdout; or a new private file that does not stay behind when the command is interrupted; or
 * an address, to which the result is sent when it is whole.
 * @param send where this result may leave the machine: memory may not.
 */
export async function openOutput(
  file: string | undefined,
  io: Io,
  send?: SendOptions,
): Promise<Output> {
  if (file === undefined) {
    return { write: (piece) => io.out.write(piece), close: async () => {}, drop: async () => {} };
  }
  if (isRemote(file)) {
    const { openUpload } = await import("./upload.ts");
    return openUpload(file, io, send);
  }
  const finish = (handle: FileHandle): Promise<void> => handle.close();
  return openWholeFile(file, io, finish, (error) => unwritten(file, error));
}

/**
 * Opens a new private file that stays only where it is whole: a part of a result would be taken for
 * the whole.
 * @param finish closes the file; disks far away say only then that they are full
 * @param unwritten what to throw of an error of the system
 */
export async function openWholeFile(
  path: string,
  io: Io,
  finish: (handle: FileHandle) => Promise<void>,
  unwritten: (error: NodeJS.ErrnoException) => Fault,
): Promise<Output> {
  const handle = await createPrivateFile(path);
  io.partial(path, "begun");
  /** Closed, and no longer ours. */
  let gone = false;
  const drop = async (): Promise<void> => {
    if (gone) return;
    gone = true;
    await handle.close().catch(() => {});
    await unlink(path).catch(() => {});
    io.partial(path, "done");
  };
  const orDrop = async (work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      await drop();
      throw unwritten(error as NodeJS.ErrnoException);
    }
  };
  return {
    write: async (piece) => {
      await orDrop(handle.appendFile(piece));
      return true;
    },
    close: async () => {
      if (gone) return;
      await orDrop(finish(handle));
      gone = true;
      io.partial(path, "done");
    },
    drop,
  };
}

function unwritten(
  file: string,
  { code = "no reason given" }: NodeJS.ErrnoException,
): RefusedError {
  return new RefusedError({
    code: "disk-full",
    what: `the result cannot be written to ${file}, and no part of it was left there`,
    where: { path: file },
    found: code,
    next: `make room, or choose a folder on another disk: df -h ${quote(file)}`,
  });
}

/** Writes pieces one by one until nobody reads any more. */
export async function writePieces(
  pieces: Iterable<string | Uint8Array>,
  output: Output,
): Promise<void> {
  for (const piece of pieces) if (!(await output.write(piece))) return;
}

/** Writes a result to stdout, or to a new private file. */
export async function printPieces(
  pieces: Iterable<string | Uint8Array>,
  file: string | undefined,
  io: Io,
  send?: SendOptions,
): Promise<void> {
  const output = await openOutput(file, io, send);
  try {
    await writePieces(pieces, output);
  } catch (error) {
    await output.drop();
    throw error;
  }
  await output.close();
}
