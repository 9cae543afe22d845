import { UsageError } from '#core/errors.ts'
import type { Outcome } from '#core/run-event.ts'
import { EXIT, exitCodeOfAll } from '#dag/outcome.ts'
import { upstreamOf } from '#warehouse/lineage.ts'
import type { Table } from '#warehouse/table.ts'
import { findTable } from '#warehouse/tables.ts'
import { fetchForeign } from '../fetch-foreign.ts'
import { fetchRaw, missingRaw } from '../fetch-raw.ts'
import { runNight } from '../night.ts'
import { nightArgs, rangeOf } from '../night-args.ts'
import { simulatedWorld } from '../simulated-source.ts'
import { keepTruth } from '../sim-truth.ts'
import { defineVerb } from '../verb.ts'

/** 运行: bring missing raw data in where a source has them, then build what is stale. */
export const run = defineVerb({
  name: 'run',
  args: nightArgs,
  async run(app, args, context) {
    const { emit, signal } = context
    const range = rangeOf(app, args)
    if (range === 'nothing') {
      throw new UsageError(
        app.world === 'market'
          ? 'Cannot run: there are no raw data yet. Import some first: fupan import <file or folder>, or try the simulated market: fupan demo'
          : 'Cannot run: the simulated market is empty. Make it with: fupan demo',
      )
    }
    const missing = missingRaw(app, range.from, range.to, args.targets).filter(({ table }) => isWanted(table, args.targets))
    const batch = `fetch-${app.clock.now()}`
    const own: readonly Outcome[] = await fetchRaw(app, missing, batch, emit, signal)
    // Whoever asks for some tables asks for A shares.
    const foreign = args.targets.length === 0 && !signal.aborted ? await fetchForeign(app, batch, emit, signal) : []
    const fetched = [...own, ...foreign]
    const report = await runNight(
      app,
      { ...range, targets: args.targets, scope: args.scope, force: args.force, ...(args.codes === undefined ? {} : { codes: args.codes }) },
      emit,
      signal,
    )
    if (app.world === 'sim' && args.targets.length === 0 && !signal.aborted) await keepTruth(app, simulatedWorld(app, 'run'), context)
    const exitCode = Math.max(exitCodeOfAll(fetched), report.exitCode)
    return {
      exitCode: report.outcomes.size === 0 && fetched.length === 0 ? EXIT.success : exitCode,
      data: {
        run: report.run,
        state: report.state,
        from: range.from,
        to: range.to,
        tasks: [...report.outcomes].map(([task, outcome]) => ({ task, ...outcome })),
      },
    }
  },
})

/** Whether a raw table is asked for: by its own name, by that of a table made from it, or because everything is. A dimension always is: pages read names from it. */
function isWanted(raw: Table, targets: readonly string[]): boolean {
  if (targets.length === 0 || raw.layer === 'dim') return true
  return targets.some((name) => {
    const target = findTable(name)
    return target === raw || (target !== undefined && upstreamOf(target).includes(raw))
  })
}
