import type { LogOperation, Phase } from "./explanation.ts";
import type { LogLine } from "./line.ts";
import { dumpMarkers, type Marker, markerFinder, restoreMarkers, restoreParts } from "./markers.ts";
import { kept } from "./splitter.ts";

/** Phases that are kept: a dump has one for each process. */
const mostPhases = 1000;

const dumpMarker = markerFinder(dumpMarkers);
const restoreMarker = markerFinder(restoreMarkers);
const restorePart = markerFinder(restoreParts);

/** A phase that is under way; times in microseconds. */
interface Open {
  id: string;
  title: string;
  start: number;
  last: number;
  pid: number | null;
  comm: string | null;
  parts: Map<string, number>;
  part: { id: string; start: number } | undefined;
}

/** Reads from the stamps of a log what took how long. */
export class Timeline {
  readonly #phases: Phase[] = [];
  readonly #processes = new Map<number, Open>();
  #current: Open | undefined;
  #frozenFrom: number | undefined;
  #frozenTo: number | undefined;
  more = 0;

  see({ at, pid, message }: LogLine, operation: LogOperation): void {
    if (at === null) return;
    if (operation === "restore" && pid !== null) this.#seeProcess(at, pid, message);
    else this.#seeWhole(at, message, operation);
  }

  /** Seconds between the first process that was stopped and the moment when all went on. */
  frozenSeconds(): number | null {
    if (this.#frozenFrom === undefined || this.#frozenTo === undefined) return null;
    return Math.max(0, this.#frozenTo - this.#frozenFrom) / 1e6;
  }

  /** All phases, in the order in which they began. */
  end(): Phase[] {
    this.#close(this.#current?.last ?? 0);
    for (const open of this.#processes.values()) this.#keep(open, open.last);
    this.#processes.clear();
    // A zero phase says nothing, unless it is the one in which everything ended.
    return this.#phases.sort((a, b) => a.start - b.start);
  }

  #seeWhole(at: number, message: string, operation: LogOperation): void {
    this.#current ??= begun("start", "start", at);
    this.#current.last = Math.max(this.#current.last, at);
    const marker = operation === "restore" ? restoreMarker(message) : dumpMarker(message);
    if (marker === undefined) return;
    if (marker.part === true) startPart(this.#current, marker.id, at);
    else if (marker.id !== this.#current.id || marker.id === "process") {
      this.#close(at);
      this.#current = begunBy(marker, at, message);
    }
    if (marker.id === "freeze") this.#frozenFrom ??= at;
    if (marker.id === "unfreeze") this.#frozenTo ??= at;
  }

  #seeProcess(at: number, pid: number, message: string): void {
    let open = this.#processes.get(pid);
    if (open === undefined) {
      if (this.#processes.size >= mostPhases) {
        this.more += 1;
        return;
      }
      open = { ...begun("process", "process", at), pid };
      this.#processes.set(pid, open);
    }
    open.last = Math.max(open.last, at);
    const marker = restorePart(message);
    if (marker !== undefined) startPart(open, marker.id, at);
  }

  #close(at: number): void {
    if (this.#current !== undefined) this.#keep(this.#current, at);
    this.#current = undefined;
  }

  #keep(open: Open, end: number): void {
    if (this.#phases.length >= mostPhases) {
      this.more += 1;
      return;
    }
    endPart(open, end);
    const { id, title, start, pid, comm } = open;
    this.#phases.push({
      id,
      title,
      start: start / 1e6,
      duration: Math.max(0, end - start) / 1e6,
      pid,
      comm,
      parts: [...open.parts].map(([part, length]) => ({ id: part, duration: length / 1e6 })),
    });
  }
}

function begun(id: string, title: string, start: number): Open {
  const none = { pid: null, comm: null, part: undefined };
  return { id, title, start, last: start, parts: new Map(), ...none };
}

function begunBy({ id, title }: Marker, at: number, message: string): Open {
  const found = id === "process" ? /\(pid: (\d{1,10}) comm: (.{0,64})\)/.exec(message) : null;
  const open = begun(id, title, at);
  if (found === null) return open;
  return { ...open, pid: Number(found[1]), comm: kept(found[2] as string) };
}

function startPart(open: Open, id: string, at: number): void {
  if (open.id !== "process") return;
  endPart(open, at);
  open.part = { id, start: at };
}

/** A part that comes again, as memory does for each page table, counts together. */
function endPart(open: Open, at: number): void {
  const { part, parts } = open;
  if (part === undefined) return;
  parts.set(part.id, (parts.get(part.id) ?? 0) + Math.max(0, at - part.start));
  open.part = undefined;
}
