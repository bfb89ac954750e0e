import { CfnSecurityGroup, IpAddresses, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import type { Settings } from '../settings';

export interface WorkerNetworkOptions extends Pick<Settings, 'network'> {
  readonly name: string;
}

/**
 * Where the machines are: subnets with public addresses, because a gateway that translates them costs more than all the
 * rest while nobody works, and a security group that lets nobody in.
 */
export class WorkerNetwork extends Construct {
  readonly subnetIds: readonly string[];
  readonly securityGroup: ISecurityGroup;

  constructor(scope: Construct, id: string, { network, name }: WorkerNetworkOptions) {
    super(scope, id);
    const { vpcId, subnetIds } = network ?? this.#ownNetwork(name);
    this.subnetIds = subnetIds;
    const group = new CfnSecurityGroup(this, 'SecurityGroup', {
      vpcId,
      groupName: name,
      groupDescription: 'Machines of agents: they call others, and nobody calls them',
      securityGroupEgress: [{ ipProtocol: '-1', cidrIp: '0.0.0.0/0' }],
    });
    this.securityGroup = SecurityGroup.fromSecurityGroupId(this, 'Group', group.attrGroupId);
  }

  #ownNetwork(vpcName: string) {
    const vpc = new Vpc(this, 'Vpc', {
      vpcName,
      ipAddresses: IpAddresses.cidr('10.80.0.0/16'),
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'public', subnetType: SubnetType.PUBLIC, cidrMask: 20 }],
      // Nothing uses it, and emptying it would take a function.
      restrictDefaultSecurityGroup: false,
    });
    acknowledge(vpc, 'VPC7', 'Nobody can call the machines; a log of what they call costs by the gigabyte.');
    return { vpcId: vpc.vpcId, subnetIds: vpc.publicSubnets.map(({ subnetId }) => subnetId) };
  }
}
