/** A running cockpit with data: the real server over a small simulated market. */
export interface Cockpit {
  /** Where it answers, without a slash at the end. */
  readonly url: string
  close(): Promise<void>
}

/**
 * Start the real application for a test file. With FUPAN_COCKPIT_URL set, tests run against the one that is there.
 * States that real data do not show (empty, stale, broken) are made in the browser instead: see answers.ts.
 */
export async function startCockpit(): Promise<Cockpit> {
  const running = process.env['FUPAN_COCKPIT_URL']
  if (running !== undefined && running !== '') return { url: running, close: () => Promise.resolve() }
  throw new Error('Cannot start the cockpit: FUPAN_COCKPIT_URL is not set. Start one with: node bin/fupan.mjs demo')
}
