import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import { boardOf, exchangeOf, type Code } from '#core/code.ts'
import { numbers, type Frame } from '#core/frame.ts'
import { seededRng } from '#core/rng.ts'
import { segmentAt, sessionRulesOn } from '#core/session.ts'
import { instantOf } from '#core/shanghai-time.ts'
import type { Tick } from '#core/tick.ts'
import type { TradeDate } from '#core/trade-date.ts'
import { detectors } from '#detectors/index.ts'
import { classifySide, sideState, type SideState } from '#micro/classify-side.ts'
import { measures } from '#micro/measures/index.ts'
import { profileBaseline } from '#stream/baseline.ts'
import { Pipeline } from '#stream/pipeline.ts'
import { engineTypeOf } from '#warehouse/column.ts'
import { openingFacts } from '#warehouse/opening-facts.ts'
import { recordedTicks } from '#warehouse/recorded-ticks.ts'
import type { Table } from '#warehouse/table.ts'
import { changedAfter, knownOn, permutation, rawOf, rowsWhere, shuffled, textsOf, type RawMarket } from './raw-market.ts'
import { isOnTick, isSplit, splitColumns, splitInTwo } from './split.ts'
import { firstDay, lastDay, marketDays, tableNamed, tinyMarket } from './tiny-market.ts'
import { allDifferences, builtTables, cellOf, datedTables, daysOf, differencesOf, WarehouseRig, type Built } from './warehouse-rig.ts'

/* LAYOUT §13 over every built table of the registry: a new table is covered by being listed. */

/** No row up to this day may know of what came after it. */
const today = aShareCalendar.shift(lastDay, -2)

let rig: WarehouseRig
let raw: RawMarket
/** Every table built at once from everything there is. */
let whole: Built
/** The same up to today. */
let known: Built

beforeAll(async () => {
  rig = await WarehouseRig.open()
  raw = await tinyMarket()
  whole = await rig.world(raw)
  known = await rig.built(today)
})

afterAll(() => rig.close())

describe('the tiny market', () => {
  test('gives every built table rows to judge by, up to today and after it', () => {
    for (const table of builtTables) expect(known.get(table.name)!.length, table.name).toBeGreaterThan(0)
    for (const table of datedTables) expect(whole.get(table.name)!.length, table.name).toBeGreaterThan(known.get(table.name)!.length)
    const quality = whole.get('stock_fund_quality')!
    expect(new Set(textsOf(quality, 'status'))).toEqual(new Set(['OK', 'INSUFFICIENT', 'NO_REFERENCE']))
  })

  test('fills every raw table that a built table reads', () => {
    const read = new Set(
      builtTables.flatMap((table) => table.inputs.flatMap((input) => [input.table, ...input.orElse])).filter(({ build }) => build.by === 'fetch'),
    )
    expect([...read].filter((table) => (raw.get(table)?.length ?? 0) === 0).map(({ name }) => name)).toEqual([])
  })
})

test('the tiny market gives the golden tables (a wanted change is accepted with: vitest run --project engine tests/laws -u)', async () => {
  const told = ['table rows', ...builtTables.map(({ name }) => `${name} ${whole.get(name)!.length}`)]
  const candidates = [
    'candidate_rank',
    'ts_code',
    'first_failed',
    'support_price',
    'support_pct',
    'resistance_price',
    'resistance_score',
    'room',
    'status',
    'fund_quality_z',
  ]
  const micro = ['ts_code', 'total_value', 'vwap', 'big_net_value', 'order_flow_imbalance', 'ofi_bvc', 'vpin', 'threshold', 'threshold_method', 'quality']
  const bands = ['ts_code', 'mid', 'price_position', 'band_width_zscore', 'v_price_position', 'flags']
  for (const [name, columns] of [
    ['strategy_candidates', candidates],
    ['stock_microstructure_daily', micro],
    ['stock_bollinger_data', bands],
  ] as const) {
    const frame = whole.get(name)!
    told.push('', `${name} of ${lastDay}: ${columns.join(' ')}`)
    for (let row = 0; row < frame.length; row++) {
      if (cellOf(frame, 'trade_date', row) === lastDay) told.push(columns.map((column) => shown(cellOf(frame, column, row))).join(' '))
    }
  }
  await expect(`${told.join('\n')}\n`).toMatchFileSnapshot('../golden/tiny-market.txt')
})

/** Ten digits: what differs beyond them is the machine's. */
function shown(cell: number | string | undefined): string {
  return typeof cell === 'number' && !Number.isInteger(cell) ? cell.toPrecision(10) : String(cell)
}

describe('batch = stream', () => {
  /** Columns of the nightly table, and of the daily bar, as the board's last snapshot of the day names them. */
  const asFeature = {
    total_value: 'cum_amount',
    total_volume: 'cum_volume',
    vwap: 'vwap_day',
    big_net_value: 'big_net_day',
    order_flow_imbalance: 'order_flow_imbalance_day',
    threshold: 'big_trade_threshold',
  } as const

  const session: Tick[] = []
  const thresholds = new Map<string, number>()
  let nightly: RowsByCode
  let bars: RowsByCode

  beforeAll(async () => {
    for await (const batch of recordedTicks(rig.engine, lastDay)) session.push(...batch)
    const facts = await openingFacts(rig.engine, aShareCalendar, lastDay, undefined, new AbortController().signal)
    for (const [row, code] of textsOf(facts, 'ts_code').entries()) thresholds.set(code!, numbers(facts, 'threshold')[row]!)
    nightly = await rowsOn(tableNamed('stock_microstructure_daily'))
    bars = await rowsOn(tableNamed('dwd_daily'))
    expect(nightly.size).toBeGreaterThan(20)
  })

  test('the board’s last snapshot of the day is the nightly row of every stock, bit for bit', () => {
    const pipeline = new Pipeline({ date: lastDay, detectors, baselineOf: (code) => profileBaseline({ bigTradeThreshold: thresholds.get(code)! }), emit() {} })
    pipeline.push(session)
    for (const [code, row] of nightly) {
      const { values } = pipeline.snapshot(code as Code)!
      for (const [column, feature] of Object.entries(asFeature)) expect({ code, column, value: values[feature] }).toEqual({ code, column, value: row[column] })
      const { close, high, low } = bars.get(code)!
      expect({ code, last: values.last, high: values.high, low: values.low }).toEqual({ code, last: close, high, low })
    }
  })

  test.each(measures.map((measure) => [measure.name, measure] as const))(
    '%s folded tick by tick as they arrive is its column of the nightly table',
    (name, measure) => {
      const stocks = new Map<string, { readonly sums: Float64Array; readonly sides: SideState }>()
      for (const tick of session) {
        const { sums, sides } = stocks.getOrInsertComputed(tick.code, () => ({ sums: measure.create(), sides: sideState(tick.grain) }))
        const segment = segmentAt(tick.at - instantOf(lastDay, 0), sessionRulesOn(lastDay, exchangeOf(tick.code), boardOf(tick.code)))
        classifySide(sides, tick, segment)
        const { amount, volume } = tick
        const isBig = amount >= Math.round(thresholds.get(tick.code)! * 1000)
        measure.add(sums, 0, { amount, volume, buyAmount: Math.round(amount * sides.buyFraction), side: sides.side, segment, isBig })
      }
      for (const [code, row] of nightly) {
        // The one measure without a column of its own is the difference of two that have one.
        const expected =
          name === 'active_net_value' ? (Math.round(row['active_buy_value']! * 1000) - Math.round(row['active_sell_value']! * 1000)) / 1000 : row[name]
        expect({ code, value: measure.value(stocks.get(code)!.sums, 0) }).toEqual({ code, value: expected })
      }
    },
  )

  type RowsByCode = ReadonlyMap<string, Readonly<Record<string, number>>>

  async function rowsOn(table: Table): Promise<RowsByCode> {
    const names = Object.entries(table.columns)
      .filter(([, column]) => !engineTypeOf(column).includes('String'))
      .map(([name]) => name)
    const rows = await rig.engine.rows<Record<string, number> & { ts_code: string }>(
      `select ts_code, ${names.join(', ')} from fupan.${table.name} where trade_date = ${lastDay}`,
    )
    return new Map(rows.map((row) => [row.ts_code, row]))
  }
})

describe('incremental = whole', () => {
  test('building the last days once more changes nothing and gives no row a new version', async () => {
    for (const table of builtTables) {
      const { staged, ...published } = await rig.build(table, daysOf(table).slice(-2))
      expect({ table: table.name, ...published }).toEqual({ table: table.name, written: 0, unchanged: staged, deleted: 0, duplicates: 0, changed: [] })
    }
    expect(await rig.leftovers()).toEqual([])
  })

  test('a day built again for half of the stocks changes nothing, neither theirs nor the others’', async () => {
    const codes = (textsOf(raw.get(tableNamed('dim_stock'))!, 'ts_code') as readonly string[]).filter((_, i) => i % 2 === 0)
    for (const table of datedTables) {
      const { written, deleted } = await rig.build(table, daysOf(table).slice(-1), { codes })
      expect({ table: table.name, written, deleted }).toEqual({ table: table.name, written: 0, deleted: 0 })
    }
  })

  test('the tick work set of a day is the pool of its last 21 days, and its rows are those of a build of every stock', async () => {
    const table = tableNamed('stock_microstructure_daily')
    const onLastDay = (frame: Frame, holds: (code: string) => boolean) =>
      rowsWhere(frame, (row) => cellOf(frame, 'trade_date', row) === lastDay && holds(cellOf(frame, 'ts_code', row) as string))
    const pool = rowsWhere(
      whole.get('stock_active_pool')!,
      (row) => (cellOf(whole.get('stock_active_pool')!, 'trade_date', row) as number) >= aShareCalendar.shift(lastDay, -20),
    )
    const chosen = new Set(textsOf(pool, 'ts_code'))
    await rig.build(table, [lastDay], { scope: 'pool' })
    const expected = onLastDay(whole.get(table.name)!, (code) => chosen.has(code))
    expect(expected.length).toBeLessThan(onLastDay(whole.get(table.name)!, () => true).length)
    expect(
      differencesOf(
        table,
        onLastDay(await rig.rows(table), () => true),
        expected,
      ),
    ).toEqual([])
    await rig.build(table, [lastDay])
    expect(differencesOf(table, await rig.rows(table), whole.get(table.name)!)).toEqual([])
  })

  test('tables built in shuffled runs and single days are the tables built at once', async () => {
    for (const table of datedTables) await rig.engine.exec(`truncate table fupan.${table.name}`)
    for (const table of datedTables) {
      const runs = runsOf(daysOf(table), table.name)
      // A chained table is made day after day: its runs keep their order.
      for (const run of table.chained === true ? runs.toSorted((a, b) => a[0]! - b[0]!) : runs) await rig.build(table, run)
    }
    expect(allDifferences(await rig.built(), whole)).toEqual([])
  })
})

describe('no future', () => {
  test('a history built when later rows did not exist is the same, and night after night it becomes the whole', async () => {
    await rig.empty()
    await rig.load(knownOn(raw, today))
    await rig.buildAll(firstDay, today)
    expect(allDifferences(await rig.built(), known)).toEqual([])
    for (let night = aShareCalendar.next(today); night <= lastDay; night = aShareCalendar.next(night)) {
      await rig.load(rawOf(raw, night, night))
      for (const table of datedTables) await rig.build(table, [night])
    }
    expect(allDifferences(await rig.built(), whole)).toEqual([])
  })

  test('no row up to today moves when the market goes on quite differently', async () => {
    await rig.empty()
    await rig.load(changedAfter(raw, today, tripled))
    await rig.buildAll()
    expect(allDifferences(await rig.built(today), known)).toEqual([])
    // The days after today did move: the law could have failed.
    const after = await rig.built()
    expect(datedTables.filter((table) => differencesOf(table, after.get(table.name)!, whole.get(table.name)!).length === 0).map(({ name }) => name)).toEqual([])
  })
})

describe('same seed, same bytes; order invariance; adjustment invariance', () => {
  test('the same seed gives the same raw rows', async () => {
    const again = await tinyMarket()
    expect([...again.keys()].map(({ name }) => name)).toEqual([...raw.keys()].map(({ name }) => name))
    for (const [table, frame] of raw) expect(differencesOf(table, again.get(table)!, frame, Object.keys(frame.columns), () => 0)).toEqual([])
  })

  // Three laws in one world, because a world takes seconds: differences of the split stock alone speak of the split, any others of order or threads.
  test('raw rows in any order, worked on by one thread, one stock split one for two with its factor, give the same returns, positions, ranks and flow', async () => {
    const code = pooledStock()
    const from = aShareCalendar.shift(lastDay, -8)
    await rig.close()
    rig = await WarehouseRig.open(1)
    await rig.load(shuffled(splitInTwo(raw, code, from), 1))
    await rig.buildAll()
    const split = await rig.built()
    for (const table of datedTables) {
      const expected = splitColumns(table, whole.get(table.name)!, code, from)
      const comparable = Object.keys(expected.columns).filter((column) => !isSplit(table.name, column))
      const compared = (frame: Frame) =>
        isOnTick(table.name) ? rowsWhere(frame, (row) => cellOf(frame, 'ts_code', row) !== code || (cellOf(frame, 'trade_date', row) as number) < from) : frame
      expect(differencesOf(table, compared(split.get(table.name)!), compared(expected), comparable)).toEqual([])
    }
    const flags = (built: Built) => flagsButExDates(built.get('stock_bollinger_data')!)
    expect(flags(split)).toEqual(flags(whole))
  })

  /** The vendor-adjusted stock with the most scored rise windows: it passes through every table. */
  function pooledStock(): string {
    const quality = whole.get('stock_fund_quality')!
    const vendor = new Set(textsOf(knownOn(raw, marketDays[0]!).get(tableNamed('ods_adj_factor'))!, 'ts_code'))
    const scored = textsOf(quality, 'ts_code').filter((code, row) => vendor.has(code) && cellOf(quality, 'status', row) === 'OK')
    const [[code]] = [...Map.groupBy(scored, (name) => name)].toSorted(([a, x], [b, y]) => y.length - x.length || (a! < b! ? -1 : 1)) as [[string, unknown]]
    return code
  }

  /** Without 64 (closed at a limit) and 128 (an ex-date inside): what the split does to them is no concern of the bands. */
  function flagsButExDates(frame: Frame): readonly number[] {
    return Array.from(numbers(frame, 'flags'), (flags) => flags & ~(64 | 128))
  }
})

describe('conservation', () => {
  test('the parts of a day’s value add up to it, the big net of its three parts to that of the day, in whole 厘', () => {
    const micro = whole.get('stock_microstructure_daily')!
    const milli = (name: string) => numbers(micro, name).map((value) => Math.round(value * 1000))
    const [total, buy, sell, neutral, auction] = ['total_value', 'active_buy_value', 'active_sell_value', 'neutral_value', 'auction_value'].map(milli)
    const [net, open, mid, close, bigBuy, bigSell] = ['big_net_value', 'big_net_open', 'big_net_mid', 'big_net_close', 'big_buy_value', 'big_sell_value'].map(
      milli,
    )
    for (let row = 0; row < micro.length; row++) {
      expect(buy![row]! + sell![row]! + neutral![row]! + auction![row]!).toBe(total![row])
      expect(open![row]! + mid![row]! + close![row]!).toBe(net![row])
      expect(bigBuy![row]! - bigSell![row]!).toBe(net![row])
    }
  })

  test('a number that is never missing is a finite one in every table', () => {
    for (const table of builtTables) {
      const frame = whole.get(table.name)!
      for (const [name, column] of Object.entries(table.columns)) {
        if (column.nullable || !engineTypeOf(column).includes('Float64')) continue
        expect(
          numbers(frame, name).findIndex((value) => !Number.isFinite(value)),
          `${table.name}.${name}`,
        ).toBe(-1)
      }
    }
  })
})

/** The last day alone, the days before in a few runs, all in an order drawn for the table. */
function runsOf(days: readonly TradeDate[], name: string): readonly (readonly TradeDate[])[] {
  const rng = seededRng(name)
  const runs: (readonly TradeDate[])[] = [days.slice(-1)]
  const [shortest, longest] = days.length > 60 ? [30, 90] : [4, 7]
  for (let from = 0; from < days.length - 1;) {
    const to = Math.min(days.length - 1, from + rng.integer(shortest, longest))
    runs.push(days.slice(from, to))
    from = to
  }
  return Array.from(permutation(runs.length, rng), (at) => runs[at]!)
}

/** Prices and volumes times three, so that money is times nine and everything still adds up. */
function tripled(value: number, column: string): number {
  return column === 'amount_est' ? value : column === 'amount' ? value * 9 : value * 3
}
