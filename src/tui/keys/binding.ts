import { keyLabel } from "./input.ts";

/** One line of the key table: keys, the command they mean, and what help says of it. */
export interface Binding {
  /** Key names; the first stands in hints. */
  keys: readonly string[];
  /** What the reducers know it as. */
  command: string;
  /** What it does, for the help. */
  help: string;
  /** A word or two for the bottom line; without it the binding is in the help only. */
  hint?: string;
  /** Changes something outside the screen, so it is absent under `--readonly`. */
  writes?: true;
}

/** Bindings that live together, under a heading of the help. */
export interface Scope {
  title: string;
  bindings: readonly Binding[];
}

/** The command that a key means in the scopes that are live; the first that binds it wins. */
export function commandOf(key: string, scopes: readonly Scope[]): string | undefined {
  for (const { bindings } of scopes) {
    const found = bindings.find(({ keys }) => keys.includes(key));
    if (found !== undefined) return found.command;
  }
  return undefined;
}

/** Key and word of each binding that has a hint, for the bottom line. */
export function hints(scopes: readonly Scope[]): { label: string; word: string }[] {
  return scopes.flatMap(({ bindings }) =>
    bindings.flatMap(({ keys, hint }) =>
      hint === undefined ? [] : [{ label: keyLabel(keys[0] ?? ""), word: hint }],
    ),
  );
}

/** The scopes without some keys, and without bindings that have no others. */
export function withoutKeys(scopes: readonly Scope[], taken: (key: string) => boolean): Scope[] {
  return scopes.map(({ title, bindings }) => ({
    title,
    bindings: bindings.flatMap((binding) => {
      const keys = binding.keys.filter((key) => !taken(key));
      return keys.length === 0 ? [] : [{ ...binding, keys }];
    }),
  }));
}

/** The scopes without what changes things. */
export function readonlyScopes(scopes: readonly Scope[]): Scope[] {
  return scopes.map(({ title, bindings }) => ({
    title,
    bindings: bindings.filter(({ writes }) => writes !== true),
  }));
}
