export * from './folder-blob-store';
