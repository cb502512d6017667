/** A bucket's default encryption: it is told and kept as AWS does, while the bytes lie on this machine's disk as they are. */
import { s3Error } from "./s3-error.ts";
import type { Version } from "./version.ts";
import { allowOnly, childOf, parseXml, textOf } from "./xml-parse.ts";
import { renderXml, S3_NAMESPACE } from "./xml-render.ts";

type Encryption = NonNullable<Version["encryption"]>;

const ALGORITHMS = ["AES256", "aws:kms", "aws:kms:dsse"];

/** What S3 does since 2023 where nothing is configured. */
export const USUAL_ENCRYPTION = renderXml({
  ServerSideEncryptionConfiguration: {
    Rule: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false },
  },
}).replace("<ServerSideEncryptionConfiguration>", `<ServerSideEncryptionConfiguration xmlns="${S3_NAMESPACE}">`);

/** Throws where the document is not a ServerSideEncryptionConfiguration. */
export function parseEncryption(document: Buffer): Encryption {
  const root = parseXml(document, "ServerSideEncryptionConfiguration");
  allowOnly(root, ["Rule"]);
  const rule = childOf(root, "Rule");
  if (rule === undefined) {
    throw s3Error("MalformedXML");
  }
  allowOnly(rule, ["ApplyServerSideEncryptionByDefault", "BucketKeyEnabled"]);
  const byDefault = childOf(rule, "ApplyServerSideEncryptionByDefault");
  const algorithm = textOf(byDefault, "SSEAlgorithm") ?? "AES256";
  if (!ALGORITHMS.includes(algorithm)) {
    throw s3Error("MalformedXML");
  }
  const keyId = textOf(byDefault, "KMSMasterKeyID");
  return keyId === undefined ? { algorithm } : { algorithm, keyId };
}

export function encryptionByDefault(document: string | undefined): Encryption {
  return document === undefined ? { algorithm: "AES256" } : parseEncryption(Buffer.from(document));
}

/** Throws where an algorithm of a request is none that S3 knows. */
export function encryptionBy(algorithm: string, keyId: string | undefined): Encryption {
  if (!ALGORITHMS.includes(algorithm)) {
    throw s3Error("InvalidArgument", "The encryption method specified is not supported");
  }
  return keyId === undefined ? { algorithm } : { algorithm, keyId };
}
