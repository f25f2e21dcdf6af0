import type { Clock } from "../base/clock.ts";
import { timer } from "../base/timer.ts";

/** How archives elsewhere are reached. Data alone, so that another thread can be given it. */
export interface RemoteAccess {
  /** Proxies, and where registries' credentials are: HTTPS_PROXY, NO_PROXY, REGISTRY_AUTH_FILE, … */
  env?: Readonly<Record<string, string | undefined>>;
  /** Authorities to believe, a PEM file; Node's own where there is none. */
  caFile?: string;
  /** Without TLS to other machines, too. */
  plainHttp?: boolean;
  /** Bytes that one archive may cost. */
  maxDownload?: number;
}

/** What whoever opens an archive wants to do or to hear. */
export interface RemoteHooks {
  clock?: Clock;
  /** Told before all of an archive is fetched, each time. */
  fetching?: (bytes: number, shown: string) => void;
}

/** Time as it is. */
export const worldClock: Clock = { now: Date.now, timer };

/** Milliseconds that a server may be silent. */
export const patience = 30_000;
