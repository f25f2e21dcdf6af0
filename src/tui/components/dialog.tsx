import { Box, Text } from "ink";
import type { ReactElement } from "react";
import type { Confirmation } from "../state/app.ts";
import { paint, type Theme } from "../theme.ts";
import { line, span, truncateMiddle } from "../view/line.ts";

/** A question that wants a yes. */
export function Dialog(props: {
  confirmation: Confirmation;
  columns: number;
  rows: number;
  theme: Theme;
}): ReactElement {
  const { confirmation, columns, rows, theme } = props;
  const width = Math.min(76, columns - 2);
  const room = width - 4;
  return (
    <Box width={columns} height={rows} justifyContent="center" alignItems="center">
      <Box borderStyle="round" paddingX={1} width={width} flexDirection="column">
        <Text wrap="truncate">{paint(line(span(confirmation.title, "strong")), theme)}</Text>
        {confirmation.lines.slice(0, Math.max(1, rows - 5)).map((text) => (
          <Text key={text} wrap="truncate">
            {truncateMiddle(text, room)}
          </Text>
        ))}
        <Text> </Text>
        <Text wrap="truncate">
          {paint(
            line(span("y", "accent"), ` ${confirmation.yes}   `, span("n", "accent"), " cancel"),
            theme,
          )}
        </Text>
      </Box>
    </Box>
  );
}
