import { exactBytes, formatCount } from "../../../base/units.ts";
import type { FileFacts } from "../../state/rows.ts";
import { type Field, fieldSection } from "../../view/fields.ts";
import type { Line } from "../../view/line.ts";
import { factFields } from "../facts.ts";
import { queueLines } from "../queues.ts";

type File = FileFacts["file"];

/** Processes that are named; a hostile dump shares a file a hundred thousand times. */
const mostHolders = 100;

/** Everything that is known of an open file. */
export function fileLines({ file, queues }: FileFacts, columns: number): Line[] {
  return [
    ...fieldSection("Open file", identity(file), columns),
    ...fieldSection("Deleted", deleted(file), columns),
    ...fieldSection("Held by", held(file), columns),
    ...fieldSection("What it is", factFields(special(file)), columns),
    ...queueLines(queues, columns),
  ];
}

function identity(file: File): Field[] {
  const { mount, sizeBytes, position, owner } = file;
  return [
    ["name", file.name],
    ["kind", `${file.kind}, number ${file.id}`],
    ["type", file.type],
    ["path", file.path === file.name ? null : file.path],
    ["mount", mount === null ? null : `${mount.mountpoint} (${mount.fstype} ${mount.source})`],
    ["access", file.access],
    ["flags", file.flags.length === 0 ? null : file.flags.join(", ")],
    ["mode", file.mode],
    ["size", sizeBytes === null ? null : exactBytes(sizeBytes)],
    ["position", position === null ? null : formatCount(position)],
    ["outside", file.external ? "leads out of the container" : null],
    ["signals", owner === null ? null : `pid ${owner.pid}, signal ${owner.signal || "SIGIO"}`],
  ];
}

function deleted({ deleted: it }: File): Field[] {
  if (it === null) return [];
  if (it.how === "link") return [["kept as", it.path ?? "?"]];
  if (it.how === "process") return [["of", `process ${it.pid}, which has ended`]];
  const { sizeBytes, storedBytes, member } = it;
  return [
    ["content", member ?? "✗ missing in the archive", member === null ? "danger" : "plain"],
    ["size", sizeBytes === null ? null : exactBytes(sizeBytes)],
    ["stored", storedBytes === null ? null : exactBytes(storedBytes)],
    ["damage", it.complete || member === null ? null : "✗ not all of it can be read", "danger"],
    ["mode", it.mode],
    ["owner", it.uid === null ? null : `uid ${it.uid}, gid ${it.gid ?? "?"}`],
    ["modified", it.modifiedAt],
    ["links to", it.linkTarget],
    ["save", member === null ? null : "Ctrl-S writes the content to a file"],
  ];
}

function held({ holders, uses }: File): Field[] {
  const descriptors = holders.map(({ pid, fd }) => `pid ${pid} fd ${fd}`);
  const others = uses.map(({ pid, as }) => `pid ${pid} ${as === "map" ? "mapped" : as}`);
  const all = [...descriptors, ...others];
  const more = all.length > mostHolders ? ` and ${formatCount(all.length - mostHolders)} more` : "";
  return [
    [`${all.length}`, all.length === 0 ? "nobody" : all.slice(0, mostHolders).join(", ") + more],
  ];
}

/** What only files of one kind have. */
function special(file: File): Partial<File> {
  const { pipe, socket, eventfd, epoll, timer, signals, watches } = file;
  const { pidfd, memfd, terminal, tun, namespace, bpfMap } = file;
  return Object.fromEntries(
    Object.entries({
      pipe,
      socket,
      eventfd,
      epoll,
      timer,
      signals,
      watches,
      pidfd,
      memfd,
      terminal,
      tun,
      namespace,
      bpfMap,
    }).filter(([, value]) => value !== undefined),
  );
}
