import { UsageError } from "../../base/errors.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import type { SecretReport } from "../../memory/secrets/find-secrets.ts";
import type { Secret, SecretPlace } from "../../memory/secrets/secret.ts";
import type { PlaceRow, SecretRow } from "../state/audit-rows.ts";
import type { Handler } from "./handler.ts";
import { searching } from "./hunt-progress.ts";
import { placeRow } from "./place-rows.ts";
import { SharedJobs, type Waiting } from "./shared-jobs.ts";

const reports = new SharedJobs<SecretReport>();

/** Secrets as they are: what is masked is masked when it is told, so that `v` searches nothing anew. */
function find(checkpoint: Checkpoint, memory: boolean, waiting: Waiting): Promise<SecretReport> {
  const make = async (progress: (bytes: number) => void): Promise<SecretReport> => {
    const { findSecrets } = await import("../../memory/secrets/find-secrets.ts");
    return findSecrets(checkpoint, { memory, reveal: true, progress });
  };
  return reports.ask(checkpoint, `${memory}`, make, waiting);
}

/** Secrets everywhere but in memory first, then in memory too, where that is asked for. */
export const answerSecrets: Handler<"secrets"> = async (
  { path, memory, reveal },
  services,
  call,
) => {
  const checkpoint = await services.checkpoints.get(path);
  const waiting = await searching(checkpoint, memory, call);
  const { secrets, problems } = await find(checkpoint, memory, waiting);
  const rows = secrets.map((secret) => secretRow(secret, reveal));
  return { rows, memory, searched: 0, total: 0, problems };
};

/** One secret of the search that was just made, with its places. */
export const answerSecret: Handler<"secret"> = async (
  { path, fingerprint, memory, reveal },
  services,
  { signal },
) => {
  const checkpoint = await services.checkpoints.get(path);
  const { secrets } = await find(checkpoint, memory, { signal, progress: () => {} });
  const found = secrets.find((secret) => secret.fingerprint === fingerprint);
  if (found === undefined) {
    throw new UsageError({ what: "the secret is not found any more", next: "go back" });
  }
  const { value, ...secret } = found;
  return {
    secret: reveal && value !== undefined ? { ...secret, value } : secret,
    places: found.places.map((place) => rowOfPlace(checkpoint, place)),
  };
};

function secretRow(secret: Secret, reveal: boolean): SecretRow {
  const { fingerprint, severity, title, masked, value, places, morePlaces } = secret;
  return {
    fingerprint,
    severity,
    title,
    shown: reveal ? (value ?? masked) : masked,
    places: places.length + morePlaces,
    where: [...new Set(places.map(({ kind }) => kindWords(kind)))].join(", "),
  };
}

const kindWords = (kind: SecretPlace["kind"]): string => kind.replaceAll("-", " ");

function rowOfPlace(checkpoint: Checkpoint, place: SecretPlace): PlaceRow {
  const { kind, pid, address, mapping, member, offset, parent, variable, encoding } = place;
  const notes = [
    kindWords(kind),
    variable,
    encoding === "ascii" ? undefined : encoding.toUpperCase(),
    parent === 0 ? undefined : `${parent} ${parent === 1 ? "dump" : "dumps"} before`,
  ];
  return placeRow(
    checkpoint,
    {
      ...(pid === undefined ? {} : { pid }),
      ...(address === undefined ? {} : { address }),
      ...(mapping === undefined ? {} : { mapping }),
      member,
      offset,
    },
    notes.filter((note) => note !== undefined).join(", "),
  );
}
