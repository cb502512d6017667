/** Whatever Node takes for an address, Cedar takes too. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { cedarAddress } from "../../../lib/core/access/cedar-address.ts";
import { ORDINARY } from "../../../lib/core/access/permissions.ts";
import { exampleAccess, REMY_APPROVES } from "./example-access.ts";

const { decide } = exampleAccess();

test.each([
  ["192.0.2.7", "192.0.2.7"],
  ["2001:DB8::7", "2001:db8::7"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["0:0:0:0:0:FFFF:c000:0207", "192.0.2.7"],
  ["fe80::1%eth0", "fe80::1"],
  ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
  ["::192.0.2.7", "::c000:207"],
])("%s is %s", (text, address) => {
  expect(cedarAddress(text)).toBe(address);
});

test.each(["cloudformation.amazonaws.com", "AWS Internal", "192.0.2.7/8", "192.0.2.07", "", "::1]@x", "[::1]"])(
  "%j is no address",
  (text) => expect(cedarAddress(text)).toBeUndefined(),
);

test("an access from any address is decided", () => {
  const zone = fc.constantFrom("", "%eth0", "%1", "%a b");
  const embedded = fc
    .tuple(fc.constantFrom("::", "::ffff:", "64:ff9b::", "1:2:3:4:5:6:"), fc.ipV4())
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), embedded), zone, (address, suffix) => {
      const taken = cedarAddress(address.includes(":") ? address + suffix : address);
      const context = { ...ORDINARY, ...(taken !== undefined && { address: taken }) };
      expect(decide({ ...REMY_APPROVES, context }).outcome).toBe("allow");
    }),
    { numRuns: 200 },
  );
});
