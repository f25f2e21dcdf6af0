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
  /** Different secrets of one kind, so that a flood of one hides no other. */
  alike: number;
  /** Places that are listed of each; the others are counted. */
  places: number;
}

export const defaultSecretLimits: SecretLimits = { secrets: 500, alike: 150, places: 100 };

/** Secrets of one kind that are kept although there are enough of others. */
const reserve = 3;

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
  /** How many are held of each kind. */
  readonly #alike = new Map<string, number>();
  /** Secrets that are held, as they are written where each was found first. */
  readonly #texts = new Set<string>();
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
    if (surety(sighted) > surety(held.sighted)) held.sighted = apart(sighted);
    for (const place of places) {
      held.count += 1;
      const list = held.places.get(place.kind) ?? [];
      if (list.length < this.#limits.places) list.push(place);
      held.places.set(place.kind, list);
    }
  }

  /**
   * Need a candidate not be judged, because there are enough of its kind and it is none of them?
   * Judging takes up to a millisecond, and a page of keys has a million of them.
   */
  passes(kind: string, secret: string): boolean {
    if (!this.#isFull(kind) || this.#texts.has(secret)) return false;
    this.#tellFull(kind);
    return true;
  }

  #isFull(kind: string): boolean {
    const { alike, secrets } = this.#limits;
    const most = this.#held.size >= secrets ? Math.min(reserve, alike) : alike;
    return (this.#alike.get(kind) ?? 0) >= Math.min(most, secrets);
  }

  #tellFull(kind: string): void {
    const { alike, secrets } = this.#limits;
    const what =
      this.#alike.get(kind) === alike
        ? `${alike} different secrets of the kind ${kind} are listed`
        : `${secrets} different secrets are listed`;
    this.#problems.add({
      severity: "warning",
      code: "too-many-secrets",
      message: `${what}; there are more, which are not`,
    });
  }

  #hold(identity: string, sighted: Sighted): Held | undefined {
    const { id } = sighted.by;
    if (this.#isFull(id)) {
      this.#tellFull(id);
      return undefined;
    }
    this.#alike.set(id, (this.#alike.get(id) ?? 0) + 1);
    const held: Held = { sighted: apart(sighted), places: new Map(), count: 0 };
    this.#held.set(copied(identity), held);
    this.#texts.add(held.sighted.secret);
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

/** V8 keeps the whole text alive of which a secret is a part; a copy of its own lets go of it. */
function apart(sighted: Sighted): Sighted {
  return { ...sighted, secret: copied(sighted.secret) };
}

function copied(text: string): string {
  return Buffer.from(text, "latin1").toString("latin1");
}

/** Characters that have to be left after a prefix, so that it tells nothing of the secret. */
const leastHidden = 8;

function maskedSecret(secret: string, prefix: number): string {
  return secret.length - prefix < leastHidden ? masked : `${secret.slice(0, prefix)}${masked}`;
}
