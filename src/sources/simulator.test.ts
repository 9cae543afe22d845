import { expect, test } from 'vitest'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import { labelAt, labels, numbers } from '#core/frame.ts'
import type { FetchRequest, Page } from '#core/source.ts'
import type { Tick } from '#core/tick.ts'
import { tradeDate } from '#core/trade-date.ts'
import { sources } from './index.ts'
import { simulator } from './simulator.ts'

const dates = aShareCalendar.dates(tradeDate(20250102), tradeDate(20250630))
const source = simulator({ seed: 1, size: 40, dates })
const [first, last] = [dates[0]!, dates.at(-1)!]

async function pagesOf(request: FetchRequest, from = source): Promise<Page[]> {
  const pages: Page[] = []
  for await (const page of from.fetch(request)) pages.push(page)
  return pages
}

/** Two stocks that trade on the last day, in code order. */
async function tradingCodes(): Promise<[string, string]> {
  const [daily] = await pagesOf({ dataset: 'ods_daily', from: last, to: last })
  return [labelAt(labels(daily!.frame, 'ts_code'), 5)!, labelAt(labels(daily!.frame, 'ts_code'), 20)!]
}

async function ticksOf(codes?: readonly string[]): Promise<readonly (readonly Tick[])[]> {
  const batches: (readonly Tick[])[] = []
  for await (const batch of source.ticks(last, codes)) batches.push(batch)
  return batches
}

test('simulator() is in the registry and says that its numbers are simulated', () => {
  expect(sources).toContain(simulator)
  expect([source.name, source.label.zh, source.simulated]).toEqual(['simulator', '模拟市场', true])
})

test('simulator() fetches the same bytes twice, from two sources with the same settings', async () => {
  const other = simulator({ seed: 1, size: 40, dates })
  for (const dataset of source.datasets) {
    const from = dataset === 'ods_tick' || dataset === 'ods_minute_bar' ? last : first
    expect(await pagesOf({ dataset, from, to: last }, other)).toEqual(await pagesOf({ dataset, from, to: last }))
  }
})

test('simulator() fetches day by day what it fetches at once', async () => {
  const [whole] = await pagesOf({ dataset: 'ods_daily', from: dates[20]!, to: dates[24]! })
  const parts = (await Promise.all(dates.slice(20, 25).map((date) => pagesOf({ dataset: 'ods_daily', from: date, to: date })))).flat()
  expect(whole!.dates).toEqual(dates.slice(20, 25))
  expect(parts.map((page) => page.dates)).toEqual(dates.slice(20, 25).map((date) => [date]))
  expect(parts.flatMap((page) => [...numbers(page.frame, 'amount')])).toEqual([...numbers(whole!.frame, 'amount')])
})

test('simulator() gives no pages outside its dates and refuses a dataset it does not have', async () => {
  expect(await pagesOf({ dataset: 'ods_daily', from: tradeDate(20200101), to: tradeDate(20201231) })).toEqual([])
  expect(await pagesOf({ dataset: 'ods_tick', from: tradeDate(20250104), to: tradeDate(20250104) })).toEqual([])
  await expect(pagesOf({ dataset: 'ods_foreign_daily', from: first, to: last })).rejects.toThrow(/Cannot fetch ods_foreign_daily from the simulator/)
})

test('simulator() ticks of a day add up to its daily bars in volume and amount', async () => {
  const [daily] = await pagesOf({ dataset: 'ods_daily', from: last, to: last })
  const ticks = await pagesOf({ dataset: 'ods_tick', from: last, to: last })
  const [volume, amount] = [new Map<string, number>(), new Map<string, number>()]
  for (const { frame } of ticks)
    for (let row = 0; row < frame.length; row++) {
      const code = labelAt(labels(frame, 'ts_code'), row)!
      volume.set(code, (volume.get(code) ?? 0) + numbers(frame, 'volume')[row]!)
      amount.set(code, (amount.get(code) ?? 0) + numbers(frame, 'amount')[row]!)
    }
  expect(volume.size).toBe(daily!.frame.length)
  for (let row = 0; row < daily!.frame.length; row++) {
    const code = labelAt(labels(daily!.frame, 'ts_code'), row)!
    expect(volume.get(code)! / 100).toBe(numbers(daily!.frame, 'vol')[row])
    expect(amount.get(code)! / 1e6).toBe(numbers(daily!.frame, 'amount')[row])
  }
})

test('simulator() tick rows carry the columns of ods_tick, flags as B, S or M and ordinals from 0', async () => {
  const asked = await tradingCodes()
  const [page] = await pagesOf({ dataset: 'ods_tick', from: last, to: last, codes: asked.toReversed() })
  const { frame } = page!
  expect(Object.keys(frame.columns)).toEqual(
    'trade_date ts_code grain source at seq price volume amount amount_est vendor_side trade_count bid1 ask1'.split(' '),
  )
  const codes = labels(frame, 'ts_code')
  const starts = Array.from({ length: frame.length }, (_, row) => row).filter((row) => numbers(frame, 'seq')[row] === 0)
  expect(starts.map((row) => labelAt(codes, row))).toEqual(asked)
  expect([labelAt(labels(frame, 'vendor_side'), 0), labelAt(labels(frame, 'grain'), 0), labelAt(labels(frame, 'source'), 0)]).toEqual([
    'M',
    'AGG3S',
    'simulator',
  ])
  const sides = new Set(Array.from({ length: frame.length }, (_, row) => labelAt(labels(frame, 'vendor_side'), row)))
  expect(sides).toEqual(new Set(['M', 'B', 'S']))
})

test('simulator() streams every tick of the day once, in event-time order, in batches of at most 1,000', async () => {
  const batches = await ticksOf()
  const ticks = batches.flat()
  const pages = await pagesOf({ dataset: 'ods_tick', from: last, to: last })
  expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(1000)
  expect(ticks.length).toBe(pages.reduce((sum, page) => sum + page.frame.length, 0))
  expect(ticks.every((tick, i) => i === 0 || tick.at > ticks[i - 1]!.at || (tick.at === ticks[i - 1]!.at && tick.code > ticks[i - 1]!.code))).toBe(true)
  expect(ticks.every((tick) => tick.seenAt === tick.at)).toBe(true)
  const next = new Map<string, number>()
  for (const { code, seq } of ticks) {
    expect(seq).toBe(next.get(code) ?? 0)
    next.set(code, seq + 1)
  }
})

test('simulator() streams only the stocks asked for, the same ticks as in the whole', async () => {
  const [code] = await tradingCodes()
  const alone = (await ticksOf([code, 'no such code'])).flat()
  expect(alone.length).toBeGreaterThan(100)
  expect((await ticksOf()).flat().filter((tick) => tick.code === code)).toEqual(alone)
})

test('simulator() stops when the signal aborts', async () => {
  const aborted = AbortSignal.abort()
  await expect(async () => {
    for await (const batch of source.ticks(last, undefined, aborted)) expect(batch).toEqual([])
  }).rejects.toThrow(/abort/i)
})

test('simulator() gives the initials people type for each name', async () => {
  const [page] = await pagesOf({ dataset: 'dim_stock', from: first, to: last })
  const [names, initials] = [labels(page!.frame, 'name'), labels(page!.frame, 'pinyin')]
  for (let row = 0; row < page!.frame.length; row++) expect(labelAt(initials, row)).toMatch(/^[a-z]{2,4}$/)
  expect(new Set(names.values).size).toBe(page!.frame.length)
})

test('simulator() accounts for every listed stock-day by a bar or a suspension', async () => {
  const count = async (dataset: 'ods_daily' | 'ods_adj_factor' | 'ods_suspend_d') => {
    const pages = await pagesOf({ dataset, from: first, to: last })
    return pages.reduce((rows, { frame }) => {
      const types = frame.columns['suspend_type']
      return (
        rows +
        (types === undefined
          ? frame.length
          : Array.from({ length: frame.length }, (_, row) => row).filter((row) => labelAt(labels(frame, 'suspend_type'), row) === 'S').length)
      )
    }, 0)
  }
  expect((await count('ods_daily')) + (await count('ods_suspend_d'))).toBe(await count('ods_adj_factor'))
})

test('simulator() gives six indices and those of the sectors with members on every date, their members, and reports announced by the last date', async () => {
  const [levels] = await pagesOf({ dataset: 'ods_index_daily', from: dates[3]!, to: dates[7]! })
  const codes = new Set(labels(levels!.frame, 'ts_code').values)
  expect([...codes].filter((code) => !code.endsWith('.SI')).length).toBe(6)
  expect([...codes].filter((code) => code.endsWith('.SI')).length).toBeGreaterThan(12)
  expect([levels!.frame.length, levels!.dates]).toEqual([5 * codes.size, dates.slice(3, 8)])
  const [alone] = await pagesOf({ dataset: 'ods_index_daily', from: dates[3]!, to: dates[7]!, codes: ['000300.SH'] })
  expect(new Set(labels(alone!.frame, 'ts_code').values)).toEqual(new Set(['000300.SH']))
  const [members] = await pagesOf({ dataset: 'ods_index_member', from: first, to: first })
  expect(members!.frame.length).toBeGreaterThan(40)
  const [books] = await pagesOf({ dataset: 'ods_fina_indicator', from: first, to: last })
  expect(Math.max(...numbers(books!.frame, 'ann_date'))).toBeLessThanOrEqual(last)
  expect(books!.dates).toEqual([])
})

test('simulator() explains every jump of an adjustment factor without a rights issue by a dividend on that day: close before − cash over one and the bonus is the new reference', async () => {
  // A whole year, so that the ex-dates from May to July lie inside.
  const year = aShareCalendar.dates(tradeDate(20250102), tradeDate(20251231))
  const market = simulator({ seed: 4, size: 60, dates: year })
  const rowsOf = async (dataset: 'ods_daily' | 'ods_adj_factor' | 'ods_dividend', names: readonly string[]) => {
    const pages = await pagesOf({ dataset, from: year[0]!, to: year.at(-1)! }, market)
    return pages.flatMap(({ frame }) =>
      Array.from({ length: frame.length }, (_, row) => ({
        key: `${labelAt(labels(frame, 'ts_code'), row)} ${numbers(frame, 'trade_date')[row]}`,
        code: labelAt(labels(frame, 'ts_code'), row)!,
        values: names.map((name) => numbers(frame, name)[row]!),
      })),
    )
  }
  const dividends = new Map((await rowsOf('ods_dividend', ['cash_div_tax', 'stk_div'])).map(({ key, values }) => [key, values]))
  const references = new Map((await rowsOf('ods_daily', ['pre_close', 'close'])).map(({ key, values }) => [key, values]))
  expect(dividends.size).toBeGreaterThan(15)
  let [explained, jumps] = [0, 0]
  for (const own of Map.groupBy(await rowsOf('ods_adj_factor', ['adj_factor']), ({ code }) => code).values()) {
    let close = NaN
    for (const [i, { key, values }] of own.entries()) {
      const bar = references.get(key)
      if (i > 0 && bar !== undefined && Math.abs(values[0]! / own[i - 1]!.values[0]! - 1) > 1e-6) {
        jumps++
        const [cash, bonus] = dividends.get(key) ?? []
        if (cash !== undefined) {
          explained++
          expect(bar[0]!).toBeCloseTo(Math.round(((close - cash) / (1 + bonus!)) * 100) / 100, 1)
        }
      }
      if (bar !== undefined) close = bar[1]!
    }
  }
  expect(explained).toBe(dividends.size)
  expect(explained).toBeGreaterThanOrEqual(0.9 * jumps)
})
