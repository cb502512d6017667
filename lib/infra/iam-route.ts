/** A route of the HTTP API for callers that IAM lets in: what they may do there is for its function to say. */
import { type HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpIamAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { IFunction } from "aws-cdk-lib/aws-lambda";

interface IamRoute {
  /** Of the integration. */
  readonly id: string;
  /** Without a slash at its beginning. */
  readonly path: string;
  readonly method?: HttpMethod;
}

export function addIamRoute(
  api: HttpApi,
  { id, path, method = HttpMethod.POST }: IamRoute,
  answering: IFunction,
): void {
  api.addRoutes({
    path: `/${path}`,
    methods: [method],
    integration: new HttpLambdaIntegration(id, answering),
    authorizer: new HttpIamAuthorizer(),
  });
}
