import type { Judgement } from "../detector.ts";
import { decodeBase64Text } from "./base64.ts";
import { byForm } from "./by-form.ts";

/** Judges a bot's token: its first part is a snowflake, the bot's number, in base 64. */
export function judgeDiscordToken(token: string): Judgement | undefined {
  const [number = "", , random = ""] = token.split(".");
  if (!/^\d{17,20}$/.test(decodeBase64Text(number) ?? "")) return undefined;
  const judged = byForm(random);
  return judged && { ...judged, proof: "structure" };
}
