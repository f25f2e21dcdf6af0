import type { Tab } from "../tab.ts";
import { memoryTab } from "./memory/memory.ts";
import { summaryTab } from "./summary/summary.ts";

/** The tabs of a checkpoint, in their order. Each is handed back only the states that it made. */
export const tabs: readonly Tab<unknown>[] = [summaryTab, memoryTab] as readonly Tab<unknown>[];
