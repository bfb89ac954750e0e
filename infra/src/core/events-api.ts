import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AppSyncAuthorizationType, Code, EventApi } from 'aws-cdk-lib/aws-appsync';
import { Construct } from 'constructs';

/** Fixed by the adapter: a session's channel is `/sessions/<id>`. */
const NAMESPACE = 'sessions';

const HANDLER = fileURLToPath(new URL('./channel-handler.mjs', import.meta.url));

/**
 * Where hints cross machines. Everybody signs with IAM, whose permissions go by namespace; a handler keeps daemons to the
 * channels of their sessions. An event says nothing but a session's id.
 */
export class EventsApi extends Construct {
  readonly apiArn: string;
  readonly namespaceArn: string;
  readonly httpUrl: string;
  readonly realtimeUrl: string;

  constructor(scope: Construct, id: string, apiName: string) {
    super(scope, id);
    const iam = AppSyncAuthorizationType.IAM;
    const api = new EventApi(this, 'Api', {
      apiName,
      authorizationConfig: {
        authProviders: [{ authorizationType: iam }],
        connectionAuthModeTypes: [iam],
        defaultPublishAuthModeTypes: [iam],
        defaultSubscribeAuthModeTypes: [iam],
      },
    });
    api.addChannelNamespace(NAMESPACE, { code: Code.fromInline(readFileSync(HANDLER, 'utf8')) });
    this.apiArn = api.apiArn;
    this.namespaceArn = `${api.apiArn}/channelNamespace/${NAMESPACE}`;
    this.httpUrl = `https://${api.httpDns}`;
    this.realtimeUrl = `wss://${api.realtimeDns}`;
  }
}
