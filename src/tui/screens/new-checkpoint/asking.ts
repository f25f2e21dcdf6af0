import type { Act } from "../../state/screen.ts";
import { type NewCheckpointState, nothingAsked, wantedOf } from "./state.ts";

type S = NewCheckpointState;

/** Asks the cluster again for what the fields have changed, and for nothing else. */
export function asking(state: S): { state: S; acts: Act[] } {
  // Before the contexts are known, an empty context would be another one.
  if (state.contexts.value === undefined) return { state, acts: [] };
  const wanted = wantedOf(state);
  const { context, namespace, pod } = wanted;
  const acts: Act[] = [];
  const next = { ...state, edited: false };
  if (state.namespaces.of !== context) {
    next.namespaces = { ...nothingAsked, of: context };
    acts.push({ act: "ask", slot: "namespaces", question: { of: "namespaces", context } });
  }
  const place = `${context} ${namespace}`;
  if (state.pods.of !== place && namespace !== "") {
    next.pods = { ...nothingAsked, of: place };
    acts.push({ act: "ask", slot: "pods", question: { of: "pods", context, namespace } });
  }
  const whole = JSON.stringify(wanted);
  if (pod === "") {
    next.checks = nothingAsked;
    acts.push({ act: "drop", slot: "checks" });
  } else if (state.checks.of !== whole) {
    next.checks = { ...nothingAsked, of: whole };
    acts.push({ act: "ask", slot: "checks", question: { of: "checks", ...wanted } });
  }
  return { state: next, acts };
}

/** Asks for everything anew. */
export function askingAll(state: S): { state: S; acts: Act[] } {
  const { state: next, acts } = asking({
    ...state,
    namespaces: nothingAsked,
    pods: nothingAsked,
    checks: nothingAsked,
  });
  return {
    state: { ...next, contexts: { ...next.contexts, failure: undefined } },
    acts: [askContexts, ...acts],
  };
}

export const askContexts: Act = { act: "ask", slot: "contexts", question: { of: "contexts" } };

/** What was edited makes what was found of it untrue. */
export function edited(state: S): { state: S; acts: Act[] } {
  return {
    state: { ...state, edited: true, checks: nothingAsked, top: 0 },
    acts: [{ act: "drop", slot: "checks" }],
  };
}
