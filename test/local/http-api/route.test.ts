/** Which route a request takes, where several would fit. */
import { expect, test } from "vitest";
import { matchRoute, type Route } from "../../../lib/local/http-api/route.ts";

const routes: readonly Route[] = [
  "$default",
  "ANY /{proxy+}",
  "GET /pets/{id}",
  "ANY /pets/dog",
  "GET /pets/dog",
  "GET /pets/{id}/toys",
  "GET /",
].map((key) => ({ key, integration: "i", needsIam: false }));

test.each<[string, string, string, Record<string, string>]>([
  ["GET", "/pets/dog", "GET /pets/dog", {}],
  ["POST", "/pets/dog", "ANY /pets/dog", {}],
  ["GET", "/pets/cat", "GET /pets/{id}", { id: "cat" }],
  ["GET", "/pets/cat/toys", "GET /pets/{id}/toys", { id: "cat" }],
  ["POST", "/pets/cat", "ANY /{proxy+}", { proxy: "pets/cat" }],
  ["GET", "/a/b%2Fc", "ANY /{proxy+}", { proxy: "a/b/c" }],
  ["GET", "/pets/%ff", "GET /pets/{id}", { id: "%ff" }],
  ["GET", "/", "GET /", {}],
  ["POST", "/", "$default", {}],
])("%s %s takes %s", (method, path, key, pathParameters) => {
  expect(matchRoute(routes, method, path)).toEqual({ route: expect.objectContaining({ key }), pathParameters });
});

test("without a default route, nothing may match", () => {
  expect(matchRoute(routes.slice(2), "GET", "/birds")).toBeUndefined();
});
