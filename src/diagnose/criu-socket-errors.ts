import type { CriuRow } from "./known-error.ts";

/** What CRIU says of sockets that it cannot save. */
export const socketErrors: readonly CriuRow[] = [
  {
    id: "tcp-established",
    phrases: ["Connected TCP socket, consider using --tcp-established option."],
    cause:
      "the container holds an open TCP connection, and the runtime did not tell CRIU to keep it",
    remedy: "let CRIU keep connections, or close them before the checkpoint",
    option: "tcp-established",
    sources: ["checkpoint-restore/criu#589", "checkpoint-restore/criu#2535", "recorded"],
  },
  {
    id: "tcp-in-flight",
    phrases: ["In-flight connection (l) for %x"],
    cause: "a client was just connecting: it waits in the accept queue of a listening socket",
    remedy: "let CRIU leave such connections out, or try again when none comes in",
    option: "skip-in-flight",
    sources: ["criu sources"],
  },
  {
    id: "mptcp-socket",
    phrases: ["Unsupported proto 262 for socket"],
    cause: "a socket speaks MPTCP, as listeners of Go 1.24 and later do, and CRIU does not know it",
    remedy: "start the program with GODEBUG=multipathtcp=0 in its environment",
    sources: ["checkpoint-restore/criu#2655", "checkpoint-restore/criu#2662"],
  },
  {
    id: "icmp-socket",
    phrases: ["Unsupported proto 1 for socket"],
    cause: "an ICMP socket is open, as ping has one, and CRIU does not know it",
    remedy: "end ping or whatever else opened it before the checkpoint",
    sources: ["checkpoint-restore/criu#2557"],
  },
  {
    id: "socket-options-of-new-kernels",
    phrases: [
      "Can't get 1:16 opt: Operation not supported",
      "Can't get 1:34 opt: Operation not supported",
    ],
    cause:
      "kernels from 6.16 on answer SO_PASSCRED and SO_PASSSEC for unix sockets only, and this CRIU asks all",
    remedy: "install CRIU 4.2 or newer on the node",
    sources: ["checkpoint-restore/criu#2804", "checkpoint-restore/criu#2711"],
  },
  {
    id: "external-unix-socket",
    phrases: [
      "External socket is used. Consider using --ext-unix-sk option.",
      "Can't dump half of stream unix connection",
    ],
    cause:
      "a unix socket leads out of the container: its other end is on the node or in another container",
    remedy: "unmount that socket or end its client; datagram sockets alone can be left to CRIU",
    option: "ext-unix-sk",
    sources: ["containers/podman#12275", "checkpoint-restore/criu#2849"],
  },
];
