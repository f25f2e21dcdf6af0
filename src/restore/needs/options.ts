import type { NetworkNeeds } from "./network.ts";
import type { ObjectNeeds } from "./objects.ts";

/** An option that CRIU has to be given on restore. */
export interface CriuOptionNeed {
  /** As in CRIU's files of options: `tcp-established`, `ext-unix-sk`. */
  name:
    | "tcp-established"
    | "tcp-close"
    | "ext-unix-sk"
    | "file-locks"
    | "shell-job"
    | "enable-external-masters";
  /** Another option that serves as well, at another price; null where there is none. */
  instead: "tcp-close" | null;
  /** False: a restore works without, and loses something. */
  required: boolean;
  /** What it is for, a part of a sentence: `3 ends of TCP connections`. */
  why: string;
  evidence: string;
}

/** Options that follow from what sockets, locks and terminals there were. */
export function criuOptionNeeds(network: NetworkNeeds, objects: ObjectNeeds): CriuOptionNeed[] {
  const options: CriuOptionNeed[] = [];
  const { connections, closed, external } = network;
  const [connection] = connections;
  if (closed.value === true) {
    options.push(need("tcp-close", "the dump was made with it", closed.evidence));
  } else if (connection !== undefined) {
    const why = count(connections.length, "end of a TCP connection", "ends of TCP connections");
    options.push({ ...need("tcp-established", why, connection.evidence), instead: "tcp-close" });
  }
  const datagrams = external.filter(({ type }) => type === "dgram");
  if (datagrams[0] !== undefined) {
    const why = count(datagrams.length, "unix socket leads out", "unix sockets lead out");
    options.push(need("ext-unix-sk", why, datagrams[0].evidence));
  }
  const [lock] = objects.locks;
  if (lock !== undefined) {
    const why = count(objects.locks.length, "file lock", "file locks");
    options.push({ ...need("file-locks", why, lock.evidence), required: false });
  }
  const [terminal] = objects.terminals;
  if (terminal !== undefined) {
    const why = count(objects.terminals.length, "terminal from outside", "terminals from outside");
    options.push(need("shell-job", why, terminal.evidence));
  }
  const [slave] = objects.outsideSlaves;
  if (slave !== undefined) {
    options.push(need("enable-external-masters", `the mount ${slave.name}`, slave.evidence));
  }
  return options;
}

function need(name: CriuOptionNeed["name"], why: string, evidence: string): CriuOptionNeed {
  return { name, instead: null, required: true, why, evidence };
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
