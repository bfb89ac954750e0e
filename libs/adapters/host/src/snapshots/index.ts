export * from './git-snapshots';
