/** Networks in CIDR notation, of either version of IP. */
import { BlockList, isIP, isIPv4 } from "node:net";

interface Subnet {
  readonly network: string;
  readonly prefix: number;
}

const BITS_V4 = 32;
const BITS_V6 = 128;

/** Reads `10.0.0.0/8` or `2001:db8::/32`; undefined is anything else. */
export function toSubnet(value: unknown): Subnet | undefined {
  const [, network = "", bits] = (typeof value === "string" && /^([^/%]+)\/(\d{1,3})$/.exec(value)) || [];
  const prefix = Number(bits);
  return isIP(network) !== 0 && prefix <= (isIPv4(network) ? BITS_V4 : BITS_V6) ? { network, prefix } : undefined;
}

/** Makes the test whether an address lies in any of the networks; text that is no address does not. */
export function compileSubnets(subnets: readonly Subnet[]): (text: string) => boolean {
  const list = new BlockList();
  for (const { network, prefix } of subnets) list.addSubnet(network, prefix, familyOf(network));
  return (text) => isIP(text) !== 0 && list.check(text, familyOf(text));
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIPv4(address) ? "ipv4" : "ipv6";
}
