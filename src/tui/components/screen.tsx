import { Box, Text } from "ink";
import type { ReactElement } from "react";
import type { Scope } from "../keys/binding.ts";
import type { App } from "../state/app.ts";
import { isTooSmall, smallest } from "../state/layout.ts";
import type { View } from "../state/screen.ts";
import type { Theme } from "../theme.ts";
import { type Line, line, padLine, span, spread, windowLine } from "../view/line.ts";
import { Dialog } from "./dialog.tsx";
import { footerLine } from "./footer.ts";
import { Lines } from "./lines.tsx";

interface ScreenProps {
  app: App;
  view: View;
  crumbs: readonly string[];
  scopes: readonly Scope[];
  theme: Theme;
}

/** The whole terminal: header, tabs, what the screen shows, and the bottom line. */
export function Screen({ app, view, crumbs, scopes, theme }: ScreenProps): ReactElement {
  const { columns, rows } = app.size;
  if (isTooSmall(app.size)) return <TooSmall columns={columns} rows={rows} />;
  const head = [header(view, columns), ...(view.tabs === undefined ? [] : [view.tabs])];
  const rule = line(span("─".repeat(columns), "dim"));
  const room = rows - head.length - 3;
  const body = filled(view.lines, room, columns);
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Lines lines={[...head.map((it) => windowLine(it, columns)), rule]} theme={theme} />
      {app.confirmation === undefined ? (
        <Lines lines={body} theme={theme} />
      ) : (
        <Dialog confirmation={app.confirmation} columns={columns} rows={room} theme={theme} />
      )}
      <Lines lines={[rule, footerLine(app, crumbs, scopes, view.status ?? "")]} theme={theme} />
    </Box>
  );
}

function header(view: View, columns: number): Line {
  const busy = view.busy === true ? [span("… ", "accent")] : [];
  return spread(
    [{ text: " " }, ...view.title.spans],
    [...busy, ...(view.aside?.spans ?? []), span(" ? ", "dim")],
    columns,
  );
}

/** Exactly `rows` lines, each no wider than the window; the selected one as wide as it. */
function filled(lines: readonly Line[], rows: number, columns: number): Line[] {
  return Array.from({ length: rows }, (_, at) => {
    const it = windowLine(lines[at] ?? { spans: [] }, columns);
    return it.selected === true ? padLine(it, columns) : it;
  });
}

function TooSmall({ columns, rows }: { columns: number; rows: number }): ReactElement {
  const text = `${columns}×${rows} is too small: ${smallest.columns}×${smallest.rows}`;
  return (
    <Box width={columns} height={rows}>
      <Text wrap="wrap">{text.slice(0, columns * rows)}</Text>
    </Box>
  );
}
