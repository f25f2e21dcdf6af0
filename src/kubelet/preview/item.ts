import type { Route } from "../route.ts";
import type { PreviewRow } from "./row.ts";

/** One container, before its checkpoint. */
export interface PreviewItem {
  /** `default/cart-0/app`. */
  name: string;
  namespace: string;
  pod: string;
  container: string;
  node: string | null;
  kubeletVersion: string | null;
  /** `running`, `terminated (Completed)`; null where the API was not asked. */
  state: string | null;
  /** Where the call would go, the first one first. */
  urls: { route: Route; url: string }[];
  can: PreviewRow["verdict"];
  rows: PreviewRow[];
}
