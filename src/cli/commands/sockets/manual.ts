import type { ManualPage } from "../../manual/page.ts";

export const socketsPage: ManualPage = {
  about: `
Sockets of every kind that CRIU saves (TCP, UDP, unix, packet, netlink, raw) with state, addresses,
options, the other end where it is in the checkpoint too, and how many bytes wait on either side. The bytes
are shown with --reveal.`,
  examples: [
    ["cryoscope sockets cart.tar", "all of them"],
    ["cryoscope sockets -o wide --pid 1 cart.tar", "of one process, with options"],
  ],
  see: ["files"],
};
