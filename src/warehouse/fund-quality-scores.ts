import { aShareCalendar } from '#core/a-share-calendar.ts'
import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import { FUND_QUALITY_FIELDS, FUND_QUALITY_PARAMS, type FundQualityField } from '#micro/fund-quality.ts'
import { FUND_QUALITY_SCORE_PARAMS, scoreFundQuality, SCORED_METRICS, type FundQualityRows } from '#micro/fund-quality-score.ts'
import type { stockFundQuality } from './dws/stock_fund_quality.ts'
import { FrameBuilder } from './frame-builder.ts'
import { paramSetId } from './param-set.ts'
import { sqlOf } from './table-sql.ts'
import type { ComputeRequest } from './table.ts'

const POOL_DAYS = 60

/** `stock_fund_quality`: the metrics of each day compared across its stocks (or, on thin days, across the last 60 trading days). */
export async function* fundQualityScores({ table, engine, dates, codes, signal, progress }: ComputeRequest): AsyncIterable<Frame> {
  const since = aShareCalendar.back(dates[0]!, POOL_DAYS)
  const frame = await engine.frame(sqlOf(table), { params: { since, to: dates.at(-1)! }, ...(signal === undefined ? {} : { signal }) })
  const date = numbers(frame, 'trade_date')
  const status = labels(frame, 'status')
  const wanted = codes === undefined ? undefined : new Set(codes)
  const builder = new FrameBuilder(table as typeof stockFundQuality)
  const id = paramSetId({
    metrics: FUND_QUALITY_PARAMS,
    score: FUND_QUALITY_SCORE_PARAMS,
    weights: SCORED_METRICS.map(({ field, weight }) => ({ field, weight })),
  })
  const isOk = (row: number) => labelAt(status, row) === 'OK'
  for (const [i, day] of dates.entries()) {
    const rows = rowsWhere(frame, (row) => date[row] === day)
    const scored = rows.filter(isOk)
    const poolFrom = aShareCalendar.back(day, POOL_DAYS)
    const pool = rowsWhere(frame, (row) => date[row]! <= day && date[row]! > poolFrom && isOk(row))
    const scores = scoreFundQuality(metricsAt(frame, scored), metricsAt(frame, pool))
    const place = new Map(scored.map((row, at) => [row, at]))
    for (const row of rows) {
      const code = labelAt(labels(frame, 'ts_code'), row)!
      if (wanted !== undefined && !wanted.has(code)) continue
      const at = place.get(row)
      const value = (name: string) => numbers(frame, name)[row]!
      builder.push({
        trade_date: day,
        ts_code: code,
        window_start: value('window_start'),
        window_end: day,
        window_days: value('window_days'),
        status: at === undefined ? labelAt(status, row)! : scores.status,
        price_return: value('price_return'),
        big_net_sum: value('big_net_sum'),
        big_net_ratio_w: value('big_net_ratio_w'),
        support_ratio: value('support_ratio'),
        fund_quality_z: at === undefined ? NaN : scores.z[at]!,
        fund_quality_score: at === undefined ? NaN : scores.score[at]!,
        fund_quality_pct: at === undefined ? NaN : scores.pct[at]!,
        components_json: JSON.stringify(
          at === undefined
            ? []
            : scores.components.map((component) => ({
                metric: component.field,
                value: known(value(component.field)),
                z: known(component.z[at]!),
                weight: component.weight,
                contribution: known(component.contribution[at]!),
              })),
        ),
        param_set_id: id,
      })
    }
    progress(i + 1, dates.length, 'days')
  }
  if (builder.length > 0) yield builder.take()
}

function rowsWhere(frame: Frame, holds: (row: number) => boolean): readonly number[] {
  const rows: number[] = []
  for (let row = 0; row < frame.length; row++) if (holds(row)) rows.push(row)
  return rows
}

/** The metrics of some rows as columns; fields the scores do not use stay NaN. */
function metricsAt(frame: Frame, rows: readonly number[]): FundQualityRows {
  const columns = Object.fromEntries(
    FUND_QUALITY_FIELDS.map((field) => {
      const source = frame.columns[field] === undefined ? undefined : numbers(frame, field)
      return [field, Float64Array.from(rows, (row) => source?.[row] ?? NaN)]
    }),
  ) as Record<FundQualityField, Float64Array>
  return { length: rows.length, ...columns }
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value
}
