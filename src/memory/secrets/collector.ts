import { masked } from "../../base/mask.ts";
import type { ProblemLog } from "../../base/problem.ts";
import type { Sighted } from "./examine.ts";
import { secretFingerprint } from "./fingerprint.ts";
import { surety } from "./overlaps.ts";
import { type Secret, type SecretPlace, type SecretPlaceKind, secretPlaceKinds } from "./secret.ts";

/** What is kept of the secrets of one archive. */
export interface SecretLimits {
  /** Different secrets; each costs ten milliseconds for its fingerprint. */
  secrets: number;
  /** Places that are listed of each; the others are counted. */
  places: number;
}

export const defaultSecretLimits: SecretLimits = { secrets: 1000, places: 100 };

interface Held {
  sighted: Sighted;
  /** By kind, so that memory does not push out the log that everybody reads. */
  places: Map<SecretPlaceKind, SecretPlace[]>;
  count: number;
}

const severities = ["critical", "high", "medium", "low", "info"];

/** Puts together what was found: each secret once, with its places. */
export class SecretCollector {
  readonly #held = new Map<string, Held>();
  readonly #limits: SecretLimits;
  readonly #problems: ProblemLog;

  constructor(limits: SecretLimits, problems: ProblemLog) {
    this.#limits = limits;
    this.#problems = problems;
  }

  add(sighted: Sighted, places: readonly SecretPlace[]): void {
    const identity = sighted.judgement.identity ?? sighted.secret;
    const held = this.#held.get(identity) ?? this.#hold(identity, sighted);
    if (held === undefined) return;
    if (surety(sighted) > surety(held.sighted)) held.sighted = sighted;
    for (const place of places) {
      held.count += 1;
      const list = held.places.get(place.kind) ?? [];
      if (list.length < this.#limits.places) list.push(place);
      held.places.set(place.kind, list);
    }
  }

  #hold(identity: string, sighted: Sighted): Held | undefined {
    if (this.#held.size >= this.#limits.secrets) {
      this.#problems.add({
        severity: "warning",
        code: "too-many-secrets",
        message: `there are more than ${this.#limits.secrets} different secrets; the rest is not listed`,
      });
      return undefined;
    }
    const held: Held = { sighted, places: new Map(), count: 0 };
    this.#held.set(identity, held);
    return held;
  }

  /** All secrets, the gravest first, then in the order in which they were found. */
  async secrets(reveal: boolean): Promise<Secret[]> {
    const all = await Promise.all(
      Array.from(this.#held, ([identity, held]) => this.#secret(identity, held, reveal)),
    );
    const rank = ({ severity }: Secret): number => severities.indexOf(severity);
    return all.sort((a, b) => rank(a) - rank(b));
  }

  async #secret(identity: string, held: Held, reveal: boolean): Promise<Secret> {
    const { by, judgement, secret, prefix } = held.sighted;
    const places = secretPlaceKinds
      .flatMap((kind) => held.places.get(kind) ?? [])
      .slice(0, this.#limits.places);
    return {
      detector: by.id,
      title: by.title,
      group: by.group,
      severity: judgement.severity ?? by.severity,
      proof: judgement.proof,
      facts: judgement.facts ?? {},
      fingerprint: await secretFingerprint(identity),
      masked: maskedSecret(secret, prefix),
      ...(reveal ? { value: secret } : {}),
      places,
      morePlaces: held.count - places.length,
    };
  }
}

/** Characters that have to be left after a prefix, so that it tells nothing of the secret. */
const leastHidden = 8;

function maskedSecret(secret: string, prefix: number): string {
  return secret.length - prefix < leastHidden ? masked : `${secret.slice(0, prefix)}${masked}`;
}
