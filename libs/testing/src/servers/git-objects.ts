export interface GitPerson {
  readonly name: string;
  readonly email: string;
}

export interface GitCommit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: GitPerson & { readonly date: string };
  readonly committer: GitPerson & { readonly date: string };
}

/** One file of a difference. */
export interface GitFileChange {
  readonly path: string;
  readonly previousPath: string | undefined;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed';
  /** Of the file as it is afterwards; before, where it is removed. */
  readonly blob: string;
  readonly additions: number;
  readonly deletions: number;
  /** Its hunks; undefined where it is binary. */
  readonly patch: string | undefined;
}

export interface GitTreeEntry {
  readonly path: string;
  readonly mode: string;
  readonly type: 'blob' | 'tree' | 'commit';
  readonly sha: string;
  readonly size: number | undefined;
}

export interface GitNewCommit {
  readonly branch: string;
  /** By path; null deletes. */
  readonly files: Readonly<Record<string, string | null>>;
  readonly message: string;
  readonly author: GitPerson;
  readonly atMs: number;
  /** What a branch that is not there yet starts from. */
  readonly from?: string;
}
