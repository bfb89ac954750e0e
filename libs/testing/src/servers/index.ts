export { anthropicEvents } from './anthropic-events';
export { lintTemplates } from './cfn-lint';
export { openDynamoDbLocal } from './dynamodb-local';
export type { Emulator } from './emulator';
export { dynamoPermissions, s3Permissions } from './aws-permissions';
export type { AwsPermission, AwsRequest } from './aws-permissions';
export { openFrontingServer } from './fronting-server';
export type { FrontingServer } from './fronting-server';
export { isAllowed } from './iam-policy';
export type { IamRequest, IamStatement } from './iam-policy';
export { openFauxqs } from './fauxqs';
export { openMoto } from './moto';
export { useEmulator } from './use-emulator';
export { openLoopbackAnthropic } from './loopback-anthropic';
export { openLoopbackAppSyncEvents } from './loopback-appsync-events';
export type { LoopbackAppSyncEvents, LoopbackAppSyncOptions } from './loopback-appsync-events';
export { openLoopbackSts } from './loopback-sts';
export type { LoopbackSts } from './loopback-sts';
export { openLoopbackBedrock } from './loopback-bedrock';
export type { LoopbackBedrockOptions } from './loopback-bedrock';
export { AwsRefusal, streamArnOf } from './aws-account';
export type { AwsAccount } from './aws-account';
export type { AwsCall } from './aws-call';
export { deployAccount } from './deploy-account';
export type { DeployOptions } from './deploy-account';
export { openLoopbackAws } from './loopback-aws';
export type { LoopbackAws } from './loopback-aws';
export { Ec2Refusal } from './ec2-world';
export type { Ec2Instance, Ec2World } from './ec2-world';
export { openLoopbackEc2 } from './loopback-ec2';
export type { LoopbackEc2 } from './loopback-ec2';
export { credentialShapes } from './credential-shapes';
export { git } from './git-fixture';
export type { GitResult } from './git-fixture';
export type { GitPushRules } from './git-backend';
export { gitWith, openGitSession } from './git-session';
export type { GitSession, GitSessionParts, LoggedFact } from './git-session';
export type { GitRefChange } from './git-hooks';
export type { GitAccess, GitCredential, GitRequest } from './git-request';
export { bareRepositoryPath, createBareRepository, gitHandler, openLoopbackGit } from './loopback-git';
export type {
  GitCut,
  GitHandler,
  GitPush,
  GitRequestSeen,
  GitVerdict,
  LoopbackGit,
  LoopbackGitOptions,
} from './loopback-git';
export type { GitNewCommit } from './git-objects';
export type { GithubActivity } from './github-activity';
export type { GithubCallSeen, GithubRequest } from './github-api';
export { githubDescription } from './github-description';
export type { GithubDescription } from './github-description';
export { githubSignature } from './github-hooks';
export type { GithubDelivery, GithubHooks } from './github-hooks';
export type { GithubPullRequest } from './github-pull';
export { badGateway, GithubRefusal, notFound, secondaryRateLimit, validationFailed } from './github-refusal';
export type { GithubPermissions, GithubTokens } from './github-tokens';
export { fullNameOf } from './github-entities';
export { GithubWorld } from './github-world';
export type { GithubRepositoryOptions } from './github-world';
export type {
  GithubApp,
  GithubCheckRun,
  GithubComment,
  GithubInstallation,
  GithubIssue,
  GithubRepository,
  GithubRole,
  GithubThread,
  GithubUser,
} from './github-entities';
export { openLoopbackGithub } from './loopback-github';
export type { LoopbackGithub, LoopbackGithubOptions } from './loopback-github';
export { openLoopbackCognito } from './loopback-cognito';
export type { CognitoPerson, LoopbackCognito } from './loopback-cognito';
export { openLoopbackImds } from './loopback-imds';
export type { LoopbackImds } from './loopback-imds';
export { openLoopbackOpenAi } from './loopback-openai';
export { openLoopbackSlack } from './loopback-slack';
export type { LoopbackSlack, LoopbackSlackOptions } from './loopback-slack';
export { signature } from './slack-deliveries';
export type { SlackAttempt } from './slack-deliveries';
export {
  blockActions,
  changedEvent,
  deletedEvent,
  editEventsOf,
  eventCallback,
  eventsOf,
  slashCommand,
} from './slack-events';
export type { SlackTold } from './slack-people';
export { SlackRefusal } from './slack-refusal';
export { BOT, OTHER_TEAM, SlackWorld, TEAM } from './slack-world';
export type { SlackChannel, SlackFileEntry, SlackPerson, SlackPersonKind, SlackPost } from './slack-world';
export type {
  LoopbackAnswer,
  LoopbackCall,
  LoopbackReasoning,
  LoopbackRefusal,
  LoopbackRequest,
  LoopbackScript,
  LoopbackTurn,
} from './loopback-script';
export { brokenPairs, lastResults, readConversation, wordsOfUser } from './read-conversation';
export type { Part } from './read-conversation';
export { writtenEvent } from './loopback-server';
export type { LoopbackServer } from './loopback-server';
export type { Signer } from './verify-sigv4';
export * from './loopback-tool-server';
export { openLoopbackOtlp } from './loopback-otlp';
export type { CollectedSpan, LoopbackOtlp } from './loopback-otlp';
