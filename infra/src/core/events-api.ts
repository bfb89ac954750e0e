import { AppSyncAuthorizationType, EventApi } from 'aws-cdk-lib/aws-appsync';
import { Construct } from 'constructs';

/** Fixed by the adapter: a session's channel is `/sessions/<id>`. */
const NAMESPACE = 'sessions';

/**
 * Where hints cross machines. Everybody signs with IAM; permissions go by namespace, not by channel, and an event says
 * nothing but a session's id.
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
    api.addChannelNamespace(NAMESPACE);
    this.apiArn = api.apiArn;
    this.namespaceArn = `${api.apiArn}/channelNamespace/${NAMESPACE}`;
    this.httpUrl = `https://${api.httpDns}`;
    this.realtimeUrl = `wss://${api.realtimeDns}`;
  }
}
