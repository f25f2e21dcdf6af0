import type { App, Next } from "./app.ts";
import type { FlashLevel } from "./screen.ts";

/** Milliseconds that a message stays. */
const flashTime = 6000;

/** Nothing but a new state. */
export const only = (app: App): Next => ({ app, effects: [] });

/** One step after the other, with what both want done. */
export function andThen(next: Next, more: (app: App) => Next): Next {
  const { app, effects } = more(next.app);
  return { app, effects: [...next.effects, ...effects] };
}

export function flashed(app: App, level: FlashLevel, text: string): App {
  return { ...app, flash: { level, text, until: app.now + flashTime } };
}
