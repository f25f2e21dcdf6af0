import type { Find } from "./campaign.ts";

/** A find as it is kept: a file of JSON that is named by what broke. */
export function findFile(find: Find, seed: number, number: number): { name: string; text: string } {
  const name = find.signature
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 80);
  const { signature, message } = find;
  const document = {
    found: signature,
    message: message.split("\n").slice(0, 12),
    run: { seed, case: number },
    case: find.case,
  };
  return { name: `${name}.json`, text: `${JSON.stringify(document, null, 2)}\n` };
}
