import type { Clock } from "../base/clock.ts";
import type { Fault } from "../base/errors.ts";
import { ExchangeFailure } from "../base/exchange-failure.ts";
import type { Errand } from "./faults.ts";
import { type Answer, collect, type Reply } from "./http/send.ts";
import { refusal } from "./refusal.ts";

/** Takes what a server says of its refusal, and makes a fault of it. */
export async function collectRefusal(
  errand: Errand,
  doing: string,
  reply: Reply,
  asked: URL,
  clock: Clock,
): Promise<Fault> {
  let answer: Answer;
  try {
    answer = await collect(reply);
  } catch (error) {
    if (!(error instanceof ExchangeFailure)) throw error;
    // The status says enough.
    answer = { ...reply, text: "" };
  }
  return refusal(errand, doing, answer, asked, clock.now());
}
