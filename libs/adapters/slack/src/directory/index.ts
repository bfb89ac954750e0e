export * from './slack-directory';
