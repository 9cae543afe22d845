import { useCallback, useSyncExternalStore } from 'react'
import { barWire } from './bar-wire.ts'
import { noLiveBars, type LiveBars } from './state/live-bars.ts'

/** The session's bars of a channel while mounted; undefined listens to nothing. */
export function useLiveBars(name: string | undefined): LiveBars {
  const listen = useCallback((changed: () => void) => (name === undefined ? () => {} : barWire.listen(name, changed)), [name])
  return useSyncExternalStore(listen, () => (name === undefined ? noLiveBars : barWire.barsOf(name)))
}
