import type { RunEvent } from '#core/run-event.ts'
import type { z } from 'zod'
import type { App } from './app.ts'

/** What a verb tells while it works. */
export type VerbEvent =
  | RunEvent
  | { readonly type: 'message'; readonly level: 'note' | 'warning'; readonly text: string }
  | { readonly type: 'progress'; readonly what: string; readonly done: number; readonly total: number | undefined; readonly unit: string }

/** What a verb ends with: data for `--json` and for the terminal, and the exit code of LAYOUT §10. */
export interface VerbReply {
  readonly exitCode: number
  readonly data: unknown
}

export interface VerbContext {
  readonly emit: (event: VerbEvent) => void
  readonly signal: AbortSignal
  /** The folder the user stands in: relative paths are read from there. */
  readonly folder: string
}

/**
 * One thing a user can ask for, apart from how it is asked and shown. It runs in the process that owns the data directory: here, or in the
 * running server, with no visible difference.
 */
export interface Verb<Args extends z.ZodType = z.ZodType> {
  readonly name: string
  readonly args: Args
  run(app: App, args: z.output<Args>, context: VerbContext): Promise<VerbReply>
}

export function defineVerb<Args extends z.ZodType>(verb: Verb<Args>): Verb<Args> {
  return verb
}
