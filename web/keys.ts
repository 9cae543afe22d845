import { useEffect, useEffectEvent } from 'react'
import type { KeyAction } from './state/key-sequence.ts'

/** Answers true when the action was its own. */
type Handler = (action: KeyAction) => boolean

const handlers: Handler[] = []

/** Answer key actions while mounted. What is mounted last is asked first. */
export function useKeyActions(handler: Handler): void {
  const latest = useEffectEvent(handler)
  useEffect(() => {
    const own: Handler = (action) => latest(action)
    handlers.push(own)
    return () => {
      handlers.splice(handlers.indexOf(own), 1)
    }
  }, [])
}

/** Hand an action to the pages; false when none of them wanted it. */
export function dispatchKey(action: KeyAction): boolean {
  return handlers.toReversed().some((handler) => handler(action))
}
