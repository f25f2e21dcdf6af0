import { secretsWhere } from "../../facts/secrets.ts";
import type { Rule } from "../../rule.ts";

export const queue: Rule = {
  id: "secrets/queue",
  title: "Secret on its way between processes",
  severity: "high",
  looksAt: "pipes, FIFOs, sockets, TCP streams, message queues and terminals with unread bytes",
  why: "What was under way in a pipe or on a connection, often after its encryption was taken off, now lies on the disk.",
  remedy:
    "Change the secret where it was issued, if others can read the archive. Checkpoint when the program is idle.",
  evaluate: (subject) =>
    secretsWhere(subject, ["queue"], ({ member }) => `in the queue of ${member}`),
};
