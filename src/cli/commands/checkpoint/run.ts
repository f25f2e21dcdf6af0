import { Fault, InterruptedError } from "../../../base/errors.ts";
import { sanitize } from "../../../base/text.ts";
import { nameOf } from "../../../kubelet/asked.ts";
import type { Plan, Planned } from "../../../kubelet/planned.ts";
import type { Outcome } from "../../../kubelet/route.ts";
import { type Job, schedule } from "../../../kubelet/schedule.ts";
import { renderCheckpoints } from "../../../report/checkpoint-view.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import { printResult } from "../../output.ts";
import { faultJson, faultText } from "../../print-fault.ts";
import { checkpointResult } from "./document.ts";
import { type Fetching, fetchAll, fetchingOf } from "./fetching.ts";
import { type CheckpointOptions, checkOptions, parallelOf, patienceOf } from "./options.ts";
import { makePlan } from "./plan.ts";
import { previewCheckpoints } from "./preview.ts";
import { Watch } from "./watch.ts";

export async function runCheckpoint(
  targets: readonly string[],
  options: CheckpointOptions,
  io: Io,
): Promise<number> {
  checkOptions(targets, options);
  // What is wrong with the times is said before a cluster is asked.
  patienceOf(options);
  const parallel = parallelOf(options);
  if (options.insecureSkipTlsVerify === true) {
    await io.err.write(
      "cryoscope: --insecure-skip-tls-verify: whoever answers is believed to be the kubelet, and is shown your token\n",
    );
  }
  const interrupt = new AbortController();
  const forget = io.onInterrupt(() => interrupt.abort());
  try {
    const fetching = await fetchingOf(options);
    const plan = await planned(targets, options, io, interrupt.signal);
    const patience = patienceOf(options, plan.kubeletPatience);
    if (options.dryRun === true) return await previewCheckpoints(plan, patience, options, io);
    const forScripts = options.output === "json" || options.output === "yaml";
    const quiet = options.quiet === true || (forScripts && !io.err.isTTY);
    const watch = new Watch(io, quiet, plan.planned.length);
    const jobs = plan.planned.map((planned): Job<Outcome> => {
      const { place, node } = planned;
      const means = {
        patience,
        clock: io,
        interrupted: interrupt.signal,
        turned: watch.turned.bind(watch),
      };
      return {
        node,
        container: nameOf(place.target),
        run: () => makeOne(planned, means, fetching, watch, io),
      };
    });
    const outcomes = await schedule(jobs, parallel, io, interrupt.signal);
    watch.wipe();
    return await tell(plan, outcomes, options, io);
  } finally {
    forget();
  }
}

async function planned(
  targets: readonly string[],
  options: CheckpointOptions,
  io: Io,
  interrupted: AbortSignal,
): Promise<Plan> {
  const plan = await makePlan(targets, options, io, interrupted).catch((error: unknown) => {
    // Whatever it ended in, the user wanted it to end.
    throw interrupted.aborted ? stoppedEarly() : error;
  });
  if (interrupted.aborted) throw stoppedEarly();
  return plan;
}

function stoppedEarly(): InterruptedError {
  return new InterruptedError({
    code: "interrupted",
    what: "you stopped before a kubelet was asked for anything: all containers are untouched",
  });
}

async function makeOne(
  { place, make, from }: Planned,
  means: Parameters<Planned["make"]>[0],
  fetching: Fetching | undefined,
  watch: Watch,
  io: Io,
): Promise<Outcome> {
  const startedAt = io.now();
  watch.begin(place);
  const result = await make(means).catch((error: unknown) => {
    if (error instanceof Fault) return error;
    throw error;
  });
  const endedAt = io.now();
  watch.end(place, "paths" in result ? "done" : "failed");
  const outcome = { place, startedAt, endedAt, result };
  if (fetching === undefined || !("paths" in result)) return outcome;
  const { interrupted } = means;
  const fetched = await fetchAll(result.paths, place, from, fetching, watch, io, interrupted);
  return { ...outcome, fetched };
}

/** Prints what was made, and says why the rest was not. One alone that failed is the command's own fault. */
async function tell(
  { planned, faults }: Plan,
  results: readonly (Outcome | undefined)[],
  options: CheckpointOptions,
  io: Io,
): Promise<number> {
  const outcomes = results.map((outcome, at) => outcome ?? notBegun(planned[at] as Planned, io));
  const failed = outcomes.flatMap(({ place, result }) =>
    "paths" in result ? [] : [{ name: nameOf(place.target), fault: result }],
  );
  const all = [...faults, ...failed, ...outcomes.flatMap(fetchFaults)];
  const [only] = all;
  if (only !== undefined && all.length === 1 && outcomes.length === failed.length) {
    throw only.fault;
  }
  await printResult(
    checkpointResult(outcomes, faults),
    (table) => {
      if (options.quiet !== true) return renderCheckpoints(outcomes, table);
      return pathsOf(outcomes)
        .map((path) => `${sanitize(path)}\n`)
        .join("");
    },
    options,
    io,
  );
  for (const { name, fault } of all) {
    const about = fault.detail.what.includes(name) ? undefined : name;
    await io.err.write(
      options.output === "json" ? faultJson(fault, io) : faultText(fault, io, about),
    );
  }
  await warnOfTwins(outcomes, io);
  return Math.max(exitCodes.fine, ...all.map(({ fault }) => exitCodes[fault.kind]));
}

function notBegun({ place }: Planned, io: Io): Outcome {
  const fault = new InterruptedError({
    code: "interrupted",
    what: `the checkpoint of ${nameOf(place.target)} was not begun: you stopped before`,
  });
  return { place, startedAt: io.now(), endedAt: io.now(), result: fault };
}

/** What the caller may open now: archives here where they were to be brought, else on the node. */
function pathsOf(outcomes: readonly Outcome[]): string[] {
  return outcomes.flatMap(({ result, fetched }) => {
    if (fetched === undefined) return "paths" in result ? result.paths : [];
    return fetched.flatMap((one) => ("path" in one ? one.path : []));
  });
}

/** What went wrong with archives that were made. */
function fetchFaults({ place, fetched = [] }: Outcome): Plan["faults"] {
  const name = nameOf(place.target);
  return fetched
    .flatMap((one) => ("path" in one ? one.faults : one))
    .map((fault) => ({ name, fault }));
}

/** Two archives of one name on one node are one archive. */
async function warnOfTwins(outcomes: readonly Outcome[], io: Io): Promise<void> {
  const seen = new Set<string>();
  for (const { place, result } of outcomes) {
    for (const path of "paths" in result ? result.paths : []) {
      const key = `${place.node ?? ""} ${path}`;
      if (seen.has(key)) {
        await io.err.write(
          `cryoscope: ${sanitize(path)} was written twice: the later checkpoint took the place of the earlier\n`,
        );
      }
      seen.add(key);
    }
  }
}
