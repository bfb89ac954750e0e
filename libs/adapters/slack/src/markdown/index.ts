export * from './to-slack-message';
