/** Requests to API Gateway, signed with the caller's own AWS credentials (SigV4). */
import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { Hash } from "@smithy/hash-node";
import { SignatureV4 } from "@smithy/signature-v4";

/** `https://<api>.execute-api.<region>.amazonaws.com`, in China with `.cn` behind it. */
const EXECUTE_API = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;

export type SignRequest = (url: URL) => Promise<Readonly<Record<string, string>>>;

/** The headers that let a GET in, for addresses of API Gateway; undefined for any other, which is asked as everybody would. */
export function iamSigner(url: URL): SignRequest | undefined {
  const region = EXECUTE_API.exec(url.hostname)?.[1];
  if (region === undefined) return undefined;
  const signer = new SignatureV4({
    credentials: defaultProvider(),
    region,
    service: "execute-api",
    sha256: Hash.bind(null, "sha256"),
  });
  return async ({ protocol, hostname, pathname }) => {
    const request = { method: "GET", protocol, hostname, path: pathname, headers: { host: hostname } };
    const { headers } = await signer.sign(request);
    return headers;
  };
}
