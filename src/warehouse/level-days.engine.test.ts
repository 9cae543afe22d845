import { afterAll, beforeAll, expect, test } from 'vitest'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Frame } from '#core/frame.ts'
import { seededRng } from '#core/rng.ts'
import { tradeDate, type TradeDate } from '#core/trade-date.ts'
import { literalRows, type LiteralRow } from '../../tests/laws/literal-rows.ts'
import { WarehouseRig } from '../../tests/laws/warehouse-rig.ts'
import { dwdAdjFactor } from './dwd/dwd_adj_factor.ts'
import { dwdStockDailyStandard } from './dwd/dwd_stock_daily_standard.ts'
import { abuPriceLevels } from './dws/abu_price_levels.ts'
import { dwsLevelTestOutcome } from './dws/dws_level_test_outcome.ts'
import { stockLevelMicrostructure } from './dws/stock_level_microstructure.ts'
import { odsPriceLevel } from './ods/ods_price_level.ts'
import type { Table } from './table.ts'

/* Levels of two stocks over four months of daily bars without ticks, and the outcome of literal tests. */

const days = aShareCalendar.dates(tradeDate(20260105), tradeDate(20260529))
const SPLIT = days[60]!

let rig: WarehouseRig

beforeAll(async () => {
  rig = await WarehouseRig.open()
  await rig.load(
    new Map<Table, Frame>([
      [dwdStockDailyStandard, literalRows(dwdStockDailyStandard, [...walk('600001.SH', 1), ...walk('600002.SH', 2)])],
      [
        dwdAdjFactor,
        literalRows(
          dwdAdjFactor,
          days.flatMap((date) =>
            ['600001.SH', '600002.SH'].map((ts_code) => ({ trade_date: date, ts_code, adj_factor: factorOf(ts_code, date), origin: 'vendor', is_filled: 0 })),
          ),
        ),
      ],
      [
        odsPriceLevel,
        literalRows(odsPriceLevel, [
          { trade_date: days.at(-2)!, ts_code: '600001.SH', level_id: 'mine', level_price: 12.34, level_type: 'resistance', strength: null },
        ]),
      ],
    ]),
  )
  await rig.build(abuPriceLevels, days)
})

afterAll(() => rig.close())

test('abu_price_levels is calculated on the last trading day of every week, from the day a stock has 60 bars', async () => {
  const rows = await rig.engine.rows<{ d: number }>("select distinct trade_date as d from fupan.abu_price_levels where source = 'swings' order by d")
  const lastOfWeek = days.filter((date, i) => i === days.length - 1 || weekday(days[i + 1]!) <= weekday(date))
  expect(rows.map(({ d }) => d)).toEqual(lastOfWeek.filter((date) => days.indexOf(date) >= 59))
})

test('abu_price_levels keeps the id of a level that shares a swing and has hardly moved, across an ex-date too', async () => {
  const rows = await rig.engine.rows<{ d: number; code: string; id: string; price: number; tol: number; members: string }>(
    "select trade_date as d, ts_code as code, level_id as id, level_price as price, tol, members_json as members from fupan.abu_price_levels where source = 'swings' order by d, code, price",
  )
  const dates = [...new Set(rows.map(({ d }) => d))]
  let followed = 0
  for (const [i, date] of dates.entries()) {
    if (i === 0) continue
    for (const level of rows.filter(({ d }) => d === date)) {
      const ratio = factorOf(level.code, dates[i - 1]! as TradeDate) / factorOf(level.code, date as TradeDate)
      const swings = swingsOf(level.members)
      const before = rows.filter(
        (other) =>
          other.d === dates[i - 1] &&
          other.code === level.code &&
          Math.abs(other.price * ratio - level.price) <= level.tol &&
          swingsOf(other.members).some((swing) => swings.includes(swing)),
      )
      if (before.length === 0) continue
      followed++
      expect(before.map(({ id }) => id)).toContain(level.id)
    }
  }
  expect(followed).toBeGreaterThan(10)
})

test('abu_price_levels carries imported levels on their own day', async () => {
  expect(await rig.engine.rows("select trade_date, level_price, level_type, strength, source from fupan.abu_price_levels where source = 'import'")).toEqual([
    { trade_date: days.at(-2), level_price: 12.34, level_type: 'resistance', strength: 0.5, source: 'import' },
  ])
})

test('dws_level_test_outcome compares the exit price with the next own close, adjusted, and keeps silent after ten calendar days', async () => {
  const [before, split, later] = [days[59]!, SPLIT, days[80]!]
  const exit = (await closeOf('600001.SH', before)) * 1.01
  const tests = [
    { trade_date: before, ts_code: '600001.SH', level_id: 'a', test_id: 1, p_exit: exit },
    { trade_date: later, ts_code: '600002.SH', level_id: 'b', test_id: 1, p_exit: 10 },
  ]
  await rig.load(new Map<Table, Frame>([[stockLevelMicrostructure, literalRows(stockLevelMicrostructure, tests.map(withDefaults))]]))
  await rig.build(dwsLevelTestOutcome, days)
  const rows = await rig.engine.rows<{ trade_date: number; ts_code: string; test_date: number; future_return_1d: number }>(
    'select trade_date, ts_code, test_date, future_return_1d from fupan.dws_level_test_outcome order by test_date',
  )
  // 600002 does not trade for the fourteen days after `later`.
  expect(rows.map(({ trade_date, ts_code, test_date }) => ({ trade_date, ts_code, test_date }))).toEqual([
    { trade_date: split, ts_code: '600001.SH', test_date: before },
  ])
  // Two new shares for one old: the close doubles before it is compared.
  expect(rows[0]!.future_return_1d).toBeCloseTo(((await closeOf('600001.SH', split)) * 2) / exit - 1, 12)
})

async function closeOf(code: string, date: TradeDate): Promise<number> {
  const [row] = await rig.engine.rows<{ close: number }>(`select close from fupan.dwd_stock_daily_standard where ts_code = '${code}' and trade_date = ${date}`)
  return row!.close
}

function factorOf(code: string, date: TradeDate): number {
  return code === '600001.SH' && date >= SPLIT ? 2 : 1
}

/** A walk on the tick; the first stock splits one for two, the second is suspended for a while late in the spring. */
function walk(code: string, seed: number): LiteralRow[] {
  const rng = seededRng(`levels ${seed}`)
  let price = 20
  let bar = 0
  return days.flatMap((date, i) => {
    price *= Math.exp(0.02 * rng.normal())
    if (code === '600002.SH' && i > 80 && i <= 90) return []
    const factor = factorOf(code, date)
    const raw = (value: number) => Math.round((value / factor) * 100) / 100
    const [close, high, low] = [raw(price), raw(price * (1 + 0.01 * rng.next())), raw(price * (1 - 0.01 * rng.next()))]
    return [
      {
        trade_date: date,
        ts_code: code,
        close,
        open_hfq: close * factor,
        high_hfq: Math.max(high, close) * factor,
        low_hfq: Math.min(low, close) * factor,
        close_hfq: close * factor,
        vol_adj: 1e6,
        amount_cny: 1e7,
        adj_factor: factor,
        is_ex_day: date === SPLIT && factor === 2 ? 1 : 0,
        bar_no: ++bar,
        day_idx: aShareCalendar.indexOf(date) + 1,
      },
    ]
  })
}

function withDefaults(row: LiteralRow): LiteralRow {
  return {
    level_calc_date: row['trade_date'],
    level_price: 10,
    level_type: 'support',
    exit_side: 'above',
    entry_kind: 'normal',
    approach: 'above',
    is_scored: 1,
    ...row,
  } as LiteralRow
}

function weekday(date: TradeDate): number {
  return new Date(Date.UTC(Math.floor(date / 10_000), (Math.floor(date / 100) % 100) - 1, date % 100)).getUTCDay()
}

function swingsOf(members: string): readonly string[] {
  return (JSON.parse(members) as { date: number; side: string }[]).map(({ date, side }) => `${date} ${side}`)
}
