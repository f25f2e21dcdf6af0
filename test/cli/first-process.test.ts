import { spawn, spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { command } from "../support/built.ts";

/** A process that is the first of its own namespace, as in a container; not everybody may make one. */
const first = ["unshare", "--fork", "--pid", "--map-root-user", "--kill-child"];
const possible = spawnSync(first[0] as string, [...first.slice(1), "true"]).status === 0;

describe.skipIf(!possible)("the first process of a container", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("ends at %s", async (signal, code) => {
    const [program = "", ...words] = first;
    // It is not heard before the command listens.
    const script = `(while sleep 0.1; do kill -${signal.slice(3)} 1; done) & exec "$1" "$2" inspect --permissions any -`;
    const child = spawn(program, [...words, "bash", "-c", script, "_", process.execPath, command], {
      stdio: ["pipe", "ignore", "pipe"],
      timeout: 20_000,
      killSignal: "SIGKILL",
    });
    const ended = await new Promise<number | null>((resolve) => child.on("close", resolve));
    expect(ended).toBe(code);
  });
});
