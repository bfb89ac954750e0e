export * from './read-objects';
export * from './s3-blob-store';
