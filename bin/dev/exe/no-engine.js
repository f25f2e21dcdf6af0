// Stands for src/tui/effects/engine.ts where the UI's own thread would read archives: here, another
// always does.
export const LocalEngine = undefined;
