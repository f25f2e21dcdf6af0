import type { SecretFacts } from "../../state/audit-rows.ts";
import { type Field, fieldSection } from "../../view/fields.ts";
import { type Line, line, span } from "../../view/line.ts";
import { severitySpan } from "../../view/severity.ts";
import { placesScreen } from "../places/places-screen.ts";

export interface SecretArgument {
  path: string;
  fingerprint: string;
  title: string;
  /** Was it found with memory looked through? */
  memory: boolean;
}

const proofs = {
  checksum: "its checksum, which fits",
  structure: "its structure, which fits",
  form: "its form alone",
} as const;

function fields({ secret }: SecretFacts): Field[] {
  const { detector, proof, fingerprint, masked, value, facts } = secret;
  return [
    value === undefined ? ["shown as", masked] : ["secret", value, "warning"],
    ["detector", detector],
    ["told by", proofs[proof]],
    ...Object.entries(facts).map(([name, fact]): Field => {
      return [name, typeof fact === "object" ? fact.join(", ") : String(fact)];
    }),
    ["fingerprint", fingerprint],
  ];
}

/** One secret with every place where it lies. */
export const secretScreen = placesScreen<SecretArgument, SecretFacts>({
  crumb: "secret",
  question: ({ path, fingerprint, memory }, reveal) => ({
    of: "secret",
    path,
    fingerprint,
    memory,
    reveal,
  }),
  value: (answer) => (answer.of === "secret" ? answer.value : undefined),
  title: ({ title }, value): Line =>
    value === undefined
      ? line(span(title, "strong"))
      : line(severitySpan(value.secret.severity), "   ", span(title, "strong")),
  lines: (value, columns) => fieldSection("Secret", fields(value), columns),
  more: ({ secret }) => secret.morePlaces,
});
