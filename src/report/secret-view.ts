import { sanitize } from "../base/text.ts";
import type {
  SecretDocument,
  SecretList,
  SecretPlaceDocument,
} from "../memory/secrets/secret-list.ts";
import { renderProblems } from "./problems.ts";
import { plainStyle, type Style } from "./style.ts";
import type { TableOptions } from "./table.ts";

/** Places of a kind that are shown; all of them with `-o wide`. */
const fewPlaces = 3;

/**
 * Renders each secret in a block: how grave it is, what it is, its fingerprint, and where it lies,
 * the places that most people can read first.
 */
export function renderSecrets(
  list: SecretList,
  { wide, style = plainStyle }: Pick<TableOptions, "wide" | "style">,
): string {
  const blocks = list.items.map((secret) => renderSecret(secret, wide, style));
  const problems = renderProblems(list.problems, style);
  if (problems !== "") blocks.push(`Problems\n${problems}`);
  return blocks.join("\n");
}

function renderSecret(secret: SecretDocument, wide: boolean, style: Style): string {
  const { severity, detector, title, value, masked, fingerprint, places, morePlaces } = secret;
  const shown = sanitize(value ?? masked);
  const head = `${style.bold(severity.padEnd(8))}  ${style.bold(detector)}  ${shown}`;
  const lines = [
    `${title}${factsText(secret)}`,
    style.dim(`fingerprint ${fingerprint}`),
    ...byKind(places).map(([kind, all]) => `${kind.padEnd(13)} ${placesText(all, wide)}`),
  ];
  if (morePlaces > 0) lines.push(`and ${morePlaces} more ${morePlaces === 1 ? "place" : "places"}`);
  return [head, ...lines.map((line) => `          ${line}`), ""].join("\n");
}

function factsText({ facts }: SecretDocument): string {
  const texts = Object.entries(facts).map(
    ([name, value]) => `${sanitize(name)} ${sanitize(String(value))}`,
  );
  return texts.length === 0 ? "" : `: ${texts.join(", ")}`;
}

function byKind(places: readonly SecretPlaceDocument[]): [string, SecretPlaceDocument[]][] {
  const kinds = new Map<string, SecretPlaceDocument[]>();
  for (const place of places) {
    const list = kinds.get(place.kind) ?? [];
    list.push(place);
    kinds.set(place.kind, list);
  }
  return [...kinds];
}

function placesText(places: readonly SecretPlaceDocument[], wide: boolean): string {
  const shown = wide ? places : places.slice(0, fewPlaces);
  const rest = places.length - shown.length;
  return `${shown.map(placeText).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

function placeText(place: SecretPlaceDocument): string {
  const { pid, address, variable, mapping, member, offset, parent } = place;
  const before = parent === 0 ? "" : ` of parent ${parent}`;
  if (pid === null || address === null) return `${sanitize(member)}+${offset}${before}`;
  const name = variable ?? mapping ?? "";
  return `pid ${pid} ${address}${name === "" ? "" : ` ${sanitize(name)}`}${before}`;
}
