export * from './folder-secrets';
