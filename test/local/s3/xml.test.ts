/** The XML of S3's requests and replies: any text survives it, and what is not well-formed is refused. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { AwsError } from "../../../lib/local/aws-service.ts";
import { childrenOf, parseXml, textOf } from "../../../lib/local/s3/xml-parse.ts";
import { renderXml } from "../../../lib/local/s3/xml-render.ts";

test("any texts come back as they were rendered", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (texts) => {
      const xml = renderXml({ Root: { Each: texts.map((Key) => ({ Key })) } });
      const root = parseXml(Buffer.from(xml), "Root");
      expect(childrenOf(root, "Each").map((each) => textOf(each, "Key"))).toEqual(texts);
    }),
  );
});

test("prefixes, attributes, comments, CDATA and references are read", () => {
  const root = parseXml(
    Buffer.from(
      '\ufeff<?xml version="1.0"?><!-- c --><s3:R xmlns:s3="x"><K a="1"> &#65;&#x42;<![CDATA[<&>]]>&quot;</K><E/></s3:R>\n',
    ),
    "R",
  );
  expect(textOf(root, "K")).toBe(' AB<&>"');
  expect(textOf(root, "E")).toBe("");
});

test.each([
  "",
  "text",
  "<R>",
  "</R>",
  "<R></Q>",
  "<R/><R/>",
  "<R/>text",
  "<Q/>",
  "<R>&unknown;</R>",
  "<R>&toString;</R>",
  "<R>& </R>",
  "<R>&#x110000;</R>",
  "<R>&#xd800;</R>",
  '<!DOCTYPE R [<!ENTITY a "a">]><R>&a;</R>',
  "<R><!-- ",
  `<R>${"<a>".repeat(50)}${"</a>".repeat(50)}</R>`,
])("%j is malformed", (xml) => {
  expect(() => parseXml(Buffer.from(xml), "R")).toThrow(AwsError);
});

test("any bytes are parsed or refused, and nothing else", () => {
  const pieces = fc.constantFrom(
    "<",
    ">",
    "/",
    "R",
    "&",
    ";",
    "#x",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    " ",
    "<?",
    "?>",
    "a",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
      try {
        parseXml(Buffer.from(parts.join("")), "R");
      } catch (error) {
        expect(error).toBeInstanceOf(AwsError);
      }
    }),
  );
});
