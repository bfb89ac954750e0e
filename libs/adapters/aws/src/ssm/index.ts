export * from './ssm-secrets';
