/** Checks that a body is what its sender hashed (https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html). */
import { hash } from "node:crypto";
import { crc32 } from "node:zlib";
import { crc32c, crc64nvme } from "./crc.ts";
import { s3Error } from "./s3-error.ts";

export interface Checksum {
  readonly algorithm: string;
  readonly value: string;
}

const DIGESTS: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  crc32: (body) => {
    const digest = Buffer.alloc(4);
    digest.writeUInt32BE(crc32(body));
    return digest;
  },
  crc32c,
  crc64nvme,
  md5: (body) => hash("md5", body, "buffer"),
  sha1: (body) => hash("sha1", body, "buffer"),
  sha256: (body) => hash("sha256", body, "buffer"),
  sha512: (body) => hash("sha512", body, "buffer"),
};
/** What S3 computes itself when the sender names no algorithm. */
const DEFAULT_ALGORITHM = "crc64nvme";
const CHECKSUM_HEADER = /^x-amz-checksum-(?!mode$|type$|algorithm$)(.+)$/;
const HEX_SHA256 = /^[0-9a-f]{64}$/;
const MD5_BYTES = 16;

export function checksumOf(body: Buffer, algorithm: string = DEFAULT_ALGORITHM): Checksum {
  return { algorithm, value: digestFor(algorithm)(body).toString("base64") };
}

/** Throws where the body is not what Content-MD5, x-amz-content-sha256 or x-amz-checksum-* say. */
export function verifyBody(headers: Readonly<Record<string, string>>, body: Buffer): void {
  const sha256 = headers["x-amz-content-sha256"] ?? "";
  if (HEX_SHA256.test(sha256) && hash("sha256", body) !== sha256) {
    throw s3Error("XAmzContentSHA256Mismatch");
  }
  const md5 = headers["content-md5"];
  if (md5 !== undefined) {
    verifyDigest(md5, hash("md5", body, "buffer"), "Content-MD5");
  }
  const sent = sentChecksum(headers);
  if (sent !== undefined) {
    verifyDigest(sent.value, digestFor(sent.algorithm)(body), `x-amz-checksum-${sent.algorithm}`);
  }
}

/** The checksum that came with the request. */
export function sentChecksum(headers: Readonly<Record<string, string>>): Checksum | undefined {
  const names = Object.keys(headers).filter((header) => CHECKSUM_HEADER.test(header));
  if (names.length > 1) {
    throw s3Error(
      "InvalidRequest",
      "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    );
  }
  const [name] = names;
  if (name === undefined) {
    if (headers["x-amz-sdk-checksum-algorithm"] !== undefined) {
      throw s3Error(
        "InvalidRequest",
        "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
      );
    }
    return undefined;
  }
  return { algorithm: name.replace(CHECKSUM_HEADER, "$1"), value: headers[name] ?? "" };
}

function digestFor(algorithm: string): (body: Buffer) => Buffer {
  const digest = Object.hasOwn(DIGESTS, algorithm) ? DIGESTS[algorithm] : undefined;
  if (digest === undefined) {
    throw s3Error("NotImplemented", `The local S3 does not compute the checksum ${algorithm}`);
  }
  return digest;
}

function verifyDigest(sent: string, computed: Buffer, name: string): void {
  if (sent === computed.toString("base64")) {
    return;
  }
  const bytes = Buffer.from(sent, "base64");
  if (bytes.length !== computed.length || bytes.toString("base64") !== sent) {
    if (computed.length === MD5_BYTES && name === "Content-MD5") {
      throw s3Error("InvalidDigest", "The Content-MD5 you specified is not valid.");
    }
    throw s3Error("InvalidRequest", `Value for ${name} header is invalid.`);
  }
  throw s3Error("BadDigest", `The ${name} you specified did not match what we received.`);
}
