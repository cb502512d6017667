/** Which route of an HTTP API a request takes (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html). */

export interface Route {
  /** `POST /v1/webhooks/{source}`, `ANY /{proxy+}` or `$default`. */
  readonly key: string;
  readonly integration: string;
  readonly needsIam: boolean;
}

export interface RouteMatch {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>>;
}

const GREEDY = /^\{([^}]+)\+\}$/;
const VARIABLE = /^\{([^}]+)\}$/;

/** The most specific match: fixed segments before variables, variables before greedy ones, a named method before ANY. */
export function matchRoute(routes: readonly Route[], method: string, path: string): RouteMatch | undefined {
  const segments = segmentsOf(path);
  const matches = routes.flatMap((route) => {
    const [routeMethod = "", routePath] = route.key.split(" ");
    if (routePath === undefined || (routeMethod !== "ANY" && routeMethod !== method)) return [];
    const found = matchPath(segmentsOf(routePath), segments);
    if (found === undefined) return [];
    return [
      { match: { route, pathParameters: found.parameters }, rank: `${found.rank}${routeMethod === "ANY" ? 1 : 0}` },
    ];
  });
  matches.sort((one, other) => (one.rank < other.rank ? -1 : 1));
  const fallback = routes.find(({ key }) => key === "$default");
  return matches[0]?.match ?? (fallback && { route: fallback, pathParameters: {} });
}

interface PathMatch {
  /** A character a segment: the smaller of two ranks is the more specific. */
  readonly rank: string;
  readonly parameters: Readonly<Record<string, string>>;
}

function matchPath([part, ...pattern]: readonly string[], segments: readonly string[]): PathMatch | undefined {
  const [segment, ...others] = segments;
  if (part === undefined || segment === undefined) {
    return part === segment ? { rank: "", parameters: {} } : undefined;
  }
  const greedy = GREEDY.exec(part)?.[1];
  if (greedy !== undefined) return { rank: "2", parameters: { [greedy]: decode(segments.join("/")) } };
  const variable = VARIABLE.exec(part)?.[1];
  if (variable === undefined && decode(segment) !== part) return undefined;
  const rest = matchPath(pattern, others);
  if (rest === undefined || variable === undefined) return rest && { ...rest, rank: `0${rest.rank}` };
  return { rank: `1${rest.rank}`, parameters: { ...rest.parameters, [variable]: decode(segment) } };
}

function segmentsOf(path: string): readonly string[] {
  const trimmed = path.replace(/^\//, "");
  return trimmed === "" ? [] : trimmed.split("/");
}

/** A path that is not percent-encoded UTF-8 is taken as it is: it comes from anybody. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
