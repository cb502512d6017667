/** A POST to API Gateway, signed with AWS credentials (SigV4). */
import { Hash } from "@smithy/hash-node";
import { SignatureV4 } from "@smithy/signature-v4";

/** `https://<api>.execute-api.<region>.amazonaws.com`, in China with `.cn` behind it. */
const EXECUTE_API = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;
const TIMEOUT_MS = 30_000;

export interface SignedPost {
  readonly url: string;
  readonly body: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** Where the address does not say it. */
  readonly region: string;
}

/** Resolves with whatever is answered, errors included; rejects where nobody answers. */
export async function iamSignedPost({ url, body, credentials, region }: SignedPost) {
  const { protocol, hostname, host, pathname } = new URL(url);
  const signer = new SignatureV4({
    credentials,
    region: EXECUTE_API.exec(hostname)?.[1] ?? region,
    service: "execute-api",
    sha256: Hash.bind(null, "sha256"),
  });
  const headers = { host, "content-type": "application/json" };
  const signed = await signer.sign({ method: "POST", protocol, hostname, path: pathname, headers, body });
  const answer = await fetch(url, {
    method: "POST",
    headers: signed.headers,
    body,
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return { status: answer.status, body: await answer.text() };
}
