import { escapedText } from "../base/bytes.ts";
import { ArchiveError } from "../base/errors.ts";
import type { ProblemLog } from "../base/problem.ts";
import { AddressSpace } from "./address-space.ts";
import { readCore, type TaskCore, type TaskState } from "./core.ts";
import type { ImageFolder } from "./image-folder.ts";
import { parseImageName } from "./image-name.ts";
import { type MemoryLayout, readMemoryLayout } from "./memory-layout.ts";
import { type PageMap, readPageMap } from "./page-map.ts";
import { PageTables } from "./page-tables.ts";
import { ThreadIds } from "./process/thread-ids.ts";
import { readProcessTree, type TreeNode } from "./process-tree.ts";

/** A process of the dump: its place in the tree, its task and its memory. */
export interface CriuProcess extends TreeNode {
  comm: string | undefined;
  state: TaskState;
  exit: TaskCore["exit"];
  architecture: string | undefined;
  /** Arguments as the kernel would show them; undefined where their pages are not in the dump. */
  command: string[] | undefined;
  layout: MemoryLayout | undefined;
  pageMap: PageMap | undefined;
  /** Its memory by address, pages of the parent dump included; undefined where it has none. */
  space: AddressSpace | undefined;
}

/** Page size where no process says its own: that of x86-64. */
export const defaultPageSize = 4096;

/**
 * Reads every process. What is broken about one becomes a problem, and the rest of it is shown.
 * @param tables of pages, those of the dump before behind them
 */
export async function readProcesses(
  folder: ImageFolder,
  problems: ProblemLog,
  tables: PageTables = new PageTables({ folder, problems }),
): Promise<CriuProcess[]> {
  const tree = folder.open("pstree.img");
  if (tree === undefined) {
    noTree(folder, problems);
    return [];
  }
  const nodes = await attempt(folder, "pstree.img", problems, () =>
    readProcessTree(tree, folder.label("pstree.img"), problems),
  );
  const processes: CriuProcess[] = [];
  const threads = new ThreadIds(nodes ?? [], folder.label("pstree.img"), problems);
  for (const node of nodes ?? []) {
    processes.push(await readProcess(folder, node, threads, tables, problems));
  }
  return processes;
}

/** `criu pre-dump` writes pages and their tables alone; without a tree anything else is damaged. */
function noTree(folder: ImageFolder, problems: ProblemLog): void {
  const types = new Set([...folder.names()].map((name) => parseImageName(name)?.type));
  const where = { member: folder.label("pstree.img") };
  if (types.has("PAGEMAP") && !types.has("CORE") && !types.has("MM")) {
    const message =
      "this is a pre-dump: it holds pages and does not say of which processes; give it with --parent to the dump after it";
    problems.add({ severity: "note", code: "pre-dump", message, where });
    return;
  }
  const message = "there is no pstree.img, so no process can be shown";
  problems.add({ severity: "error", code: "no-process-tree", message, where });
}

async function readProcess(
  folder: ImageFolder,
  node: TreeNode,
  threadIds: ThreadIds,
  tables: PageTables,
  problems: ProblemLog,
): Promise<CriuProcess> {
  const core = await image(folder, `core-${node.pid}.img`, problems, readCore);
  const zombie = core?.state === "zombie";
  // CRIU leaves a zombie's thread list uninitialised, and writes no memory for it.
  const threads = zombie ? [node.pid] : threadIds.of(node);
  const layout = zombie
    ? undefined
    : await image(folder, `mm-${node.pid}.img`, problems, readMemoryLayout);
  const pageSize = layout?.pageSize ?? defaultPageSize;
  const pageMap = zombie
    ? undefined
    : await image(folder, `pagemap-${node.pid}.img`, problems, (source) =>
        readPageMap(source, pageSize),
      );
  const space =
    pageMap === undefined
      ? undefined
      : new AddressSpace(await tables.join(`pagemap-${node.pid}.img`, pageMap, pageSize), pageSize);
  const command = await attempt(folder, `mm-${node.pid}.img`, problems, () =>
    readCommand(layout, space),
  );
  return {
    ...node,
    threads,
    comm: core?.comm,
    state: core?.state ?? "unknown",
    exit: core?.exit,
    architecture: core?.architecture,
    command,
    layout,
    pageMap,
    space,
  };
}

/** Reads one image of a process; undefined, with a problem, where it is missing or broken. */
async function image<T>(
  folder: ImageFolder,
  name: string,
  problems: ProblemLog,
  read: (source: NonNullable<ReturnType<ImageFolder["open"]>>) => Promise<T>,
): Promise<T | undefined> {
  const source = folder.open(name);
  if (source !== undefined) return attempt(folder, name, problems, () => read(source));
  const member = folder.label(name);
  const message = `there is no ${name}, which its process needs`;
  problems.add({ severity: "error", code: "missing-image", message, where: { member } });
  return undefined;
}

async function attempt<T>(
  folder: ImageFolder,
  name: string,
  problems: ProblemLog,
  read: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    problems.addFault("broken-image", error, { member: folder.label(name) });
    return undefined;
  }
}

async function readCommand(
  layout: MemoryLayout | undefined,
  space: AddressSpace | undefined,
): Promise<string[] | undefined> {
  if (layout?.args === undefined) return undefined;
  const bytes = await space?.read(layout.args.start, layout.args.length);
  return bytes === undefined ? undefined : splitArguments(bytes);
}

/** Splits NUL-terminated strings, as in `/proc/PID/cmdline`. */
function splitArguments(bytes: Uint8Array): string[] {
  let end = bytes.length;
  // A program that writes over its arguments leaves NULs behind them.
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return end === 0 ? [] : escapedText(bytes.subarray(0, end)).split("\0");
}
