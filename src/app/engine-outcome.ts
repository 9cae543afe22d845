import type { Outcome } from '#core/run-event.ts'
import type { EngineError } from '#warehouse/engine/engine.ts'

/** What a bad ending of an engine statement means for the task that asked for it. */
export function failureOf(error: EngineError, again: string): Outcome {
  switch (error.kind) {
    case 'cancelled':
      return { type: 'cancelled' }
    case 'out-of-memory':
      return {
        type: 'failed',
        reason: 'out-of-memory',
        detail: error.message,
        nextStep: `Give the engine more with FUPAN_MEMORY_BYTES, or build fewer days at a time: ${again}`,
      }
    case 'disk-full':
      return { type: 'failed', reason: 'disk-full', detail: error.message, nextStep: `Free space in the data directory, then: ${again}` }
    case 'timed-out':
      return { type: 'failed', reason: 'timed-out', detail: error.message, nextStep: `Build fewer days at a time: ${again}` }
    case 'unavailable':
    case 'locked':
      return { type: 'failed', reason: 'source-unavailable', detail: error.message, nextStep: `Check the engine with: fupan doctor. Then: ${again}` }
    case 'syntax':
    case 'unknown-table':
    case 'result-too-large':
    case 'other':
      return { type: 'failed', reason: 'engine-error', detail: error.message, nextStep: `Try again with: ${again}` }
    default:
      return error.kind satisfies never
  }
}
