import { afterAll, beforeAll, expect, test } from 'vitest'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Frame } from '#core/frame.ts'
import { tradeDate } from '#core/trade-date.ts'
import { dwdStockDailyStandard } from '#warehouse/dwd/dwd_stock_daily_standard.ts'
import { stockFundQuality } from '#warehouse/dws/stock_fund_quality.ts'
import type { Table } from '#warehouse/table.ts'
import { literalRows } from '../../tests/laws/literal-rows.ts'
import { WarehouseRig } from '../../tests/laws/warehouse-rig.ts'
import { fundQualityStudy } from './fund-quality-study.ts'

/* Twenty-five stocks whose next day is the better the better their score was: 0.1 % more for each place. */

const days = aShareCalendar.dates(tradeDate(20260105), tradeDate(20260116))
const codes = Array.from({ length: 25 }, (_, i) => `${600_001 + i}.SH`)

let rig: WarehouseRig

beforeAll(async () => {
  rig = await WarehouseRig.open()
  const bars = days.flatMap((date, day) =>
    codes.flatMap((ts_code, place) =>
      // The best stock is suspended on the second day: what came of its score on the first is not known.
      place === 24 && day === 1
        ? []
        : [{ trade_date: date, ts_code, close: 10, close_hfq: 10 * (1 + 0.001 * place) ** day, adj_factor: 1, bar_no: day + 1, day_idx: day + 1 }],
    ),
  )
  const scores = days.slice(0, 3).flatMap((date) =>
    codes.map((ts_code, place) => ({
      trade_date: date,
      ts_code,
      status: 'OK',
      window_start: date,
      window_end: date,
      fund_quality_score: place / 25,
      components_json: '[]',
    })),
  )
  await rig.load(
    new Map<Table, Frame>([
      [dwdStockDailyStandard, literalRows(dwdStockDailyStandard, bars)],
      [stockFundQuality, literalRows(stockFundQuality, scores)],
    ]),
  )
})

afterAll(() => rig.close())

test('fundQualityStudy() gives the mean next-day return of each fifth, leaving out what is not known', async () => {
  const study = await fundQualityStudy(rig.engine, aShareCalendar, { from: days[0]!, to: days[2]! }, {})
  expect(study).toMatchObject({ days: 3, scored: 75 })
  const [next] = study.horizons
  expect(next!.horizon).toBe(1)
  // Places 0–4: mean 0.2 %. Places 20–24: 2.2 %, on the first day 2.15 % without the suspended one, and on the second it has no close of that day.
  expect(next!.groups[0]!.mean).toBeCloseTo(0.002, 12)
  expect(next!.groups[4]!.mean).toBeCloseTo((0.0215 + 0.0215 + 0.022) / 3, 12)
  expect(next!.spread.mean).toBeCloseTo((0.0195 + 0.0195 + 0.02) / 3, 12)
})

test('fundQualityStudy() knows nothing of returns that lie beyond the data', async () => {
  const study = await fundQualityStudy(rig.engine, aShareCalendar, { from: days[2]!, to: days[2]! }, {})
  expect(study.horizons.map(({ horizon, groups }) => [horizon, groups[0]!.days])).toEqual([
    [1, 1],
    [3, 1],
    [5, 1],
    [10, 0],
  ])
})
