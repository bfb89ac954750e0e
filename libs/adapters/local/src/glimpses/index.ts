export * from './folder-glimpses';
