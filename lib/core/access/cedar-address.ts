/** An address as Cedar's `ip` takes it: https://docs.cedarpolicy.com/policies/syntax-datatypes.html#datatype-ipaddr */
import { isIP } from "node:net";

/** `::ffff:c000:207`, which is 192.0.2.7 to whoever writes ranges of addresses. */
const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/**
 * Cedar takes no zone, and no IPv4 within IPv6: an access from such an address could not be decided, and so not be recorded.
 *
 * @returns nothing where the text is no address, such as a service's name
 * @example cedarAddress("::ffff:192.0.2.7") // "192.0.2.7"
 */
export function cedarAddress(text: string): string | undefined {
  const family = isIP(text);
  if (family !== 6) return family === 4 ? text : undefined;
  const host = URL.parse(`http://[${text.replace(/%.*$/s, "")}]`)?.hostname;
  if (host === undefined) return undefined;
  const address = host.slice(1, -1);
  const [, high = "", low = ""] = MAPPED.exec(address) ?? [];
  return high === "" ? address : [high, low].flatMap(bytesOf).join(".");
}

function bytesOf(group: string): number[] {
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 0xff];
}
