import { z } from 'zod';

/** What every app on AWS is told of its environment. */
export const awsEnvironment = {
  /** Credentials and `AWS_ENDPOINT_URL_<SERVICE>` the AWS SDK reads by itself. */
  AWS_REGION: z.string().min(1),
  /** Whether another server stands in for S3: those know buckets by path only. */
  AWS_ENDPOINT_URL: z.string().optional(),
  AWS_ENDPOINT_URL_S3: z.string().optional(),
  /** A collector that takes traces by OTLP over HTTP; without it none are made. Headers for it the SDK reads by itself. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  /** The environment's name, part of every resource's name and tags. */
  SWE_ENV: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,30}$/, 'must be a short name of a-z, 0-9 and -')
    .default('main'),
  SWE_TABLE_NAME: z.string().regex(/^[A-Za-z0-9_.-]{3,255}$/, 'is not a name of a DynamoDB table'),
  SWE_BUCKET_NAME: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is not a name of an S3 bucket'),
  /**
   * A twin's folder that all machines see, where threads of `terminal:` and repositories of `forge:` are: what works
   * without an account. Without it there are none.
   */
  SWE_TWIN_HOME: z.string().optional(),
} as const;
