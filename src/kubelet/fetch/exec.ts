import { isObject, valueAt } from "../../base/json-object.ts";
import { jsonOf } from "../answer/status.ts";
import type { Answer } from "../http/body.ts";
import type { Endpoint } from "../http/endpoint.ts";
import type { Means } from "../http/exchange.ts";
import type { DataPiece } from "./websocket/frames.ts";
import { messages, StreamFailure } from "./websocket/messages.ts";
import { upgrade } from "./websocket/upgrade.ts";

/** A container to run a program in. */
export interface ExecPlace {
  namespace: string;
  pod: string;
  container: string;
}

/** How a program in a container ended. */
export interface ExecEnd {
  /** Undefined where it did not even start. */
  exitCode: number | undefined;
  /** What Kubernetes says of it; empty where all went well. */
  message: string;
  /** The beginning of what it wrote to stderr. */
  stderr: string;
}

/** An API server's answer to who may not run something there. */
interface ExecRefusal {
  refusal: Answer;
}

const channels = { output: 1, errors: 2, status: 3 } as const;
/** v5 is what clients speak since 1.29, v4 what older servers know. */
const protocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"];
const mostErrors = 8 * 1024;
const mostStatus = 64 * 1024;

/**
 * Runs a program in a container and hands over what it writes to stdout, as it comes.
 * @param output is waited for, and so holds the program up.
 * @throws {StreamFailure} where the stream ends before the program is known to have ended.
 * @throws {ExchangeFailure} where there is no stream.
 */
export async function execInPod(
  api: Endpoint,
  { namespace, pod, container }: ExecPlace,
  command: readonly string[],
  output: (bytes: Uint8Array) => Promise<void> | void,
  means: Means,
): Promise<ExecEnd | ExecRefusal> {
  const query = new URLSearchParams([
    ...command.map((word): [string, string] => ["command", word]),
    ["container", container],
    ["stdout", "true"],
    ["stderr", "true"],
  ]);
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/exec?${query}`;
  const answer = await upgrade(api, path, protocols, means);
  if ("status" in answer) return { refusal: answer };
  const errors = new Kept(mostErrors);
  const status = new Kept(mostStatus);
  let channel = 0;
  for await (const piece of messages(answer, means)) {
    const bytes = piece.first ? piece.bytes.subarray(1) : piece.bytes;
    if (piece.first) channel = channelOf(piece);
    if (channel === channels.output) await output(bytes);
    else if (channel === channels.errors) errors.add(bytes);
    else status.add(bytes);
  }
  return endOf(status.text(), errors.text());
}

function channelOf({ opcode, bytes }: DataPiece): number {
  if (opcode !== 2)
    throw new StreamFailure("protocol", "a message of text, where bytes were agreed upon");
  const channel = bytes[0] ?? 0;
  if (channel >= channels.output && channel <= channels.status) return channel;
  throw new StreamFailure("protocol", `a message on channel ${channel}`);
}

/** The beginning of a stream that may have no end. */
class Kept {
  readonly #most: number;
  readonly #parts: Uint8Array[] = [];
  #size = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(bytes: Uint8Array): void {
    const part = bytes.subarray(0, this.#most - this.#size);
    if (part.length === 0) return;
    // The piece belongs to a buffer that is larger by far.
    this.#parts.push(Uint8Array.from(part));
    this.#size += part.length;
  }

  text(): string {
    return Buffer.concat(this.#parts).toString();
  }
}

/** The Status that ends every stream: success, or why not. */
function endOf(text: string, stderr: string): ExecEnd {
  const status = jsonOf(text);
  if (!isObject(status) || (status["status"] !== "Success" && status["status"] !== "Failure")) {
    throw new StreamFailure("cut", "the stream ended without the program's exit code");
  }
  if (status["status"] === "Success") return { exitCode: 0, message: "", stderr };
  const message = typeof status["message"] === "string" ? status["message"] : "";
  const causes = valueAt(status, "details", "causes");
  const cause = Array.isArray(causes)
    ? causes.find((entry) => isObject(entry) && entry["reason"] === "ExitCode")
    : undefined;
  const code = Number(isObject(cause) ? cause["message"] : Number.NaN);
  return { exitCode: Number.isInteger(code) && code !== 0 ? code : undefined, message, stderr };
}
