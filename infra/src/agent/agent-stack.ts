import { Aws, CfnParameter, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import {
  BlockDeviceVolume,
  EbsDeviceVolumeType,
  LaunchTemplate,
  LaunchTemplateHttpTokens,
  MachineImage,
  UserData,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { agentConfig } from '@swe/config/agent';
import { AGENT_METRICS } from '@swe/config/log-metrics';
import type { Variables } from '@swe/config/variables';
import type { Construct } from 'constructs';
import { appEnvironment } from '../app-environment';
import type { CoreStack } from '../core/core-stack';
import { logGroupNameOf, nameOf, parameterName } from '../names';
import { actionableAlarm } from '../operations/actionable-alarm';
import { loggedMetric, measureLog } from '../operations/measure-log';
import type { Settings } from '../settings';
import { bootCommands } from './boot-commands';
import { sessionRole, sessionRoleArn } from './session-role';
import { WorkerImage } from './worker-image';
import { WorkerNetwork } from './worker-network';
import { workerRole } from './worker-role';

export interface AgentStackProps extends StackProps {
  readonly settings: Settings;
  readonly core: CoreStack;
  /** What a fresh machine runs first. */
  readonly bootScript: string;
  /** What the machine has beside the daemon is installed by it. */
  readonly installScript: string;
}

/** Where Debian says which image is its latest: https://wiki.debian.org/Cloud/AmazonEC2Image */
const IMAGE = '/aws/service/debian/release/13/latest';
const ROOT_DEVICE = '/dev/xvda';

/** Set where the daemon starts: by `start-agent`, and by systemd. */
export const GIVEN_BY_MACHINE = ['SWE_SESSION_ID', 'SWE_GENERATION', 'PATH'];

/** Where the machines' network, image, disk and role, and the manager's reading of them, meet. */
export class AgentStack extends Stack {
  constructor(scope: Construct, id: string, props: AgentStackProps) {
    super(scope, id, props);
    const { settings, core, bootScript, installScript } = props;
    const { environment, architecture, organisationArchive } = settings;
    const name = nameOf(environment, 'agent');
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: logGroupNameOf(environment, 'agent'),
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    measureLog(logGroup, environment, AGENT_METRICS);
    actionableAlarm(this, 'TurnsFail', {
      environment,
      name: 'agent-turns-failing',
      says: 'Work fails again and again.',
      metric: loggedMetric(environment, 'TurnsFailed', { period: Duration.minutes(15) }),
      threshold: 3,
      topic: core.alarms,
    });
    // Not part of the template: it is packed when it is deployed, which takes packages for another architecture.
    const archive = new CfnParameter(this, 'AgentArchive', {
      description: "The object in the bucket that holds the daemon; its name is its content's hash",
      allowedPattern: '^agent/[0-9a-f]{64}\\.tar\\.gz$',
    });
    const own = {
      AWS_REGION: Aws.REGION,
      SWE_ENV: environment,
      ...core.variables,
      ...core.eventsVariables,
      SWE_SESSION_ROLE_ARN: sessionRoleArn(this, environment),
      SWE_LOG_GROUP_NAME: logGroupNameOf(environment, 'agent'),
    };
    const { variables, parameters } = appEnvironment(agentConfig, own, {
      handedOn: settings.handedOn,
      given: GIVEN_BY_MACHINE,
    });
    const forBoot: Variables = {
      SWE_AGENT_ARCHIVE: archive.valueAsString,
      ...(organisationArchive !== undefined && { SWE_ORGANISATION_ARCHIVE: organisationArchive }),
    };

    const network = new WorkerNetwork(this, 'Network', { network: settings.network, name });
    const { events } = core;
    const role = workerRole(this, { environment, organisationArchive });
    sessionRole(this, { environment, events, parameters, workerRole: role });
    const parent = `${IMAGE}/${architecture === 'arm64' ? 'arm64' : 'amd64'}`;
    new WorkerImage(this, 'Image', { ...settings, parent, network, installScript });
    const template = new LaunchTemplate(this, 'LaunchTemplate', {
      launchTemplateName: name,
      // Until there is one of our own, which the manager asks for.
      machineImage: MachineImage.fromSsmParameter(parent, {
        userData: UserData.custom(bootCommands({ ...variables, ...forBoot }, bootScript)),
      }),
      role,
      securityGroup: network.securityGroup,
      blockDevices: [
        {
          deviceName: ROOT_DEVICE,
          volume: BlockDeviceVolume.ebs(30, {
            volumeType: EbsDeviceVolumeType.GP3,
            encrypted: true,
            deleteOnTermination: true,
          }),
        },
      ],
      // What the manager asks for as well, for whoever launches one by hand.
      httpTokens: LaunchTemplateHttpTokens.REQUIRED,
      httpPutResponseHopLimit: 1,
      instanceMetadataTags: true,
    });

    // Read by the manager's stack at each of its deployments. As an export, the version could not change while it is used.
    const tell = (what: string, stringValue: string) =>
      new StringParameter(this, what, { parameterName: parameterName(environment, what), stringValue });
    tell('launch-template-id', template.launchTemplateId ?? '');
    tell('launch-template-version', template.latestVersionNumber);
    tell('subnet-ids', network.subnetIds.join(','));
  }
}
