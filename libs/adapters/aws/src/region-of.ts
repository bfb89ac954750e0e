/** A client of the SDK's, as far as it says where it asks. */
export interface RegionalClient {
  readonly config: { region(): Promise<string> };
}

/** Where a client asks, for whoever reads of its failures. Never throws: that there is none may be the failure. */
export async function regionOf({ config }: RegionalClient): Promise<string> {
  try {
    return await config.region();
  } catch {
    return 'no region (set AWS_REGION)';
  }
}
