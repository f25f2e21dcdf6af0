import { ProblemLog } from "../../base/problem.ts";
import type { Detector } from "../../memory/secrets/detector.ts";
import { detectors } from "../../memory/secrets/detectors.ts";
import { findSecrets } from "../../memory/secrets/find-secrets.ts";
import type { Secret, SecretPlace, SecretPlaceKind } from "../../memory/secrets/secret.ts";
import type { FindingPlace, Sighting } from "../finding.ts";
import { ownDetectors } from "../policy/own-detectors.ts";
import type { Policy } from "../policy/policy.ts";
import type { Subject } from "../subject.ts";

/** Those of the program and of the policy; the same list for each archive of an audit. */
const lists = new WeakMap<Policy, Promise<readonly Detector[]>>();

function detectorsOf(policy: Policy): Promise<readonly Detector[]> {
  const known = lists.get(policy);
  if (known !== undefined) return known;
  // Made before the archive of whoever asked first, so that the list is the same for all.
  const made = ownDetectors(policy.secrets.own).then((own) => [...own, ...detectors]);
  lists.set(policy, made);
  return made;
}

/** All secrets of the checkpoint, looked for once. */
function secretsOf(subject: Subject): Promise<readonly Secret[]> {
  return subject.once("secrets", async () => {
    const { checkpoint, policy, memory, reveal, progress } = subject;
    const { secrets, problems } = await findSecrets(checkpoint, {
      detectors: await detectorsOf(policy),
      without: new Set(policy.secrets.disabled),
      memory,
      reveal,
      ...(progress === undefined ? {} : { progress }),
    });
    const log = new ProblemLog();
    for (const problem of problems) log.add(problem);
    checkpoint.tell(log);
    return secrets;
  });
}

/**
 * One sighting for each secret whose most readable place is of these kinds, with all its places.
 * @param where completes `AWS secret access key ••••••••`: `in the log`
 */
export async function* secretsWhere(
  subject: Subject,
  kinds: readonly SecretPlaceKind[],
  where: (place: SecretPlace) => string,
): AsyncGenerator<Sighting> {
  for (const secret of await secretsOf(subject)) {
    const [first] = secret.places;
    if (first === undefined || !kinds.includes(first.kind)) continue;
    yield sightingOf(secret, where(first));
  }
}

function sightingOf(secret: Secret, where: string): Sighting {
  const { title, masked, value, fingerprint, detector, severity, proof, places } = secret;
  const count = places.length + secret.morePlaces;
  const more = count === 1 ? "" : `, and in ${count - 1} more ${count === 2 ? "place" : "places"}`;
  return {
    message: `${title}, ${value ?? masked}, ${where}${more}`,
    key: fingerprint,
    severity,
    places: places.map(placeOf),
    facts: { ...secret.facts, detector, proof, masked, places: count, ...(value && { value }) },
    secret: { fingerprint, detector },
  };
}

function placeOf({ member, offset, pid, address, mapping }: SecretPlace): FindingPlace {
  return {
    member,
    offset,
    ...(pid === undefined ? {} : { pid }),
    ...(address === undefined ? {} : { address }),
    ...(mapping === undefined ? {} : { mapping }),
  };
}
