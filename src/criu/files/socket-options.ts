import type { Messages } from "../schema/types.ts";
import type { SocketOption } from "./socket.ts";

type Options = Record<string, SocketOption>;

/** Options that are set: buffers always, switches that are on, numbers that are not the default. */
export function socketOptions(opts: Messages["sk_opts_entry"]): Options {
  const options: Options = { so_sndbuf: opts.so_sndbuf, so_rcvbuf: opts.so_rcvbuf };
  const add = (name: string, value: SocketOption | undefined, usual: SocketOption): void => {
    if (value !== undefined && value !== usual) options[name] = value;
  };
  add("so_reuseaddr", opts.reuseaddr, false);
  add("so_reuseport", opts.so_reuseport, false);
  add("so_broadcast", opts.so_broadcast, false);
  add("so_keepalive", opts.so_keepalive, false);
  add("so_passcred", opts.so_passcred, false);
  add("so_passsec", opts.so_passsec, false);
  add("so_dontroute", opts.so_dontroute, false);
  add("so_no_check", opts.so_no_check, false);
  add("so_oobinline", opts.so_oobinline, 0);
  add("so_priority", opts.so_priority, 0);
  add("so_mark", opts.so_mark, 0);
  add("so_rcvlowat", opts.so_rcvlowat, 1);
  add("so_linger", opts.so_linger, 0);
  add("so_buf_lock", opts.so_buf_lock, 0);
  add("so_bindtodevice", opts.so_bound_dev, "");
  add("so_sndtimeo", seconds(opts.so_snd_tmo_sec, opts.so_snd_tmo_usec), 0);
  add("so_rcvtimeo", seconds(opts.so_rcv_tmo_sec, opts.so_rcv_tmo_usec), 0);
  add("so_attach_filter", opts.so_filter.length, 0);
  // Before CRIU 4.0 these stood here.
  add("tcp_keepcnt", opts.tcp_keepcnt, 0);
  add("tcp_keepidle", opts.tcp_keepidle, 0);
  add("tcp_keepintvl", opts.tcp_keepintvl, 0);
  return options;
}

/** Options of TCP, and of IP. */
export function inetOptions(entry: Messages["inet_sk_entry"]): Options {
  const options = socketOptions(entry.opts);
  const add = (name: string, value: SocketOption | undefined): void => {
    if (value !== undefined && value !== false) options[name] = value;
  };
  const { tcp_opts: tcp, ip_opts: ip } = entry;
  add("ipv6_v6only", entry.v6only);
  add("ip_freebind", ip?.freebind);
  add("ip_pktinfo", ip?.pktinfo);
  add("ip_tos", ip?.tos);
  add("ip_ttl", ip?.ttl);
  add("ip_hdrincl", ip?.raw?.hdrincl);
  add("ip_nodefrag", ip?.raw?.nodefrag);
  add("ip_checksum", ip?.raw?.checksum);
  add("tcp_cork", tcp?.cork);
  add("tcp_nodelay", tcp?.nodelay);
  add("tcp_keepcnt", tcp?.keepcnt);
  add("tcp_keepidle", tcp?.keepidle);
  add("tcp_keepintvl", tcp?.keepintvl);
  return options;
}

function seconds(whole: bigint, microseconds: bigint): number {
  return Number(whole) + Number(microseconds) / 1e6;
}
