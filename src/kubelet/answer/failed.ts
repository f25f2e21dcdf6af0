import { type Fault, RemoteError, TimeoutError } from "../../base/errors.ts";
import { diagnose, firstErrorLine, remedyOf } from "../../diagnose/diagnose.ts";
import { type Asked, nameOf, nodeOf } from "../asked.ts";
import type { Answer } from "../http/body.ts";
import { saying, statusOf } from "./status.ts";

/** 500: the kubelet passed on what the runtime, and CRIU below it, said. */
export function failed(asked: Asked, answer: Answer): Fault {
  if (statusOf(answer) !== undefined) {
    return new RemoteError({
      code: "api-server-failed",
      what: "the API server failed",
      found: saying(answer),
      next: "try again; if it stays so, its log says more",
    });
  }
  const text = answer.body;
  const [first] = diagnose(text);
  const what = `the checkpoint of ${nameOf(asked.target)} failed on ${nodeOf(asked)}`;
  const notes = stateNotes(asked);
  if (first === undefined) {
    return new RemoteError({
      code: "checkpoint-failed",
      what,
      found: firstErrorLine(text) ?? reason(text),
      next: "look into the log of the container runtime on that node (journalctl -u containerd, -u crio)",
      notes: firstErrorLine(text) === undefined ? notes : [...notes, `all of it: ${reason(text)}`],
    });
  }
  const { error, line } = first;
  // Where nothing but a consequence is known, CRIU's own first line says more than we do.
  const unknown = error.secondary === true ? firstErrorLine(text) : undefined;
  const Kind = error.id === "runtime-deadline" ? TimeoutError : RemoteError;
  return new Kind({
    code: error.id,
    what: unknown === undefined ? `${what}: ${error.cause}` : what,
    found: clipped(unknown ?? innermost(line)),
    next: remedyOf(error, text),
    notes,
  });
}

/** What stands between the brackets of `checkpointing of NAMES failed (…)`, on one line. */
function reason(text: string): string {
  const match = /^checkpointing of \S+ failed \(([\s\S]*)\)\s*$/.exec(text);
  return clipped((match?.[1] ?? text).trim().replace(/\s*\n\s*/g, " | "));
}

/** The line without what every such answer begins with. */
function innermost(line: string): string {
  const whole = /^checkpointing of \S+ failed \((.*)\)$/.exec(line)?.[1];
  const inner = whole ?? line.replace(/^checkpointing of \S+ failed \(/, "");
  return inner.replace(/^rpc error: code = Unknown desc = /, "");
}

const longest = 1200;

function clipped(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

function stateNotes({ containerState, target }: Asked): string[] {
  if (containerState === undefined || containerState === "running") return [];
  return [`the API says of ${target.container}: ${containerState}`];
}
