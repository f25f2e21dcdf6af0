import type { ProcessDocument } from "../../../checkpoint/process-document.ts";

/** What the screen of a process is opened with. */
export interface ProcessArgument {
  path: string;
  pid: number;
}

/** What its tabs are opened with. */
export interface PartArgument extends ProcessArgument {
  /** The process in full, where it is known already. */
  document: ProcessDocument | undefined;
}
