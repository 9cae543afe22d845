import type { TradeDate } from '#core/trade-date.ts'
import type { App } from './app.ts'
import { runVerb } from './run-verb.ts'
import { settleClose } from './settle-close.ts'
import { settleWorld } from './simulated-source.ts'
import type { VerbContext } from './verb.ts'
import { rawExtent } from './night-args.ts'

/** Fill the simulated market, run its night, and play its last day as a live session. */
export async function playDemo(
  app: App,
  context: VerbContext,
  say: (text: string) => void,
  { once, speed }: { readonly once: boolean; readonly speed: number },
): Promise<number> {
  const { from, to } = rawExtent(app)!
  say(`Simulated market, ${from} to ${to}: every number in it is invented.`)
  if (once) return (await runVerb(app, 'run', { all: true }, context)).exitCode
  // What the first page needs comes first; the rest of the night is made while somebody looks at it.
  const first = await runVerb(app, 'run', { targets: ['strategy_candidates'], all: true }, context)
  if (first.exitCode !== 0 || context.signal.aborted) return first.exitCode
  void finish(app, context, say, { to, speed }).catch((error: unknown) => app.log.error({ err: error }, 'the demo ended badly'))
  return 0
}

async function finish(
  app: App,
  context: VerbContext,
  say: (text: string) => void,
  { to, speed }: { readonly to: TradeDate; readonly speed: number },
): Promise<void> {
  const rest = await runVerb(app, 'run', { all: true }, context)
  if (rest.exitCode !== 0 || context.signal.aborted) return
  await settleClose(app, settleWorld(app.folders.root, app.calendar, app.clock.now()), context.signal)
  say(`Live session of ${to} at ${speed} times the clock.`)
  await app.live.play({ date: to, kind: 'simulated', speed, signal: context.signal })
}
