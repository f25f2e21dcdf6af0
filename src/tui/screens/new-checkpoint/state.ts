import type {
  CallBegun,
  CheckpointCall,
  Checks,
  ContextNames,
  PodChoice,
  WantedCheckpoint,
} from "../../state/cluster.ts";
import { openPrompt, type Prompt } from "../../state/prompt.ts";
import type { Failure } from "../../state/questions.ts";
import type { Asked } from "../lines-screen.ts";

export interface NewCheckpointArgument {
  /** `NAMESPACE/POD/CONTAINER`, or less, from the left: as `checkpoint` takes it. */
  target: string;
}

export const fieldNames = ["context", "namespace", "pod", "container", "timeout"] as const;
export type FieldName = (typeof fieldNames)[number];
/** A field, or a button. */
type Focus = FieldName | "make" | "cancel";
export const order: readonly Focus[] = [...fieldNames, "make", "cancel"];

/** What was asked, by what it was asked for. */
interface For<T> extends Asked<T> {
  of: string;
}

export const nothingAsked = { value: undefined, failure: undefined, of: "" };

/** What became of the call. */
export type Call =
  | { stage: "running"; wanted: WantedCheckpoint; since: number; progress: CheckpointCall }
  | { stage: "made"; made: Extract<CheckpointCall, { state: "made" }> }
  | { stage: "failed"; failure: Failure }
  /** We gave up; what is known of the call then. */
  | { stage: "left"; begun: CallBegun | undefined };

export interface NewCheckpointState {
  fields: Readonly<Record<FieldName, Prompt>>;
  focus: Focus;
  contexts: Asked<ContextNames>;
  namespaces: For<readonly string[]>;
  pods: For<readonly PodChoice[]>;
  /** What speaks against it. */
  checks: For<Checks>;
  /** Fields were edited since the cluster was asked. */
  edited: boolean;
  /** First line shown below the form, or of a failure. */
  top: number;
  /** Undefined while the form is filled in. */
  call: Call | undefined;
}

/** The form before anything is known of a cluster. */
export function newForm({ target }: NewCheckpointArgument): NewCheckpointState {
  const parts = target.trim() === "" ? [] : target.trim().split("/");
  const [namespace = "", pod = "", ...rest] = parts.length === 1 ? ["", ...parts] : parts;
  const texts: Readonly<Partial<Record<FieldName, string>>> = {
    namespace,
    pod,
    container: rest.join("/"),
  };
  const field = (name: FieldName): Prompt => openPrompt(name, "", texts[name] ?? "");
  return {
    fields: {
      context: field("context"),
      namespace: field("namespace"),
      pod: field("pod"),
      container: field("container"),
      timeout: field("timeout"),
    },
    focus: pod === "" ? "pod" : "make",
    contexts: { value: undefined, failure: undefined },
    namespaces: nothingAsked,
    pods: nothingAsked,
    checks: nothingAsked,
    edited: false,
    top: 0,
    call: undefined,
  };
}

export function isField(focus: Focus): focus is FieldName {
  return (fieldNames as readonly string[]).includes(focus);
}

export function wantedOf({ fields }: NewCheckpointState): WantedCheckpoint {
  const text = (name: FieldName): string => fields[name].text.trim();
  return {
    context: text("context"),
    namespace: text("namespace"),
    pod: text("pod"),
    container: text("container"),
    timeout: text("timeout"),
  };
}

/** The state with another text in a field. */
export function withText(
  state: NewCheckpointState,
  name: FieldName,
  text: string,
): NewCheckpointState {
  return { ...state, fields: { ...state.fields, [name]: openPrompt(name, "", text) } };
}

/** `shop/cart-0/app`, as far as it is known. */
export function targetName({ namespace, pod, container }: WantedCheckpoint): string {
  return [namespace, pod, container].filter((part) => part !== "").join("/");
}
