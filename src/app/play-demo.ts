import type { App } from './app.ts'
import { runVerb } from './run-verb.ts'
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
  const reply = await runVerb(app, 'run', { all: true }, context)
  if (reply.exitCode !== 0 || once || context.signal.aborted) return reply.exitCode
  void app.live
    .play({ date: to, kind: 'simulated', speed, signal: context.signal })
    .catch((error: unknown) => app.log.error({ err: error }, 'the live session ended badly'))
  say(`Live session of ${to} at ${speed} times the clock.`)
  return 0
}
