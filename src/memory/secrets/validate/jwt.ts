import { Buffer } from "node:buffer";
import { isObject, type JsonObject } from "../../../base/json-object.ts";
import type { Judgement } from "../detector.ts";
import { decodeBase64 } from "./base64.ts";
import { parseObject, plainFacts } from "./json-object.ts";

/** A JSON web token taken apart (RFC 7519). The signature cannot be checked without its key. */
interface WebToken {
  header: JsonObject;
  claims: JsonObject;
  signature: string;
}

export function parseWebToken(text: string): WebToken | undefined {
  const [header, claims, signature, more] = text.split(".");
  if (header === undefined || claims === undefined || more !== undefined) return undefined;
  const head = decodedObject(header);
  const body = decodedObject(claims);
  if (typeof head?.["alg"] !== "string" || body === undefined) return undefined;
  return { header: head, claims: body, signature: signature ?? "" };
}

function decodedObject(part: string): JsonObject | undefined {
  const bytes = decodeBase64(part);
  return bytes && parseObject(Buffer.from(bytes).toString("utf8"));
}

const timeOf = (value: unknown): string | undefined => {
  if (typeof value !== "number" || !Number.isFinite(value)) return undefined;
  const time = new Date(value * 1000);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
};

/** Judges a token by its header and claims. What is past is milder, what nobody signed is graver. */
export function judgeWebToken(token: WebToken, now = Date.now()): Judgement {
  const { header, claims, signature } = token;
  const expires = timeOf(claims["exp"]);
  const expired = expires !== undefined && Date.parse(expires) < now;
  const unsigned = String(header["alg"]).toLowerCase() === "none" || signature === "";
  const audience = [claims["aud"]].flat().filter((entry) => typeof entry === "string");
  return {
    proof: "structure",
    facts: {
      ...plainFacts({
        algorithm: header["alg"],
        keyId: header["kid"],
        issuer: claims["iss"],
        subject: claims["sub"],
        issued: timeOf(claims["iat"]),
        expires,
      }),
      ...(audience.length > 0 && { audience: audience.slice(0, 10) }),
      ...(expired && { expired }),
      ...(unsigned && { unsigned }),
      ...kubernetesFacts(claims),
    },
    ...(expired ? { severity: "low" } : unsigned && { severity: "critical" }),
  };
}

/** Is it a service account's of Kubernetes? Old ones have flat claims, bound ones an object. */
export function isServiceAccountToken({ claims }: WebToken): boolean {
  return (
    isObject(claims["kubernetes.io"]) ||
    claims["kubernetes.io/serviceaccount/service-account.name"] !== undefined
  );
}

function kubernetesFacts(claims: JsonObject): Record<string, string | number> {
  const bound = claims["kubernetes.io"];
  const flat = "kubernetes.io/serviceaccount/";
  if (!isObject(bound)) {
    return plainFacts({
      namespace: claims[`${flat}namespace`],
      serviceAccount: claims[`${flat}service-account.name`],
      secretName: claims[`${flat}secret.name`],
    });
  }
  const nameOf = (part: string): unknown => {
    const value = bound[part];
    return isObject(value) ? value["name"] : undefined;
  };
  return plainFacts({
    namespace: bound["namespace"],
    pod: nameOf("pod"),
    serviceAccount: nameOf("serviceaccount"),
    node: nameOf("node"),
    secretName: nameOf("secret"),
  });
}
