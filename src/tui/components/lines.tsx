import { Text } from "ink";
import type { ReactElement } from "react";
import { paint, type Theme } from "../theme.ts";
import type { Line } from "../view/line.ts";

/**
 * Lines that were laid out already. One text for all of them: Ink measures and wraps each text
 * node, and a screen of a hundred rows would pay a hundred times for what cannot wrap.
 */
export function Lines({ lines, theme }: { lines: readonly Line[]; theme: Theme }): ReactElement {
  return <Text wrap="truncate">{lines.map((it) => paint(it, theme) || " ").join("\n")}</Text>;
}
