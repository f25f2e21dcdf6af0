import { RemoteError } from "../../base/errors.ts";
import type { Endpoint } from "../http/endpoint.ts";
import { type ExecEnd, type ExecPlace, execInPod } from "./exec.ts";
import type { FetchMeans, Source } from "./fetch.ts";
import { readerFolder } from "./reader-pod.ts";
import { execRefused } from "./refusals.ts";

/** Answers of stat and sha256sum are a line. */
const mostAnswer = 4096;

/** An archive that a pod on its node sees. */
export function podSource(
  api: Endpoint,
  place: ExecPlace,
  name: string,
  means: FetchMeans,
): Source {
  const file = `${readerFolder}/${name}`;
  const run = async (
    command: readonly string[],
    output: (bytes: Uint8Array) => Promise<void> | void,
  ): Promise<void> => {
    const end = await execInPod(api, place, command, output, means);
    if ("refusal" in end) throw execRefused(end.refusal);
    if (end.exitCode !== 0) throw failed(command[0] ?? "", end);
  };
  const ask = async (command: readonly string[], answer: RegExp): Promise<string> => {
    let text = "";
    await run(command, (bytes) => {
      text = `${text}${Buffer.from(bytes).toString("latin1")}`.slice(0, mostAnswer);
    });
    const match = answer.exec(text);
    if (match !== null) return match[1] as string;
    throw new RemoteError({
      code: "fetch-image",
      what: `${command[0]} in the pod does not answer as it does elsewhere`,
      found: text === "" ? "nothing" : text.slice(0, 200),
      next: "use an image with the usual tools, like busybox: --fetch-image",
    });
  };
  return {
    way: "pod",
    size: async () => Number(await ask(["stat", "-c", "%s", file], /^(\d{1,15})\s*$/)),
    copy: (output) => run(["cat", file], output),
    digest: () => ask(["sha256sum", file], /^\\?([0-9a-f]{64})\s/),
    remove: () => run(["rm", file], () => {}),
  };
}

/** A program that ran, or did not start, and said why. */
function failed(program: string, { exitCode, stderr, message }: ExecEnd): RemoteError {
  const found = [stderr.trim().replace(/\s*\n\s*/g, " | "), message]
    .filter((part) => part !== "")
    .join(" | ")
    .slice(0, 600);
  if (exitCode === undefined && /not found|no such file/i.test(found)) {
    return new RemoteError({
      code: "fetch-image",
      what: `the image of the pod has no ${program}`,
      found,
      allowed: "an image with cat, stat, sleep and sha256sum (busybox, any distribution)",
      next: "give another: --fetch-image IMAGE",
    });
  }
  if (/No such file/.test(stderr)) {
    return new RemoteError({
      code: "archive-gone",
      what: "the archive does not lie on the node any more",
      found,
      next: "see what removes archives there (an operator's retention, a cron job); checkpoint again",
    });
  }
  if (/Permission denied|Operation not permitted|Read-only/.test(stderr)) {
    return new RemoteError({
      code: "archive-forbidden",
      what: `the pod may not ${program === "rm" ? "remove" : "read"} the archive, though it is root there`,
      found,
      next: "SELinux or a user namespace is in the way: journalctl -t audit on the node; or use --fetch-command",
    });
  }
  return new RemoteError({
    code: "exec-failed",
    what: `${program} failed in the pod that reads the archive`,
    found: exitCode === undefined ? found : `exit code ${exitCode}: ${found}`,
    next: "look at the pod's node; or use --fetch-command",
  });
}
