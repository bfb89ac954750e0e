export * from './from-mrkdwn';
