export * from './folder-workspace';
