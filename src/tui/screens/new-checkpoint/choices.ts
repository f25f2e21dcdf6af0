import type { NewCheckpointState } from "./state.ts";
import { isField, wantedOf } from "./state.ts";

/** Names that the cluster knows for the field with the cursor, in its order. */
function namesOf(state: NewCheckpointState): readonly string[] {
  const wanted = wantedOf(state);
  switch (state.focus) {
    case "context":
      return (state.contexts.value?.contexts ?? []).map(({ name }) => name);
    case "namespace":
      return state.namespaces.value ?? [];
    case "pod":
      return (state.pods.value ?? []).map(({ name }) => name);
    case "container": {
      const pod = (state.pods.value ?? []).find(({ name }) => name === wanted.pod);
      return (pod?.containers ?? []).map(({ name }) => name);
    }
    default:
      return [];
  }
}

/** Those that begin with what is typed; all others that hold it come behind. */
export function choicesOf(state: NewCheckpointState): readonly string[] {
  if (!isField(state.focus)) return [];
  const typed = state.fields[state.focus].typed.trim();
  const names = namesOf(state);
  if (typed === "") return names;
  const begin = names.filter((name) => name.startsWith(typed));
  return [...begin, ...names.filter((name) => !name.startsWith(typed) && name.includes(typed))];
}

/** What a step to the right would add: the rest of the first name that begins so. */
export function ghostOf(state: NewCheckpointState): string {
  if (!isField(state.focus)) return "";
  const { text, cursor } = state.fields[state.focus];
  if (text === "" || cursor < text.length) return "";
  const first = namesOf(state).find((name) => name.startsWith(text));
  return first?.slice(text.length) ?? "";
}

/** The form with the next, or the last, of the names that fit. */
export function chosen(state: NewCheckpointState, step: 1 | -1): NewCheckpointState {
  if (!isField(state.focus)) return state;
  const choices = choicesOf(state);
  if (choices.length === 0) return state;
  const prompt = state.fields[state.focus];
  const at = choices.indexOf(prompt.text);
  const next = at === -1 ? (step === 1 ? 0 : choices.length - 1) : at + step;
  const text = choices[(next + choices.length) % choices.length] as string;
  // What was typed stays what the choices have to fit.
  const field = { ...prompt, text, cursor: text.length };
  return { ...state, edited: true, fields: { ...state.fields, [state.focus]: field } };
}
