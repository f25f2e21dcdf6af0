import { type Problem, ProblemLog } from "../../base/problem.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Matcher } from "../matcher.ts";
import { defaultSecretLimits, SecretCollector, type SecretLimits } from "./collector.ts";
import type { Detector } from "./detector.ts";
import { detectors as allDetectors } from "./detectors.ts";
import { Examiner } from "./examine.ts";
import { searchFiles } from "./in-files.ts";
import { searchPages } from "./in-memory.ts";
import { namers } from "./named.ts";
import { probeOf } from "./probe.ts";
import { probeMatcher } from "./probe-matcher.ts";
import { searchProcessTexts } from "./process-texts.ts";
import { kernelLender } from "./scope.ts";
import type { Secret } from "./secret.ts";

export interface SecretOptions {
  /** Who looks; all detectors if it is not said. */
  detectors?: readonly Detector[];
  /** Ids of detectors that are left out, those among them that know a secret by its name. */
  without?: ReadonlySet<string>;
  /** Only the memory of these processes. */
  pids?: ReadonlySet<number>;
  /** Look through the pages of memory too? Command lines and environments are read anyway. */
  memory?: boolean;
  /** Look through what is not memory too: logs, metadata, queues, files? */
  everywhere?: boolean;
  /** Give the secrets themselves? */
  reveal?: boolean;
  /** Told of bytes that were looked at; ends the search by throwing. */
  progress?: (bytes: number) => void;
  limits?: Partial<SecretLimits>;
}

/** What a search for secrets found. */
export interface SecretReport {
  /** The gravest first, then in the order in which they were found: environments first. */
  secrets: Secret[];
  /** What could not be looked at. */
  problems: Problem[];
}

/**
 * Looks for secrets in the whole checkpoint, or a part of it. Each secret is told once, with its
 * places; of what several detectors know, the surest names it.
 */
export async function findSecrets(
  checkpoint: Checkpoint,
  options: SecretOptions = {},
): Promise<SecretReport> {
  const { without, progress = () => {}, memory = true, everywhere = true } = options;
  const { matcher, examiner, kernel } = prepared(options.detectors ?? allDetectors, without);
  examiner.rest();
  const problems = new ProblemLog();
  const collector = new SecretCollector({ ...defaultSecretLimits, ...options.limits }, problems);
  const search = {
    checkpoint,
    matcher,
    examiner,
    collector,
    problems,
    crowded: new Set<string>(),
    pids: options.pids,
    progress,
    asks: ({ id }: { id: string }) => !without?.has(id),
    kernel,
  };
  const texts = await searchProcessTexts(search);
  if (everywhere) await searchFiles(search);
  if (memory) await searchPages(search, texts);
  if (examiner.exhausted) {
    problems.add({
      severity: "warning",
      code: "secrets-crowded",
      message:
        "the policy's own detectors found too much to ask further; not all places were looked at",
    });
  }
  return { secrets: await collector.secrets(options.reveal === true), problems: problems.list() };
}

interface Prepared {
  matcher: Matcher;
  examiner: Examiner;
  kernel: (bytes: number) => Kernel;
}

/** An audit asks the same detectors of hundreds of archives. */
const known = new WeakMap<readonly Detector[], Map<string, Prepared>>();

function prepared(all: readonly Detector[], without: ReadonlySet<string> = new Set()): Prepared {
  const made = known.get(all) ?? new Map<string, Prepared>();
  known.set(all, made);
  const key = [...without].sort().join();
  const before = made.get(key);
  if (before !== undefined) return before;
  const detectors = all.filter(({ id, keywords }) => keywords.length > 0 && !without.has(id));
  const parts = {
    matcher: probeMatcher(detectors.map(probeOf)),
    examiner: new Examiner(detectors),
    kernel: kernelLender(),
  };
  made.set(key, parts);
  return parts;
}

/** Ids and titles of all detectors, those among them that know a secret by its name. */
export function detectorNames(): { id: string; title: string }[] {
  return [...allDetectors, ...namers].map(({ id, title }) => ({ id, title }));
}
