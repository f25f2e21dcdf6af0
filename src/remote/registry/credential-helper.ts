import { UsageError } from "../../base/errors.ts";
import { isNoProgram } from "../../base/shell.ts";
import type { Credentials, Environment } from "./credentials.ts";

/** Helpers may ask a key ring, which may ask a person. */
const patience = 60_000;
const mostBytes = 64 * 1024;

/**
 * Asks `docker-credential-NAME get` for a registry's password (docker/docker-credential-helpers). No
 * shell is between us. Undefined where it knows none.
 * @throws {UsageError} where it is missing, fails or says something else.
 */
export async function askHelper(
  name: string,
  server: string,
  env: Environment,
  signal: AbortSignal,
): Promise<Credentials | undefined> {
  const program = `docker-credential-${name}`;
  // A path would run what the file's writer likes, from wherever he likes.
  if (!/^[\w.-]{1,64}$/.test(name))
    throw failed("docker-credential-…", "a name that is no plain one");
  const { code, out } = await run(program, `${server}\n`, env, signal);
  if (code !== 0) {
    if (/credentials not found/i.test(out)) return undefined;
    throw failed(program, `exit code ${code}`);
  }
  let answer: { Username?: unknown; Secret?: unknown } | null;
  try {
    answer = JSON.parse(out) as typeof answer;
  } catch {
    throw failed(program, "an answer that is no JSON");
  }
  const { Username: user, Secret: password } = answer ?? {};
  if (typeof user !== "string" || typeof password !== "string") {
    throw failed(program, "an answer without Username and Secret");
  }
  return user === "<token>" ? { identityToken: password } : { user, password };
}

async function run(
  program: string,
  input: string,
  env: Environment,
  signal: AbortSignal,
): Promise<{ code: number | null; out: string }> {
  const { spawn } = await import("node:child_process");
  return new Promise((resolve, reject) => {
    const child = spawn(program, ["get"], {
      env,
      stdio: ["pipe", "pipe", "ignore"],
      timeout: patience,
      signal,
    });
    let out = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (out.length < mostBytes) out += text;
    });
    child.on("error", ({ code = "", name }: NodeJS.ErrnoException) => {
      if (name === "AbortError") reject(signal.reason);
      else reject(failed(program, isNoProgram(code, program) ? "no such program" : code));
    });
    child.on("close", (code) => resolve({ code, out }));
    // It may end without reading.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

function failed(program: string, found: string): UsageError {
  return new UsageError({
    code: "credential-helper",
    what: `the credential helper ${program} gives no password`,
    found,
    allowed: "a program in PATH that answers with Username and Secret",
    next: `try it by hand: echo REGISTRY | ${program} get`,
  });
}
