import type { Inspection } from "../../checkpoint/inspection.ts";
import type { Screen } from "../state/screen.ts";

/** What every tab of a checkpoint is opened with. */
export interface TabArgument {
  /** Path of the archive, as it was opened. */
  path: string;
}

/**
 * One tab of a screen that has some: a screen that is opened when it is first looked at. Its slots
 * and prompts are its own, and its world is smaller by the line of tabs.
 */
export interface Tab<S, A = TabArgument> extends Screen<S, A> {
  /** Its word on the command line: `processes`. */
  name: string;
  /** Its word in the line of tabs: `Processes`. */
  title: string;
  /** Shown beside the title once it is known. */
  count?(state: S): number | undefined;
  /** The same before anybody looked at the tab, where the summary knows it. */
  expected?(inspection: Inspection): number;
}
