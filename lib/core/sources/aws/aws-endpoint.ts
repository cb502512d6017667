/** Where a call to AWS came from: an address, the DNS name of the service that called, or a word. */
import * as net from "node:net";
import type { OcsfEndpoint } from "../../record/ocsf.ts";

/** OCSF bounds `ip_t`: a fully written IPv6 address with an IPv4 tail is longer. */
const MAX_IP_CHARS = 40;
const DNS_NAME = /^(?=.*[a-z])[a-z0-9-]+(\.[a-z0-9-]+)+$/i;

export function awsEndpoint(address: string | undefined): OcsfEndpoint {
  if (address === undefined) return { name: "unknown" };
  if (net.isIP(address) !== 0 && address.length <= MAX_IP_CHARS) return { ip: address };
  return { svc_name: address, ...(DNS_NAME.test(address) && { domain: address }) };
}
