/** What of https://docs.github.com/en/graphql/reference is served: what REST lacks. Types and arguments are as they are there. */
export const GITHUB_SCHEMA = /* GraphQL */ `
  scalar BigInt
  scalar DateTime
  scalar GitObjectID
  scalar URI

  enum DiffSide {
    LEFT
    RIGHT
  }
  enum MergeableState {
    CONFLICTING
    MERGEABLE
    UNKNOWN
  }
  enum PullRequestReviewCommentState {
    PENDING
    SUBMITTED
  }
  enum PullRequestReviewState {
    APPROVED
    CHANGES_REQUESTED
    COMMENTED
    DISMISSED
    PENDING
  }
  enum PullRequestState {
    CLOSED
    MERGED
    OPEN
  }

  interface Node {
    id: ID!
  }
  interface Actor {
    login: String!
    url: URI!
  }
  type User implements Node & Actor {
    id: ID!
    databaseId: Int
    login: String!
    name: String
    url: URI!
  }
  type Bot implements Node & Actor {
    id: ID!
    databaseId: Int
    login: String!
    url: URI!
  }
  type Organization implements Node & Actor {
    id: ID!
    databaseId: Int
    login: String!
    url: URI!
  }

  type PageInfo {
    endCursor: String
    hasNextPage: Boolean!
    hasPreviousPage: Boolean!
    startCursor: String
  }
  type RateLimit {
    cost: Int!
    limit: Int!
    remaining: Int!
    resetAt: DateTime!
    used: Int!
  }

  type Repository implements Node {
    id: ID!
    name: String!
    nameWithOwner: String!
    isArchived: Boolean!
    isPrivate: Boolean!
    pullRequest(number: Int!): PullRequest
    url: URI!
  }

  type PullRequest implements Node {
    id: ID!
    author: Actor
    baseRefName: String!
    baseRefOid: GitObjectID!
    body: String!
    createdAt: DateTime!
    headRefName: String!
    headRefOid: GitObjectID!
    isCrossRepository: Boolean!
    isDraft: Boolean!
    mergeable: MergeableState!
    merged: Boolean!
    number: Int!
    repository: Repository!
    reviewThreads(after: String, before: String, first: Int, last: Int): PullRequestReviewThreadConnection!
    state: PullRequestState!
    title: String!
    updatedAt: DateTime!
    url: URI!
  }

  type PullRequestReviewThreadConnection {
    edges: [PullRequestReviewThreadEdge]
    nodes: [PullRequestReviewThread]
    pageInfo: PageInfo!
    totalCount: Int!
  }
  type PullRequestReviewThreadEdge {
    cursor: String!
    node: PullRequestReviewThread
  }
  type PullRequestReviewThread implements Node {
    id: ID!
    comments(after: String, before: String, first: Int, last: Int): PullRequestReviewCommentConnection!
    diffSide: DiffSide!
    isCollapsed: Boolean!
    isOutdated: Boolean!
    isResolved: Boolean!
    line: Int
    originalLine: Int
    originalStartLine: Int
    path: String!
    pullRequest: PullRequest!
    repository: Repository!
    resolvedBy: User
    startLine: Int
    viewerCanReply: Boolean!
    viewerCanResolve: Boolean!
  }

  type PullRequestReviewCommentConnection {
    edges: [PullRequestReviewCommentEdge]
    nodes: [PullRequestReviewComment]
    pageInfo: PageInfo!
    totalCount: Int!
  }
  type PullRequestReviewCommentEdge {
    cursor: String!
    node: PullRequestReviewComment
  }
  type PullRequestReviewComment implements Node {
    id: ID!
    author: Actor
    body: String!
    createdAt: DateTime!
    diffHunk: String!
    editor: Actor
    fullDatabaseId: BigInt
    lastEditedAt: DateTime
    outdated: Boolean!
    path: String!
    pullRequest: PullRequest!
    pullRequestReview: PullRequestReview
    replyTo: PullRequestReviewComment
    state: PullRequestReviewCommentState!
    updatedAt: DateTime!
    url: URI!
  }
  type IssueComment implements Node {
    id: ID!
    author: Actor
    body: String!
    createdAt: DateTime!
    editor: Actor
    fullDatabaseId: BigInt
    lastEditedAt: DateTime
    updatedAt: DateTime!
  }
  type PullRequestReview implements Node {
    id: ID!
    author: Actor
    body: String!
    fullDatabaseId: BigInt
    state: PullRequestReviewState!
    submittedAt: DateTime
  }

  type Query {
    node(id: ID!): Node
    nodes(ids: [ID!]!): [Node]!
    rateLimit(dryRun: Boolean = false): RateLimit
    repository(followRenames: Boolean = true, name: String!, owner: String!): Repository
    viewer: User!
  }

  input AddPullRequestReviewThreadReplyInput {
    body: String!
    clientMutationId: String
    pullRequestReviewThreadId: ID!
  }
  type AddPullRequestReviewThreadReplyPayload {
    clientMutationId: String
    comment: PullRequestReviewComment
  }
  input ConvertPullRequestToDraftInput {
    clientMutationId: String
    pullRequestId: ID!
  }
  type ConvertPullRequestToDraftPayload {
    clientMutationId: String
    pullRequest: PullRequest
  }
  input MarkPullRequestReadyForReviewInput {
    clientMutationId: String
    pullRequestId: ID!
  }
  type MarkPullRequestReadyForReviewPayload {
    clientMutationId: String
    pullRequest: PullRequest
  }
  input ResolveReviewThreadInput {
    clientMutationId: String
    threadId: ID!
  }
  type ResolveReviewThreadPayload {
    clientMutationId: String
    thread: PullRequestReviewThread
  }
  input UnresolveReviewThreadInput {
    clientMutationId: String
    threadId: ID!
  }
  type UnresolveReviewThreadPayload {
    clientMutationId: String
    thread: PullRequestReviewThread
  }

  type Mutation {
    addPullRequestReviewThreadReply(
      input: AddPullRequestReviewThreadReplyInput!
    ): AddPullRequestReviewThreadReplyPayload
    convertPullRequestToDraft(input: ConvertPullRequestToDraftInput!): ConvertPullRequestToDraftPayload
    markPullRequestReadyForReview(
      input: MarkPullRequestReadyForReviewInput!
    ): MarkPullRequestReadyForReviewPayload
    resolveReviewThread(input: ResolveReviewThreadInput!): ResolveReviewThreadPayload
    unresolveReviewThread(input: UnresolveReviewThreadInput!): UnresolveReviewThreadPayload
  }
`;
