import { UsageError } from '#core/errors.ts'
import { z } from 'zod'
import { codeText, dateText } from '../night-args.ts'
import { defineVerb } from '../verb.ts'

/** 回放: a recorded tick day through the same pipeline a live session uses; its events go to the ledger and to the pages that listen. */
export const replayVerb = defineVerb({
  name: 'replay',
  args: z.strictObject({
    date: dateText.optional(),
    codes: z.array(codeText).optional(),
    speed: z.union([z.literal('max'), z.coerce.number().positive().max(100_000)]).default('max'),
  }),
  async run(app, { date: asked, codes, speed }, { signal }) {
    const covered = app.ledger.partitions.coverage().find(({ table }) => table === 'ods_tick')
    if (covered === undefined)
      throw new UsageError('Cannot replay: there are no ticks. Import a tick day with: fupan import <file>, or make a simulated market with: fupan demo')
    const date = asked ?? covered.to
    const only = codes === undefined ? '' : ' and ts_code in {codes:Array(String)}'
    const [found] = await app.engine.rows<{ ticks: number }>(`select toUInt32(count()) as ticks from fupan.ods_tick where trade_date = {date:UInt32}${only}`, {
      params: { date, ...(codes === undefined ? {} : { codes }) },
    })
    if (found!.ticks === 0)
      throw new UsageError(
        `Cannot replay ${date}${codes === undefined ? '' : ` for ${codes.join(', ')}`}: there are no ticks of that day. Days with ticks lie within ${covered.from}..${covered.to}; see: fupan query "select trade_date, ts_code, count() from ods_tick group by all order by all"`,
      )
    const report = await app.live.play({ date, kind: 'replay', speed, signal, ...(codes === undefined ? {} : { codes }) })
    return {
      exitCode: report.ended === 'done' ? 0 : 130,
      data: {
        date,
        ended: report.ended,
        ticks: report.ticks,
        stocks: report.stocks,
        comparedWith: report.known,
        milliseconds: report.milliseconds,
        ticksPerSecond: (report.ticks / Math.max(1, report.milliseconds)) * 1000,
        p99Micros: report.p99.total,
        events: report.events,
        opportunities: app.live.snapshot().rows,
      },
    }
  },
})
