import { aShareCalendar } from '#core/a-share-calendar.ts'
import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { aggregateLevelScore } from '#micro/level-score.ts'
import { LEVEL_SCORE_PARAMS } from '#micro/level-test-scores.ts'
import type { dwsLevelScore } from './dws/dws_level_score.ts'
import { FrameBuilder } from './frame-builder.ts'
import { meanAmounts } from './mean-amounts.ts'
import { paramSetId } from './param-set.ts'
import { sqlOf } from './table-sql.ts'
import type { ComputeRequest } from './table.ts'

const KINDS = ['support', 'resistance', 'flip'] as const

/** The tests of one level, as rows of the frame that was read. */
interface LevelRows {
  readonly code: string
  readonly id: string
  readonly from: number
  readonly to: number
}

/** `dws_level_score`: for every day the scored tests of its last 20 trading days, level by level. */
export async function* levelScoreDays({ table, engine, dates, codes, signal, progress }: ComputeRequest): AsyncIterable<Frame> {
  const options = signal === undefined ? {} : { signal }
  const since = aShareCalendar.back(dates[0]!, LEVEL_SCORE_PARAMS.days - 1)
  const tests = await engine.frame(sqlOf(table), { ...options, params: { since, to: dates.at(-1)! } })
  const wanted = codes === undefined ? undefined : new Set(codes)
  const levels = levelsOf(tests).filter(({ code }) => wanted === undefined || wanted.has(code))
  if (levels.length === 0) return
  const means = await meanAmounts(engine, dates, [...new Set(levels.map(({ code }) => code))], options)
  const date = numbers(tests, 'trade_date')
  const day = Float64Array.from(date, (one) => aShareCalendar.indexOf(one as TradeDate))
  const type = labels(tests, 'level_type')
  const amount = numbers(tests, 'value_total')
  const builder = new FrameBuilder(table as typeof dwsLevelScore)
  const id = paramSetId(LEVEL_SCORE_PARAMS)
  for (const [i, today] of dates.entries()) {
    const index = aShareCalendar.indexOf(today)
    for (const level of levels) {
      const rows: number[] = []
      for (let row = level.from; row < level.to; row++) if (day[row]! <= index && index - day[row]! < LEVEL_SCORE_PARAMS.days) rows.push(row)
      if (rows.length === 0) continue
      const meanAmount = means.of(level.code, today)
      const scores = KINDS.map((kind) => {
        const score = numbers(tests, kind)
        const aged = rows.map((row) => ({ age: index - day[row]!, amount: amount[row]!, score: score[row]! }))
        return aggregateLevelScore(aged, meanAmount)
      })
      if (scores.every(({ tests: counted }) => counted === 0)) continue
      const [support, resistance, flip] = scores as [(typeof scores)[0], (typeof scores)[0], (typeof scores)[0]]
      builder.push({
        trade_date: today,
        ts_code: level.code,
        level_id: level.id,
        level_type: labelAt(type, rows.at(-1)!)!,
        support_absorption_score_L: support.score,
        resistance_sell_absorption_score_L: resistance.score,
        flip_support_score_L: flip.score,
        n_tests_support: support.tests,
        n_tests_resistance: resistance.tests,
        n_tests_flip: flip.tests,
        weight_sum: scores.reduce((sum, { tests: counted, weightSum }) => (counted === 0 ? sum : sum + weightSum), 0),
        last_test_date: date[rows.at(-1)!]!,
        param_set_id: id,
      })
    }
    progress(i + 1, dates.length, 'days')
  }
  if (builder.length > 0) yield builder.take()
}

/** Rows come ordered by stock, level, day and test: one range a level. */
function levelsOf(frame: Frame): readonly LevelRows[] {
  const [code, id] = [labels(frame, 'ts_code'), labels(frame, 'level_id')]
  const levels: LevelRows[] = []
  for (let from = 0; from < frame.length;) {
    const [ownCode, ownId] = [labelAt(code, from)!, labelAt(id, from)!]
    let to = from + 1
    while (to < frame.length && labelAt(code, to) === ownCode && labelAt(id, to) === ownId) to++
    levels.push({ code: ownCode, id: ownId, from, to })
    from = to
  }
  return levels
}
