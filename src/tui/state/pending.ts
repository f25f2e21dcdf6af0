import type { App, Next } from "./app.ts";
import { andThen, only } from "./next.ts";
import type { Question } from "./questions.ts";

/** The key under which a question is pending. */
export const slotKey = (screen: number, slot: string): string => `${screen} ${slot}`;

/** The screen and the slot of such a key. */
export function readSlotKey(key: string): { screen: number; slot: string } {
  const at = key.indexOf(" ");
  return { screen: Number(key.slice(0, at)), slot: key.slice(at + 1) };
}

/** Asks in a slot; the question that was under way there is dropped. */
export function ask(app: App, key: string, asked: Question): Next {
  return andThen(drop(app, key), (it) => {
    const question = it.next;
    const pending = { ...it.pending, [key]: question };
    return {
      app: { ...it, next: question + 1, pending },
      effects: [{ effect: "ask", question, asked }],
    };
  });
}

export function drop(app: App, key: string): Next {
  const question = app.pending[key];
  if (question === undefined) return only(app);
  return { app: settled(app, key), effects: [{ effect: "drop", question }] };
}

/** The state in which a slot waits for nothing. */
export function settled(app: App, key: string): App {
  const { [key]: _, ...pending } = app.pending;
  return { ...app, pending };
}

/** Drops what screens asked that are gone for good: neither here nor to be gone back to. */
export function sweep(app: App): Next {
  const here = new Set([0, ...[...app.stack, ...(app.last ?? [])].map(({ id }) => id)]);
  const stale = Object.keys(app.pending).filter((key) => !here.has(readSlotKey(key).screen));
  return stale.reduce<Next>((next, key) => andThen(next, (it) => drop(it, key)), only(app));
}
