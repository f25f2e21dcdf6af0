import type { App } from "./app.ts";
import type { Size, World } from "./screen.ts";

/** Below this there is room for a message only. */
export const smallest: Size = { columns: 20, rows: 6 };

/** Rows above the body: header and rule. A line of tabs is one more. */
export const headRows = 2;

/** Rows that are not the screen's: header, rule, rule, crumbs; and the tabs where it has some. */
const frameRows = 4;

export function isTooSmall({ columns, rows }: Size): boolean {
  return columns < smallest.columns || rows < smallest.rows;
}

/** What a screen may know. Tabs take a row of the body, which their screen accounts for. */
export function worldOf({ size, now, reveal, wide, readonly }: App): World {
  const body = {
    columns: Math.max(1, size.columns),
    rows: Math.max(1, size.rows - frameRows),
  };
  return { body, now, reveal, wide, readonly };
}
