export * from './terminal-chat';
