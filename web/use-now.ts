import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
let now = Date.now()

setInterval(() => {
  now = Date.now()
  for (const listener of listeners) listener()
}, 1000)

/** This machine's time in epoch ms, once a second: all ages on the page move together. */
export function useNow(): number {
  return useSyncExternalStore(watch, () => now)
}

function watch(changed: () => void): () => void {
  listeners.add(changed)
  return () => listeners.delete(changed)
}
