import { aShareCalendar } from '#core/a-share-calendar.ts'
import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { levelPercentile } from '#micro/level-score.ts'
import { LEVEL_SCORE_PARAMS } from '#micro/level-test-scores.ts'
import type { stockLevelScoreDaily } from './dws/stock_level_score_daily.ts'
import type { Engine, QueryOptions } from './engine/engine.ts'
import { FrameBuilder } from './frame-builder.ts'
import { paramSetId } from './param-set.ts'
import { ScoreHistory } from './score-history.ts'
import { sqlOf } from './table-sql.ts'
import type { ComputeRequest } from './table.ts'

const SCORES = ['support_absorption_score_L', 'resistance_sell_absorption_score_L', 'flip_support_score_L'] as const

/** `stock_level_score_daily`: each score against the stock's own earlier values, or, while those are few, against the pool's. */
export async function* levelPercentileDays({ table, engine, dates, codes, signal, progress }: ComputeRequest): AsyncIterable<Frame> {
  const options = signal === undefined ? {} : { signal }
  const since = aShareCalendar.back(dates[0]!, LEVEL_SCORE_PARAMS.ownDays)
  const frame = await engine.frame(sqlOf(table), { ...options, params: { since, to: dates.at(-1)! } })
  const history = new ScoreHistory(frame)
  const wanted = codes === undefined ? undefined : new Set(codes)
  const builder = new FrameBuilder(table as typeof stockLevelScoreDaily)
  const id = paramSetId(LEVEL_SCORE_PARAMS)
  const value = (name: string, row: number) => numbers(frame, name)[row]!
  const text = (name: string, row: number) => labelAt(labels(frame, name), row)!
  const { ownDays, crossDays } = LEVEL_SCORE_PARAMS
  for (const [i, date] of dates.entries()) {
    const rows = history.rowsOn(date)
    const pool = await poolOn(engine, date, options)
    const cross = SCORES.map((kind) => history.cross(kind, pool, aShareCalendar.back(date, crossDays), date))
    for (const [code, own] of Map.groupBy(rows, (row) => text('ts_code', row))) {
      if (wanted !== undefined && !wanted.has(code)) continue
      const before = SCORES.map((kind) => history.own(kind, code, aShareCalendar.back(date, ownDays), date))
      for (const row of own) {
        const ranks = SCORES.map((kind, k) => levelPercentile(value(kind, row), before[k]!, cross[k]!))
        builder.push({
          trade_date: date,
          ts_code: code,
          level_id: text('level_id', row),
          level_type: text('level_type', row),
          support_absorption_score_L: value(SCORES[0], row),
          support_pct: ranks[0]!.pct,
          resistance_sell_absorption_score_L: value(SCORES[1], row),
          resistance_pct: ranks[1]!.pct,
          flip_support_score_L: value(SCORES[2], row),
          flip_pct: ranks[2]!.pct,
          pct_ref: ranks.find(({ reference }) => reference !== undefined)?.reference,
          n_tests_support: value('n_tests_support', row),
          n_tests_resistance: value('n_tests_resistance', row),
          n_tests_flip: value('n_tests_flip', row),
          weight_sum: value('weight_sum', row),
          last_test_date: value('last_test_date', row),
          param_set_id: id,
        })
      }
    }
    progress(i + 1, dates.length, 'days')
  }
  if (builder.length > 0) yield builder.take()
}

async function poolOn(engine: Engine, date: TradeDate, options: Pick<QueryOptions, 'signal'>): Promise<ReadonlySet<string>> {
  const rows = await engine.rows<{ readonly ts_code: string }>('select ts_code from fupan.stock_active_pool where trade_date = {date:UInt32}', {
    ...options,
    params: { date },
  })
  return new Set(rows.map(({ ts_code }) => ts_code))
}
