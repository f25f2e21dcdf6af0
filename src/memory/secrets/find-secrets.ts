import { type Problem, ProblemLog } from "../../base/problem.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
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
  const detectors = (options.detectors ?? allDetectors).filter(({ id }) => !without?.has(id));
  const problems = new ProblemLog();
  const collector = new SecretCollector({ ...defaultSecretLimits, ...options.limits }, problems);
  const examiner = new Examiner(detectors);
  const search = {
    checkpoint,
    matcher: probeMatcher(detectors.filter(({ keywords }) => keywords.length > 0).map(probeOf)),
    examiner,
    collector,
    problems,
    pids: options.pids,
    progress,
    asks: ({ id }: { id: string }) => !without?.has(id),
    kernel: kernelLender(),
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

/** Ids and titles of all detectors, those among them that know a secret by its name. */
export function detectorNames(): { id: string; title: string }[] {
  return [...allDetectors, ...namers].map(({ id, title }) => ({ id, title }));
}
