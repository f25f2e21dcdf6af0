import type { Errand } from "../faults.ts";
import type { Reply } from "../http/send.ts";

/** Bytes that a server has, and how to ask for them. */
export interface Resource {
  url: URL;
  errand: Errand;
  /** Bytes that it must have, where somebody said. */
  size?: number | undefined;
  /**
   * Asks for it with such headers, goes where it is sent to, and proves who we are.
   * @throws {ExchangeFailure} where no answer begins.
   */
  get(headers: Readonly<Record<string, string>>): Promise<Reply>;
  /** What an answer means that is neither the bytes nor a passing failure. */
  refusal(reply: Reply): Promise<Error>;
}
