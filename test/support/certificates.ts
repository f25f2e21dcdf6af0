import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from "node:crypto";

/** A certificate and its key, PEM. */
export interface Identity {
  cert: string;
  key: string;
}

export interface Wish {
  name: string;
  /** DNS names and IPv4 addresses that it is valid for. */
  hosts?: readonly string[];
  /** Who signs it; itself where nobody is given. */
  issuer?: Identity & { name: string };
  authority?: boolean;
  /** Defaults: yesterday, and in ten years. */
  notBefore?: Date;
  notAfter?: Date;
}

const day = 86_400_000;

/** Makes a certificate (X.509 v3, ECDSA on P-256), written in DER by hand: Node has no maker. */
export function makeCertificate(wish: Wish): Identity & { name: string } {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const signer: KeyObject =
    wish.issuer === undefined ? privateKey : createPrivateKey(wish.issuer.key);
  const extensions = [
    extension("2.5.29.19", sequence(wish.authority === true ? [boolean(true)] : []), true),
    ...(wish.hosts === undefined
      ? []
      : [extension("2.5.29.17", sequence(wish.hosts.map(generalName)))]),
  ];
  const body = sequence([
    tagged(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(8)])),
    ecdsaWithSha256,
    commonName(wish.issuer?.name ?? wish.name),
    sequence([
      time(wish.notBefore ?? new Date(Date.now() - day)),
      time(wish.notAfter ?? new Date(Date.now() + 3650 * day)),
    ]),
    commonName(wish.name),
    publicKey.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(extensions)),
  ]);
  const signature = sign("sha256", body, signer);
  const der = sequence([body, ecdsaWithSha256, tagged(0x03, Buffer.of(0), signature)]);
  const lines = der.toString("base64").replace(/.{64}(?=.)/g, "$&\n");
  return {
    name: wish.name,
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
  };
}

function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  if (content.length < 128) return Buffer.concat([Buffer.of(tag, content.length), content]);
  const digits =
    content.length < 256 ? [content.length] : [content.length >> 8, content.length & 255];
  return Buffer.concat([Buffer.of(tag, 0x80 | digits.length, ...digits), content]);
}

const sequence = (parts: readonly Buffer[]): Buffer => tagged(0x30, ...parts);
const boolean = (value: boolean): Buffer => tagged(0x01, Buffer.of(value ? 0xff : 0));
/** Of bytes whose first is neither zero nor negative. */
const integer = (bytes: Buffer): Buffer => tagged(0x02, bytes);

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const number of rest) {
    const digits = [number & 127];
    for (let more = number >> 7; more > 0; more >>= 7) digits.unshift((more & 127) | 128);
    bytes.push(...digits);
  }
  return tagged(0x06, Buffer.from(bytes));
}

const ecdsaWithSha256 = sequence([oid("1.2.840.10045.4.3.2")]);

function commonName(name: string): Buffer {
  const attribute = sequence([oid("2.5.4.3"), tagged(0x0c, Buffer.from(name))]);
  return sequence([tagged(0x31, attribute)]);
}

/** GeneralizedTime: `20261122000000Z`. */
function time(date: Date): Buffer {
  const text = date.toISOString().replace(/[-:T]|\.\d+/g, "");
  return tagged(0x18, Buffer.from(text));
}

function generalName(host: string): Buffer {
  if (/^[\d.]+$/.test(host)) return tagged(0x87, Buffer.from(host.split(".").map(Number)));
  return tagged(0x82, Buffer.from(host));
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence([oid(id), ...(critical ? [boolean(true)] : []), tagged(0x04, value)]);
}
