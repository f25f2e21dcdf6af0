import { isObject } from "../../base/json-object.ts";
import type { Answer } from "../http/body.ts";

/** The API server's own way to say no. */
interface ApiStatus {
  message: string;
  reason: string;
  kind: string;
}

/**
 * Who wrote an answer: a JSON Status is the API server's, plain text the kubelet's; a page of HTML
 * or an answer without a type is somebody's on the way.
 */
type Speaker = "api-server" | "kubelet" | "somebody";

export function speakerOf(answer: Answer): Speaker {
  if (statusOf(answer) !== undefined) return "api-server";
  const type = answer.headers["content-type"] ?? "";
  return /^(text\/plain|application\/json)\b/.test(type) ? "kubelet" : "somebody";
}

/** The Status in an answer, or undefined where it holds none. */
export function statusOf({ body }: Answer): ApiStatus | undefined {
  const value = jsonOf(body);
  if (!isObject(value) || value["kind"] !== "Status" || value["apiVersion"] !== "v1") {
    return undefined;
  }
  const details = isObject(value["details"]) ? value["details"] : {};
  const text = (part: unknown): string => (typeof part === "string" ? part : "");
  return {
    message: text(value["message"]),
    reason: text(value["reason"]),
    kind: text(details["kind"]),
  };
}

/** A JSON text's value, or undefined where it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const shown = 600;

/** What an answer said, for people: its status and the beginning of its text. */
export function saying(answer: Answer): string {
  const text = (statusOf(answer)?.message ?? answer.body).trim().replace(/\s*\n\s*/g, " | ");
  if (text === "") return `${answer.status} without a text`;
  return `${answer.status}: ${text.length > shown ? `${text.slice(0, shown)}…` : text}`;
}
