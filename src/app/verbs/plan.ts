import { UsageError } from '#core/errors.ts'
import { missingRaw } from '../fetch-raw.ts'
import { planNight } from '../night.ts'
import { nightArgs, rangeOf } from '../night-args.ts'
import { defineVerb } from '../verb.ts'

/** 计划: what `run` would fetch and build, and why, without doing it. */
export const plan = defineVerb({
  name: 'plan',
  args: nightArgs,
  async run(app, args) {
    const range = rangeOf(app, args)
    if (range === 'nothing')
      throw new UsageError('Cannot plan: there are no raw data yet. Import some first: fupan import <file or folder>, or try: fupan demo')
    const missing = missingRaw(app, range.from, range.to)
    const planned = planNight(app, {
      ...range,
      targets: args.targets,
      scope: args.scope,
      force: args.force,
      ...(args.codes === undefined ? {} : { codes: args.codes }),
    })
    return {
      exitCode: 0,
      data: {
        from: range.from,
        to: range.to,
        fresh: planned.fresh,
        fetch: missing.map(({ dataset, dates }) => ({ task: `fetch ${dataset}`, from: dates[0], to: dates.at(-1), days: dates.length })),
        steps: planned.steps.map(({ task, from, to, dates, why }) => ({ task, from, to, days: dates.length, why })),
        blocked: planned.blocked.map(({ task, dates, missing: input, kind }) => ({
          task,
          from: dates[0],
          to: dates.at(-1),
          days: dates.length,
          missing: input,
          kind,
        })),
      },
    }
  },
})
