/** That somebody may have the agent work in a workspace (`slack:<team>`), and who said so. */
export interface Approval {
  readonly workspace: string;
  /** A requester; or whatever else an admin lets in, in a workspace of its own (`approvalOfServers`). */
  readonly person: string;
  /** The requester who approved. */
  readonly by: string;
  readonly atMs: number;
}

/**
 * Who was let in by an admin.
 *
 * - who was approved is approved, in that workspace and no other
 * - a second approval changes nothing: the first one stays
 * - a revoked person is approved no more, until approved again; revoking somebody else changes nothing
 * - `list` gives every approval of the workspace once, oldest first
 */
export interface Access {
  approve(approval: Approval): Promise<void>;
  revoke(workspace: string, person: string): Promise<void>;
  isApproved(workspace: string, person: string): Promise<boolean>;
  list(workspace: string): Promise<readonly Approval[]>;
}
