/** Why there is no whole answer. */
export type FailureKind =
  | "refused"
  | "unreachable"
  | "unknown-host"
  | "connect-timeout"
  | "unknown-authority"
  | "wrong-name"
  | "expired"
  | "not-yet-valid"
  | "not-tls"
  | "client-certificate"
  | "tls"
  | "cut"
  | "not-http"
  | "too-long"
  | "proxy"
  | "aborted"
  /** Nothing came for longer than the caller waits. */
  | "silent";

/**
 * How far it came: nothing was sent; the request is out and no answer has begun; an answer had
 * begun. After the first, the server may have done what it was asked.
 */
export type Phase = "connecting" | "waiting" | "answering";

/** A request that got no whole answer. */
export class ExchangeFailure extends Error {
  readonly kind: FailureKind;
  readonly phase: Phase;
  /** The status, where an answer had begun. */
  readonly status: number | undefined;

  constructor(kind: FailureKind, phase: Phase, found: string, status?: number) {
    super(found);
    this.name = "ExchangeFailure";
    this.kind = kind;
    this.phase = phase;
    this.status = status;
  }
}

/** Codes that Node gives its errors, from the system, from OpenSSL and from its parser. */
const codes: Readonly<Record<string, FailureKind>> = {
  ECONNREFUSED: "refused",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  EHOSTDOWN: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  ETIMEDOUT: "unreachable",
  ENOTFOUND: "unknown-host",
  EAI_AGAIN: "unknown-host",
  EAI_NODATA: "unknown-host",
  DEPTH_ZERO_SELF_SIGNED_CERT: "unknown-authority",
  SELF_SIGNED_CERT_IN_CHAIN: "unknown-authority",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "unknown-authority",
  UNABLE_TO_GET_ISSUER_CERT: "unknown-authority",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "unknown-authority",
  CERT_SIGNATURE_FAILURE: "unknown-authority",
  CERT_UNTRUSTED: "unknown-authority",
  ERR_TLS_CERT_ALTNAME_INVALID: "wrong-name",
  CERT_HAS_EXPIRED: "expired",
  CERT_NOT_YET_VALID: "not-yet-valid",
  ERR_SSL_WRONG_VERSION_NUMBER: "not-tls",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "not-tls",
  ERR_SSL_HTTP_REQUEST: "not-tls",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: "client-certificate",
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: "client-certificate",
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: "client-certificate",
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: "client-certificate",
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: "client-certificate",
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: "client-certificate",
  ECONNRESET: "cut",
  EPIPE: "cut",
  ERR_STREAM_PREMATURE_CLOSE: "cut",
  ERR_HTTP2_SESSION_ERROR: "cut",
  ERR_HTTP2_STREAM_ERROR: "cut",
  ERR_HTTP2_GOAWAY_SESSION: "cut",
  ERR_HTTP2_STREAM_CANCEL: "cut",
};

/** Puts one of Node's errors into a class of ours. Its words hold no more than names and numbers. */
export function classify(error: unknown, phase: Phase, status?: number): ExchangeFailure {
  if (error instanceof ExchangeFailure) return error;
  // Several addresses were tried; they mostly fail for one reason.
  const cause = error instanceof AggregateError ? (error.errors[0] ?? error) : error;
  const { code = "", message = "" } = cause as NodeJS.ErrnoException;
  return new ExchangeFailure(kindOf(code, message), phase, shortMessage(message), status);
}

function kindOf(code: string, message: string): FailureKind {
  const known = codes[code];
  if (known !== undefined) return known;
  if (/wrong version number|packet length too long|http request/.test(message)) return "not-tls";
  if (/alert (bad certificate|unknown ca|certificate)/.test(message)) return "client-certificate";
  if (code.startsWith("HPE_") || code === "ERR_HTTP2_ERROR") return "not-http";
  if (/ERR_(SSL|TLS|OSSL)|CERT_|EPROTO/.test(code)) return "tls";
  return "cut";
}

/** OpenSSL's messages end in the lines of its sources: `…:error:0A00010B:SSL routines:…:../x.c:1:`. */
function shortMessage(message: string): string {
  const openssl = /error:[0-9A-F]+:([^:]*):[^:]*:([^:]+)/.exec(message);
  if (openssl !== null) return `${openssl[1]}: ${openssl[2]}`;
  const [first = ""] = message.split("\n");
  return first === "" ? "no reason given" : first;
}
