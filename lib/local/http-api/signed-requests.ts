/** The routes of the HTTP API as a service of AWS, `execute-api`: where a route needs IAM, it is asked, and the function told who calls. */
import type { AwsReply, AwsRequest, AwsService } from "../aws-service.ts";
import { readCredential } from "../gateway/credential.ts";
import type { HttpRequest, RequestHead } from "../gateway/http-message.ts";
import type { Functions } from "../lambda/functions.ts";
import type { Signer } from "./iam-caller.ts";
import type { RouteMatch } from "./route.ts";

interface Routes {
  find(head: RequestHead): RouteMatch | undefined;
  /** The ARN that policies name the request by. */
  resourceOf(head: RequestHead): string;
  answer(request: HttpRequest, match: RouteMatch | undefined, signer?: Signer): Promise<AwsReply>;
  readonly functions: Functions;
}

export function signedRequests({ find, resourceOf, answer, functions }: Routes): AwsService {
  return {
    describe(request) {
      const needsIam = find(request)?.route.needsIam === true;
      return {
        operation: "Invoke",
        needs: needsIam ? [{ action: "execute-api:Invoke", resource: resourceOf(request) }] : [],
      };
    },
    async handle(request) {
      const match = find(request);
      return answer(request, match, match?.route.needsIam ? signerOf(request, functions) : undefined);
    },
  };
}

function signerOf({ caller, headers, query }: AwsRequest, functions: Functions): Signer {
  const accessKeyId = readCredential(headers, query)?.accessKeyId ?? "";
  const owner = functions.all().find(({ settings }) => settings.accessKeyId === accessKeyId);
  return { accessKeyId, arn: caller, session: owner?.settings.name ?? "local" };
}
