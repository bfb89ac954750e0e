/** What something costs in us-east-1, in US dollars. */
export interface Price {
  readonly usd: number;
  readonly per: string;
  /** Where it was read, and when. */
  readonly source: string;
  readonly checkedOn: string;
}

const CHECKED_ON = '2026-11-26';

const EC2 = 'https://aws.amazon.com/ec2/pricing/on-demand/';
const EBS = 'https://aws.amazon.com/ebs/pricing/';
const VPC = 'https://aws.amazon.com/blogs/aws/new-aws-public-ipv4-address-charge-public-ip-insights/';
const DYNAMODB = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';
const APPSYNC = 'https://aws.amazon.com/appsync/pricing/';
const LAMBDA = 'https://aws.amazon.com/lambda/pricing/';
const API_GATEWAY = 'https://aws.amazon.com/api-gateway/pricing/';
const S3 = 'https://aws.amazon.com/s3/pricing/';
const CLOUDWATCH = 'https://aws.amazon.com/cloudwatch/pricing/';

/** List prices, without what is free for an account's first year. */
export const PRICES = {
  t3Large: price(0.0832, 'hour of t3.large', EC2),
  t4gLarge: price(0.0672, 'hour of t4g.large', EC2),
  publicAddress: price(0.005, 'hour of a public IPv4 address', VPC),
  disk: price(0.08, 'GB-month of gp3', EBS),
  snapshot: price(0.05, 'GB-month of snapshots', EBS),
  tableRead: price(0.125 / 1e6, 'read request unit', DYNAMODB),
  tableWrite: price(0.625 / 1e6, 'write request unit', DYNAMODB),
  tableStorage: price(0.25, 'GB-month of a table', DYNAMODB),
  tableBackup: price(0.2, 'GB-month of point-in-time recovery', DYNAMODB),
  hint: price(1 / 1e6, 'operation of AppSync Events', APPSYNC),
  hintMinute: price(0.08 / 1e6, 'minute of a connection', APPSYNC),
  invocation: price(0.2 / 1e6, 'invocation of a function', LAMBDA),
  functionSecond: price(0.0000133334, 'GB-second on arm64', LAMBDA),
  httpRequest: price(1 / 1e6, 'request of an HTTP API', API_GATEWAY),
  objectStorage: price(0.023, 'GB-month of objects', S3),
  objectWrite: price(0.005 / 1e3, 'PUT of an object', S3),
  alarm: price(0.1, 'alarm and month', CLOUDWATCH),
  dashboard: price(3, 'dashboard and month', CLOUDWATCH),
  metric: price(0.3, 'metric and month, for the hours in which it has values', CLOUDWATCH),
  logIngestion: price(0.5, 'GB of logs taken in', CLOUDWATCH),
  logStorage: price(0.03, 'GB-month of logs', CLOUDWATCH),
} as const satisfies Readonly<Record<string, Price>>;

/**
 * What a spot instance costs of its price on demand. It is a market's, and changes by the hour; AWS says up to 90 % less
 * (https://aws.amazon.com/ec2/spot/pricing/).
 */
export const SPOT_SHARE = 0.4;

/** What CloudWatch gives every account each month, however old it is: https://aws.amazon.com/cloudwatch/pricing/ */
export const FREE_EACH_MONTH = { alarms: 10, dashboards: 3, logGigabytes: 5 } as const;

function price(usd: number, per: string, source: string): Price {
  return { usd, per, source, checkedOn: CHECKED_ON };
}
