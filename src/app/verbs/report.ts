import { UsageError } from '#core/errors.ts'
import { EXIT } from '#dag/outcome.ts'
import { fundQualityStudy } from '#research/fund-quality-study.ts'
import { z } from 'zod'
import { dateText } from '../night-args.ts'
import { defineVerb } from '../verb.ts'

/** 检验报告: whether a score is worth anything, by what followed it. */
export const report = defineVerb({
  name: 'report',
  args: z.strictObject({ topic: z.enum(['fund-quality']), from: dateText.optional(), to: dateText.optional() }),
  async run(app, { from, to }, { signal }) {
    const coverage = app.ledger.partitions.coverage().find(({ table }) => table === 'stock_fund_quality')
    if (coverage === undefined || coverage.from === 0)
      throw new UsageError('Cannot report on fund quality: stock_fund_quality has not been built. It needs days with ticks; build it with: fupan run --all')
    const [first, last] = [from ?? coverage.from, to ?? coverage.to]
    if (first > last) throw new UsageError(`Cannot report from ${first} to ${last}: the range ends before it begins`)
    const study = await fundQualityStudy(app.engine, app.calendar, { from: first, to: last }, { signal })
    return { exitCode: EXIT.success, data: study }
  },
})
