/** A strategy read what was not known yet. Always a bug of the strategy: the run stops. */
export class LookaheadError extends Error {
  override readonly name = 'LookaheadError'
}
