import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import { labels, labelAt, numbers, type Frame } from '#core/frame.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import { tradeDate, type TradeDate } from '#core/trade-date.ts'
import { literalRows, type LiteralRow } from '../../../tests/laws/literal-rows.ts'
import { marketDays, tinyMarket } from '../../../tests/laws/tiny-market.ts'
import { cellOf, daysOf, WarehouseRig } from '../../../tests/laws/warehouse-rig.ts'
import { dwdAdjFactor } from '../dwd/dwd_adj_factor.ts'
import { dwdDaily } from '../dwd/dwd_daily.ts'
import { dwdStockDailyStandard } from '../dwd/dwd_stock_daily_standard.ts'
import { dwdStockLabelDaily } from '../dwd/dwd_stock_label_daily.ts'
import { odsDaily } from '../ods/ods_daily.ts'
import { odsTick } from '../ods/ods_tick.ts'
import type { Table } from '../table.ts'
import { bigTradeThreshold } from './big_trade_threshold.ts'
import { dwsMinuteBar } from './dws_minute_bar.ts'
import { stockActivePool } from './stock_active_pool.ts'
import { stockBollingerData } from './stock_bollinger_data.ts'
import { stockMicrostructureDaily } from './stock_microstructure_daily.ts'

/* Slow and obvious second opinions: none of them imports what the tables are computed with. */

let rig: WarehouseRig

beforeAll(async () => {
  rig = await WarehouseRig.open()
})

afterAll(() => rig.close())

describe('on the tiny market', () => {
  beforeAll(async () => {
    const withoutTicks = new Map([...(await tinyMarket())].filter(([table]) => table.name !== 'ods_tick' && table.name !== 'ods_quote'))
    await rig.load(withoutTicks)
    for (const table of [dwdDaily, dwdAdjFactor, dwdStockDailyStandard, dwdStockLabelDaily, stockBollingerData, stockActivePool])
      await rig.build(table, daysOf(table))
  })

  test('stock_bollinger_data is what two passes over each window give', async () => {
    const bars = await rig.engine.frame(
      `select s.ts_code as ts_code, s.trade_date as trade_date, s.close as close, s.close_hfq as price, s.vol_adj as volume, s.adj_factor as factor, s.day_idx as day, s.is_ex_day as is_ex_day,
              l.is_limit_up = 1 or l.is_limit_down = 1 as is_limit_day, ifNull(l.no_limit_reason = 'IPO_WINDOW', 0) as is_ipo
       from fupan.dwd_stock_daily_standard as s left join fupan.dwd_stock_label_daily as l on l.ts_code = s.ts_code and l.trade_date = s.trade_date order by ts_code, trade_date`,
    )
    const found = await rig.rows(stockBollingerData)
    expect(found.length).toBe(bars.length)
    const expected = slowBands(bars)
    const flagsSeen = Array.from(numbers(found, 'flags')).reduce((seen, flags) => seen | flags, 0)
    expect(flagsSeen & (1 | 8 | 32 | 64 | 128)).toBe(1 | 8 | 32 | 64 | 128)
    for (let row = 0; row < found.length; row++) {
      for (const [name, column] of Object.entries(expected)) {
        const [a, b] = [numbers(found, name)[row]!, column[row]!]
        const isClose = Object.is(a, b) || Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b))
        if (!isClose) expect({ code: cellOf(found, 'ts_code', row), date: cellOf(found, 'trade_date', row), name, value: a }).toEqual({ name, value: b })
      }
    }
  })

  test('stock_active_pool is what the rules give, stock by stock and day by day', async () => {
    const bands = await rig.engine.rows<Band>(
      'select ts_code, trade_date, v_price_position as vpos, price_position as ppos, flags from fupan.stock_bollinger_data',
    )
    const amounts = await rig.engine.rows<{ ts_code: string; trade_date: number; amount: number }>(
      'select ts_code, trade_date, amount_cny as amount from fupan.dwd_daily where is_bar_valid = 1',
    )
    const marks = await rig.engine.rows<Mark>('select ts_code, trade_date, is_st, is_delisting, list_days, is_suspended from fupan.dwd_stock_label_daily')
    const expected = slowPool(bands, new Map(amounts.map(({ ts_code, trade_date, amount }) => [`${ts_code} ${trade_date}`, amount])), marks)
    const columns =
      'trade_date, ts_code, max_vpos, max_ppos, has_high_ppos_70, avg_amount, last_vpos_date, last_ppos_date, n_joint_days, activity_score, pool_rank, rows_in_window, is_st_known'
    const found = await rig.engine.rows<PoolRow>(`select ${columns} from fupan.stock_active_pool order by trade_date, pool_rank`)
    expect(found.length).toBeGreaterThan(500)
    expect(found.map(({ trade_date, ts_code }) => `${trade_date} ${ts_code}`)).toEqual(expected.map(({ trade_date, ts_code }) => `${trade_date} ${ts_code}`))
    for (const [row, { avg_amount, activity_score, ...whole }] of expected.entries()) {
      expect(found[row]).toEqual({ ...whole, avg_amount: expect.closeTo(avg_amount, 3), activity_score: expect.closeTo(activity_score, 9) })
    }
  })
})

describe('on ticks by hand', () => {
  const history = aShareCalendar.dates(tradeDate(20260105), tradeDate(20260213))
  const today = aShareCalendar.shift(history.at(-1)!, 1)

  test('big_trade_threshold is read off the sorted trades of the days before, by the rule of its sample', async () => {
    const { dates, ticks, expected } = thresholdMarket(history, today)
    await rig.empty()
    await rig.load(
      new Map<Table, Frame>([
        [odsTick, literalRows(odsTick, ticks)],
        [odsDaily, literalRows(odsDaily, dailyBars(dates))],
      ]),
    )
    await rig.build(dwdDaily, dates)
    await rig.build(bigTradeThreshold, [today])
    const rows = await rig.engine.rows(
      'select ts_code, grain_class, p90, p95, threshold, method, n_days, n_trades from fupan.big_trade_threshold order by ts_code, grain_class',
    )
    expect(rows).toEqual(expected)
  })

  test('stock_microstructure_daily has a row where the ticks add up to the day, and where there is no day to compare with', async () => {
    const day = history[0]!
    const stock = (code: string): LiteralRow[] => [
      tick(code, day, '09:25', 0, 10_000, 100),
      tick(code, day, '09:31', 1, 10_010, 200, 'B'),
      tick(code, day, '10:30', 2, 10_000, 300, 'S'),
      tick(code, day, '14:30', 3, 10_020, 30_000, 'B'),
      tick(code, day, '15:00', 4, 10_000, 500),
    ]
    const value = (10 * 100 + 10.01 * 200 + 10 * 300 + 10.02 * 30_000 + 10 * 500) / 1000
    await rig.empty()
    await rig.load(
      new Map<Table, Frame>([
        [odsTick, literalRows(odsTick, ['600001.SH', '600002.SH', '600003.SH', '600004.SH'].flatMap(stock))],
        [
          odsDaily,
          literalRows(
            odsDaily,
            [1, 0.95, 0.5].map((share, i) => daily(`60000${i + 1}.SH`, day, value / share)),
          ),
        ],
      ]),
    )
    for (const table of [dwdDaily, dwdAdjFactor, dwsMinuteBar, bigTradeThreshold, stockMicrostructureDaily]) await rig.build(table, [day])
    const rows = await rig.engine.rows(
      `select ts_code, quality, tick_count, round(total_value, 3) as total, round(active_buy_value, 3) as buy, round(active_sell_value, 3) as sell, round(auction_value, 3) as auction, big_count,
              round(big_net_value, 3) as net, round(big_net_close, 3) as late, big_net_open as early, threshold, threshold_method from fupan.stock_microstructure_daily order by ts_code`,
    )
    const parts = {
      tick_count: 3,
      total: value * 1000,
      buy: 2002 + 300_600,
      sell: 3000,
      auction: 6000,
      big_count: 1,
      net: 300_600,
      late: 300_600,
      early: 0,
      threshold: 200_000,
      threshold_method: 'FIXED',
    }
    expect(rows).toEqual([
      { ts_code: '600001.SH', quality: 'OK', ...parts },
      { ts_code: '600002.SH', quality: 'PARTIAL', ...parts },
      { ts_code: '600004.SH', quality: 'UNCHECKED', ...parts },
    ])
  })
})

// ---- bands ------------------------------------------------------------------------------------------------------------------

/** Spec bollinger §1–§3 written down once more, window by window. */
function slowBands(bars: Frame): Record<string, number[]> {
  const names = [
    'mid',
    'upper',
    'lower',
    'price_position',
    'band_width',
    'band_width_zscore',
    'z_close',
    'v_mid',
    'v_upper',
    'v_lower',
    'v_price_position',
    'v_band_width',
    'v_band_width_zscore',
    'z_vol',
    'n_bars',
    'span_days',
    'flags',
    'close',
  ]
  const out: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]))
  const code = labels(bars, 'ts_code')
  let start = 0
  for (let end = 1; end <= bars.length; end++) {
    if (end < bars.length && labelAt(code, end) === labelAt(code, start)) continue
    const column = (name: string) => Array.from(numbers(bars, name).slice(start, end))
    const [close, factor, day, ex, limit, ipo] = ['close', 'factor', 'day', 'is_ex_day', 'is_limit_day', 'is_ipo'].map(column) as [
      number[],
      number[],
      number[],
      number[],
      number[],
      number[],
    ]
    const price = slowBand(column('price'))
    const volume = slowBand(column('volume'))
    for (let i = 0; i < close.length; i++) {
      const recent = (marks: number[]) => marks.slice(Math.max(0, i - 19), i + 1).some((mark) => mark === 1)
      const span = day[i]! - day[Math.max(0, i - 19)]! + 1
      const short = [price, volume].some(({ widthCount }) => widthCount[i]! >= 60 && widthCount[i]! < 120)
      out['close']!.push(close[i]!)
      out['n_bars']!.push(i + 1)
      out['span_days']!.push(span)
      out['flags']!.push(
        (i < 19 ? 1 : 0) +
          (price.flat[i] ? 2 : 0) +
          (volume.flat[i] ? 4 : 0) +
          (span > 40 ? 8 : 0) +
          (recent(ipo) ? 16 : 0) +
          (short ? 32 : 0) +
          (limit[i] === 1 ? 64 : 0) +
          (recent(ex) ? 128 : 0),
      )
      for (const [band, prefix, z, scale] of [
        [price, '', 'z_close', 1 / factor[i]!],
        [volume, 'v_', 'z_vol', factor[i]!],
      ] as const) {
        out[`${prefix}mid`]!.push(band.mean[i]! * scale)
        out[`${prefix}upper`]!.push((band.mean[i]! + 2 * band.deviation[i]!) * scale)
        out[`${prefix}lower`]!.push((band.mean[i]! - 2 * band.deviation[i]!) * scale)
        out[`${prefix}price_position`]!.push(50 + 25 * band.z[i]!)
        out[`${prefix}band_width`]!.push(band.width[i]!)
        out[`${prefix}band_width_zscore`]!.push(band.widthZ[i]!)
        out[z]!.push(band.z[i]!)
      }
    }
    start = end
  }
  return out
}

function slowBand(x: readonly number[]) {
  const mean = x.map((_, i) => (i < 19 ? NaN : average(x.slice(i - 19, i + 1))))
  const deviation = x.map((_, i) => (i < 19 ? NaN : Math.sqrt(average(x.slice(i - 19, i + 1).map((value) => (value - mean[i]!) ** 2)))))
  const flat = x.map((_, i) => deviation[i]! <= 1e-9 * mean[i]!)
  const width = x.map((_, i) => (flat[i] ? 0 : (4 * deviation[i]!) / mean[i]!))
  const z = x.map((value, i) => (flat[i] ? NaN : (value - mean[i]!) / deviation[i]!))
  const known = x.map((_, i) => width.slice(Math.max(0, i - 119), i + 1).filter((value) => !Number.isNaN(value)))
  const widthZ = x.map((_, i) => {
    const values = known[i]!
    if (values.length < 60 || Number.isNaN(width[i]!)) return NaN
    const centre = average(values)
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1))
    return spread <= 1e-12 ? 0 : (width[i]! - centre) / spread
  })
  return { mean, deviation: deviation.map((value, i) => (flat[i] ? 0 : value)), flat, width, z, widthZ, widthCount: known.map((values) => values.length) }
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

// ---- pool -------------------------------------------------------------------------------------------------------------------

interface Band {
  readonly ts_code: string
  readonly trade_date: number
  readonly vpos: number | null
  readonly ppos: number | null
  readonly flags: number
}

interface Mark {
  readonly ts_code: string
  readonly trade_date: number
  readonly is_st: number | null
  readonly is_delisting: number | null
  readonly list_days: number
  readonly is_suspended: number
}

interface PoolRow {
  readonly trade_date: number
  readonly ts_code: string
  readonly avg_amount: number
  readonly activity_score: number
  readonly [column: string]: number | string
}

/** Spec microstructure §5 as it reads: a window of 20 market days per stock and day, then ranks by counting. In order of day and rank. */
function slowPool(bands: readonly Band[], amounts: ReadonlyMap<string, number>, marks: readonly Mark[]): readonly PoolRow[] {
  const byStock = Map.groupBy(bands, ({ ts_code }) => ts_code)
  const markOf = new Map(marks.map((mark) => [`${mark.ts_code} ${mark.trade_date}`, mark]))
  return marketDays.flatMap((date) => {
    const first = aShareCalendar.shift(date, -19)
    const members = [...byStock].flatMap(([ts_code, own]) => {
      const mark = markOf.get(`${ts_code} ${date}`)
      const window = own.filter(({ trade_date }) => trade_date >= first && trade_date <= date && amounts.has(`${ts_code} ${trade_date}`))
      if (mark === undefined || window.length < 15 || !window.some(({ trade_date }) => trade_date === date)) return []
      const usable = window.filter(({ flags }) => (flags & 8) === 0)
      const last = (holds: (band: Band) => boolean) => Math.max(0, ...usable.filter(holds).map(({ trade_date }) => trade_date))
      const max_vpos = Math.max(...usable.map(({ vpos }) => vpos ?? -Infinity))
      const max_ppos = Math.max(...usable.map(({ ppos }) => ppos ?? -Infinity))
      const avg_amount = average(window.map(({ trade_date }) => amounts.get(`${ts_code} ${trade_date}`)!))
      const isBarred = mark.is_st === 1 || mark.is_delisting === 1 || mark.list_days < 60 || mark.is_suspended === 1
      if (!(max_vpos > 99 && max_ppos > 50 && avg_amount >= 30_000_000) || isBarred) return []
      return [
        {
          trade_date: date,
          ts_code,
          max_vpos,
          max_ppos,
          has_high_ppos_70: max_ppos > 70 ? 1 : 0,
          avg_amount,
          last_vpos_date: last(({ vpos }) => (vpos ?? 0) > 99),
          last_ppos_date: last(({ ppos }) => (ppos ?? 0) > 50),
          n_joint_days: usable.filter(({ vpos, ppos }) => (vpos ?? 0) > 99 && (ppos ?? 0) > 70).length,
          rows_in_window: window.length,
          is_st_known: mark.is_st === null ? 0 : 1,
        },
      ]
    })
    const rankIn = (values: readonly number[], x: number) =>
      (values.filter((value) => value < x).length + values.filter((value) => value === x).length / 2) / values.length
    const scored = members.map((member) => ({
      ...member,
      activity_score:
        0.5 *
          rankIn(
            members.map((each) => each.n_joint_days),
            member.n_joint_days,
          ) +
        0.25 *
          rankIn(
            members.map((each) => each.max_vpos),
            member.max_vpos,
          ) +
        0.25 *
          rankIn(
            members.map((each) => each.avg_amount),
            member.avg_amount,
          ),
    }))
    const ordered = scored.toSorted((a, b) =>
      Math.abs(b.activity_score - a.activity_score) > 1e-12
        ? b.activity_score - a.activity_score
        : b.avg_amount - a.avg_amount || (a.ts_code < b.ts_code ? -1 : 1),
    )
    return ordered.map((member, at) => ({ ...member, pool_rank: at + 1 }))
  })
}

// ---- ticks ------------------------------------------------------------------------------------------------------------------

function tick(
  ts_code: string,
  trade_date: TradeDate,
  time: string,
  seq: number,
  price: number,
  volume: number,
  vendor_side: string | null = null,
  grain = 'AGG3S',
): LiteralRow {
  return { trade_date, ts_code, grain, source: grain, at: instantOf(trade_date, clockTime(time)), seq, price, volume, amount: price * volume, vendor_side }
}

function daily(ts_code: string, trade_date: number, amount: number): LiteralRow {
  return { trade_date, ts_code, open: 10, high: 10.02, low: 10, close: 10, pre_close: 10, pct_chg: 0, vol: amount / 1.0018, amount }
}

/** Daily bars of two stocks: 400 M CNY a day, and on few days 10 M. */
function dailyBars(dates: readonly TradeDate[]): readonly LiteralRow[] {
  return [
    ...dates.map((date) => daily('000001.SZ', date, 400_000)),
    ...dates.slice(-6).map((date) => daily('600003.SH', date, 4_000_000)),
    ...dates.slice(-2).map((date) => daily('600004.SH', date, 10_000)),
  ]
}

/** One stock per rule of spec microstructure §4, and what must come of it. */
function thresholdMarket(history: readonly TradeDate[], today: TradeDate) {
  const old = aShareCalendar.shift(today, -61)
  const dates = history
  /** Days × trades of 1 000, 2 000, … CNY in continuous trading, with auctions and a day too long ago that must not count. */
  const sample = (code: string, days: readonly TradeDate[], perDay: number, grain?: string) =>
    days.flatMap((date, d) => [
      tick(code, date, '09:25', 0, 10_000, 10_000_000, null, grain),
      ...Array.from({ length: perDay }, (_, i) => tick(code, date, i % 2 === 0 ? '10:00' : '14:56', 1 + i, 10_000, 100 * (d * perDay + i + 1), 'B', grain)),
      tick(code, date, '15:00', 1 + perDay, 10_000, 10_000_000, null, grain),
    ])
  const percentile = (count: number, q: number) => 1000 * (1 + q * (count - 1))
  const blend = (days: number, count: number, fallback: number) => (days / 20) * percentile(count, 0.95) + (1 - days / 20) * fallback
  const [full, brief, tiny] = [
    sample('000001.SZ', history.slice(-20), 250),
    sample('000001.SZ', history.slice(-10), 30, 'TBT'),
    sample('600004.SH', history.slice(-5), 10),
  ]
  const others = ['600003.SH', '600005.SH'].map((code) => tick(code, today, '10:00', 0, 10_000, 100))
  return {
    dates,
    ticks: [
      ...full,
      tick('000001.SZ', old, '10:00', 0, 10_000, 90_000_000),
      tick('000001.SZ', today, '10:00', 0, 10_000, 90_000_000),
      ...brief,
      ...tiny,
      ...others,
    ],
    expected: [
      {
        ts_code: '000001.SZ',
        grain_class: 'AGG',
        p90: expect.closeTo(percentile(5000, 0.9), 3),
        p95: expect.closeTo(percentile(5000, 0.95), 3),
        threshold: expect.closeTo(percentile(5000, 0.95), 3),
        method: 'PCT',
        n_days: 20,
        n_trades: 5000,
      },
      {
        ts_code: '000001.SZ',
        grain_class: 'TBT',
        p90: expect.closeTo(percentile(300, 0.9), 3),
        p95: expect.closeTo(percentile(300, 0.95), 3),
        threshold: expect.closeTo(blend(10, 300, 200_000), 3),
        method: 'BLEND',
        n_days: 10,
        n_trades: 300,
      },
      // 4 000 M CNY a day: 5 bp of it is 2 M, the ceiling.
      { ts_code: '600003.SH', grain_class: 'AGG', p90: null, p95: null, threshold: expect.closeTo(2_000_000, 0), method: 'ADV', n_days: 0, n_trades: 0 },
      // Two bars are no turnover: 0.25 × 48 + 0.75 × 200 thousand.
      {
        ts_code: '600004.SH',
        grain_class: 'AGG',
        p90: expect.closeTo(percentile(50, 0.9), 3),
        p95: expect.closeTo(percentile(50, 0.95), 3),
        threshold: expect.closeTo(blend(5, 50, 200_000), 3),
        method: 'BLEND',
        n_days: 5,
        n_trades: 50,
      },
      { ts_code: '600005.SH', grain_class: 'AGG', p90: null, p95: null, threshold: 200_000, method: 'FIXED', n_days: 0, n_trades: 0 },
    ],
  }
}
