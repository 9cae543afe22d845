import { afterAll, beforeAll, expect, test } from 'vitest'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Frame } from '#core/frame.ts'
import { tradeDate } from '#core/trade-date.ts'
import { Market } from '#backtest/market.ts'
import { dwdAdjFactor } from '#warehouse/dwd/dwd_adj_factor.ts'
import { dwdDaily } from '#warehouse/dwd/dwd_daily.ts'
import { odsDividend } from '#warehouse/ods/ods_dividend.ts'
import type { Table } from '#warehouse/table.ts'
import { literalRows } from '../../tests/laws/literal-rows.ts'
import { WarehouseRig } from '../../tests/laws/warehouse-rig.ts'
import { readMarket, type MarketData } from './read-market.ts'

/* Three stocks that go ex on the same day: one with a dividend on record, one with nothing but its factor, one with a dividend that explains one of its two jumps. */

const days = aShareCalendar.dates(tradeDate(20260105), tradeDate(20260116))
const EX = days[3]!
const LATER = days[6]!
const codes = ['600001.SH', '600002.SH', '600003.SH'] as const

let rig: WarehouseRig
let data: MarketData

beforeAll(async () => {
  rig = await WarehouseRig.open()
  const factor = (code: string, date: number) => (date < EX ? 1 : date < LATER || code !== '600003.SH' ? 1.05 : 1.1)
  await rig.load(
    new Map<Table, Frame>([
      [
        dwdDaily,
        literalRows(
          dwdDaily,
          days.flatMap((trade_date) =>
            codes.map((ts_code) => ({
              trade_date,
              ts_code,
              open: 10,
              high: 10.1,
              low: 9.9,
              close: 10,
              pre_close: 10,
              vol_shares: 1e6,
              amount_cny: 1e7,
              is_bar_valid: 1,
            })),
          ),
        ),
      ],
      [
        dwdAdjFactor,
        // The second stock's first factor is not known: the first that is stands for it.
        literalRows(
          dwdAdjFactor,
          days.flatMap((trade_date, i) =>
            codes.flatMap((ts_code) =>
              i === 0 && ts_code === '600002.SH' ? [] : [{ trade_date, ts_code, adj_factor: factor(ts_code, trade_date), origin: 'vendor', is_filled: 0 }],
            ),
          ),
        ),
      ],
      [
        odsDividend,
        literalRows(
          odsDividend,
          ['600001.SH', '600003.SH'].map((ts_code) => ({ trade_date: EX, ts_code, div_proc: '实施', cash_div_tax: 0.5, stk_div: 0 })),
        ),
      ],
    ]),
  )
  data = await readMarket(rig.engine, aShareCalendar, { from: days[0]!, to: days.at(-1)! }, {})
})

afterAll(() => rig.close())

const stock = (code: string) => data.stocks.find((one) => one.code === code)!

test('readMarket() books a dividend as cash where it explains every jump of the factor, else leaves the day to the factor', () => {
  expect(stock('600001.SH').actions).toEqual([{ exDate: EX, cash: 0.5, bonus: 0 }])
  expect(stock('600002.SH').actions).toBeUndefined()
  expect(stock('600003.SH').actions).toBeUndefined()
  const [paid, jumped] = new Market(data).stocks
  expect(paid!.exActions).toMatchObject([{ cash: 0.5, fromFactor: false }])
  expect(jumped!.exActions).toMatchObject([{ cash: 0, fromFactor: true }])
})

test('readMarket() reads columns every thread shares, and fills a factor that is not known from its neighbours', () => {
  expect(stock('600001.SH').close.buffer).toBeInstanceOf(SharedArrayBuffer)
  expect(stock('600002.SH').adjFactor![0]).toBe(1)
  expect(stock('600001.SH').dates).toHaveLength(days.length)
  expect(data.candidateTable.length).toBe(0)
})
