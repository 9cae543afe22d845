import { beforeAll, expect, test } from 'vitest'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import { frameRows, labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import { instantOf } from '#core/shanghai-time.ts'
import type { Page } from '#core/source.ts'
import { tradeDate, type EpochMs } from '#core/trade-date.ts'
import { bookPictures } from './book-pictures.ts'
import { dailyBars } from './daily-bars.ts'
import { FAULT_KINDS, faultFrame, type FaultConfig } from './fault.ts'
import { faultPlan, pickFault } from './fault-plan.ts'
import { faultyPage } from './faulty-page.ts'
import { finaIndicatorFrame } from './fina-indicator-frame.ts'
import { requestFault } from './request-faults.ts'
import { tickFrame } from './tick-frame.ts'
import { tickDay } from './tick-path.ts'
import { adjFactorFrame, dailyFrame } from './vendor-frames.ts'
import { createWorld } from './world.ts'

const dates = aShareCalendar.dates(tradeDate(20260105), tradeDate(20260331))
const world = createWorld({ seed: 11, size: 60, dates })
let daily: Page
let ticks: Page

beforeAll(() => {
  const bars = world.stocks.map((stock) => dailyBars(world, stock))
  daily = { dataset: 'ods_daily', dates, frame: dailyFrame(world, bars, { first: 0, last: dates.length - 1 }) }
  const days = bars.slice(0, 6).flatMap((own) => tickDay(world, own, 20) ?? [])
  ticks = { dataset: 'ods_tick', dates: [dates[20]!], frame: tickFrame(days, 'simulator') }
})

const planOf = (rates: FaultConfig['rates'], seed = 1) => faultPlan({ rates }, seed)
const keysOf = (frame: Frame) =>
  Array.from({ length: frame.length }, (_, row) => `${numbers(frame, 'trade_date')[row]} ${labelAt(labels(frame, 'ts_code'), row)}`)
const rowsOf = (frame: Frame, dates: ReadonlySet<number>) =>
  frameRows(frame, Uint32Array.from(Array.from({ length: frame.length }, (_, row) => row).filter((row) => dates.has(numbers(frame, 'trade_date')[row]!))))

test('faultPlan() refuses rates that are no chances, and kinds that compete for more than the whole', () => {
  expect(() => planOf({ outlier: -0.1 })).toThrow(/from 0 to 1, found -0.1 for outlier/)
  expect(() => planOf({ outlier: NaN })).toThrow(RangeError)
  expect(() => planOf({ outlier: 0.6, bad_row: 0.6 })).toThrow(/one row has at most one, but the rates add up to 1.2/)
})

test('pickFault() divides the unit interval among the kinds in their order', () => {
  const plan = planOf({ dup: 0.2, reorder: 0.3 })
  expect([0.1, 0.25, 0.49, 0.51].map((u) => pickFault(plan, ['dup', 'reorder'], u))).toEqual(['dup', 'reorder', 'reorder', undefined])
})

test('faultyPage() without rates hands out the very page', () => {
  const hit = faultyPage(planOf({}), daily)
  expect(hit.page).toBe(daily)
  expect(hit.faults).toEqual([])
})

test('faultyPage() makes about as many faults of each kind as its rate says, leaves the page it was given alone, and does the same twice', () => {
  const before = JSON.stringify(keysOf(daily.frame)) + [...numbers(daily.frame, 'close')].join()
  const rate = 0.02
  const kinds = ['duplicate_row', 'out_of_order', 'late_row', 'frozen_quote', 'outlier', 'wrong_ohlc', 'bad_row', 'one_tick_off'] as const
  const plan = planOf(Object.fromEntries(kinds.map((kind) => [kind, rate])))
  const { page, faults } = faultyPage(plan, daily)
  const expected = rate * daily.frame.length
  for (const kind of kinds) {
    const found = faults.filter((fault) => fault.kind === kind).length
    expect(Math.abs(found - expected), kind).toBeLessThan(5 * Math.sqrt(expected))
  }
  const changed = (kind: string) => faults.filter((fault) => fault.kind === kind).length
  expect(page.frame.length).toBe(daily.frame.length + changed('duplicate_row') - changed('late_row'))
  expect(JSON.stringify(keysOf(daily.frame)) + [...numbers(daily.frame, 'close')].join()).toBe(before)
  expect(faultyPage(planOf(plan.config.rates), daily)).toEqual({ page, faults })
  expect(faultyPage(planOf(plan.config.rates, 2), daily).faults).not.toEqual(faults)
})

test('faultyPage() hits the same rows however the days are cut into pages', () => {
  const rates = { duplicate_row: 0.01, late_row: 0.01, outlier: 0.01, wrong_ohlc: 0.01, missing_day: 0.1 }
  const whole = faultyPage(planOf(rates), daily)
  const parts = [new Set(dates.slice(0, 10)), new Set(dates.slice(10, 11)), new Set(dates.slice(11))].map((part) =>
    faultyPage(planOf(rates), { ...daily, dates: [...part], frame: rowsOf(daily.frame, part) }),
  )
  expect(parts.flatMap(({ faults }) => faults)).toEqual(whole.faults)
  expect(parts.flatMap(({ page }) => [...numbers(page.frame, 'close')])).toEqual([...numbers(whole.page.frame, 'close')])
  const missing = whole.faults.filter(({ kind }) => kind === 'missing_day')
  expect(missing.length).toBeGreaterThan(1)
  for (const { date } of missing) expect(numbers(whole.page.frame, 'trade_date')).not.toContain(date)
  expect(whole.page.dates).toEqual(dates)
})

test('faultyPage() tells of every changed number what it was and is', () => {
  const { page, faults } = faultyPage(planOf({ wrong_ohlc: 0.05, outlier: 0.05, bad_row: 0.05 }), daily)
  const place = new Map(keysOf(daily.frame).map((key, row) => [key, row]))
  expect(faults.length).toBeGreaterThan(100)
  for (const { kind, entity, date, detail } of faults) {
    const row = place.get(`${date} ${entity}`)!
    expect(numbers(daily.frame, detail['column'] as string)[row]).toBe(detail['was'])
    expect(numbers(page.frame, detail['column'] as string)[row]).toBe(detail['is'])
    const [open, high, low, close] = ['open', 'high', 'low', 'close'].map((name) => numbers(page.frame, name)[row]!) as [number, number, number, number]
    if (kind === 'wrong_ohlc') expect(high < Math.max(open, close) || low > Math.min(open, close)).toBe(true)
    if (kind === 'bad_row') expect(Math.min(open, high, low, close)).toBeLessThanOrEqual(0)
  }
  const hit = new Set(faults.map(({ entity, date }) => `${date} ${entity}`))
  const spared = [...place].filter(([key]) => !hit.has(key)).map(([, row]) => row)
  expect(frameRows(page.frame, Uint32Array.from(spared))).toEqual(frameRows(daily.frame, Uint32Array.from(spared)))
})

test('faultyPage() brings a late row once its hour has come', () => {
  const plan = planOf({ late_row: 0.05 })
  const { faults, page } = faultyPage(plan, daily)
  const arrivals = faults.map(({ detail }) => detail['arrives'] as number).toSorted((a, b) => a - b)
  expect(arrivals[0]).toBeGreaterThanOrEqual(instantOf(dates[0]!, 17 * 3_600_000))
  const half = arrivals[Math.floor(arrivals.length / 2)]! as EpochMs
  const later = faultyPage(plan, daily, half)
  expect(later.page.frame.length - page.frame.length).toBe(arrivals.filter((at) => at <= half).length)
  expect(faultyPage(plan, daily, Infinity as EpochMs).page).toBe(daily)
})

test('faultyPage() drops whole minutes of ticks, shifts whole days by eight hours and cuts pages off', () => {
  const { page, faults } = faultyPage(planOf({ dropped_minute: 0.01 }), ticks)
  const lost = faults.reduce((sum, { detail }) => sum + (detail['records'] as number), 0)
  expect(faults.length).toBeGreaterThan(3)
  expect(page.frame.length).toBe(ticks.frame.length - lost)
  const at = numbers(page.frame, 'at')
  for (const fault of faults) {
    const codes = labels(page.frame, 'ts_code')
    for (let row = 0; row < page.frame.length; row++)
      if (labelAt(codes, row) === fault.entity) expect(at[row]! >= fault.at && at[row]! < fault.at + 60_000).toBe(false)
  }
  const shifted = faultyPage(planOf({ zone_shift: 1 }), ticks)
  expect(numbers(shifted.page.frame, 'at').map((value, row) => value - numbers(ticks.frame, 'at')[row]!)).toEqual(
    new Float64Array(ticks.frame.length).fill(8 * 3_600_000),
  )
  const cut = faultyPage(planOf({ truncated_page: 1 }), daily)
  expect(cut.faults).toHaveLength(1)
  expect(cut.faults[0]!.detail).toEqual({ dataset: 'ods_daily', rows: daily.frame.length, kept: cut.page.frame.length })
  expect(cut.page.frame.length / daily.frame.length).toBeGreaterThan(0.29)
  expect(cut.page.frame.length / daily.frame.length).toBeLessThan(0.96)
})

test('faultyPage() lets the volume of the day fall back in pictures of the book', () => {
  const own = dailyBars(world, world.stocks[3]!)
  const frame = bookPictures(world, own, tickDay(world, own, 20)!, 'simulator')
  const { page, faults } = faultyPage(planOf({ cum_regress: 0.02 }), { dataset: 'ods_quote', dates: [dates[20]!], frame })
  const volume = numbers(page.frame, 'cum_volume')
  const falls = Array.from(volume.keys()).filter((row) => row > 0 && volume[row]! < volume[row - 1]!)
  expect(faults.length).toBeGreaterThan(5)
  expect(faults.map(({ at }) => at)).toEqual(expect.arrayContaining(falls.map((row) => numbers(page.frame, 'at')[row])))
  expect(falls.length).toBeGreaterThanOrEqual(faults.length - 2)
})

test('faultyPage() restates a report as a further version with another content and a later announcement', () => {
  const bars = world.stocks.slice(0, 20).map((stock) => dailyBars(world, stock))
  const frame = finaIndicatorFrame(world, bars, tradeDate(20240101), dates.at(-1)!)
  const { page, faults } = faultyPage(planOf({ restated_statement: 0.1 }), { dataset: 'ods_fina_indicator', dates: [], frame })
  expect(faults.length).toBeGreaterThan(3)
  expect(page.frame.length).toBe(frame.length + faults.length)
  const [flags, hashes] = [labels(page.frame, 'update_flag'), labels(page.frame, 'row_hash')]
  const seen = new Set<string>()
  let corrections = 0
  for (let row = 0; row < page.frame.length; row++) {
    seen.add(`${labelAt(labels(page.frame, 'ts_code'), row)} ${numbers(page.frame, 'end_date')[row]} ${labelAt(hashes, row)}`)
    if (labelAt(flags, row) === '1') corrections++
    expect(labelAt(hashes, row)).toMatch(/^[0-9a-f]{16}$/)
  }
  expect(seen.size).toBe(page.frame.length)
  const before = Array.from({ length: frame.length }, (_, row) => labelAt(labels(frame, 'update_flag'), row)).filter((flag) => flag === '1').length
  expect(corrections).toBe(before + faults.length)
})

test('faultyPage() holds adjustment factors back until they are published', () => {
  const bars = world.stocks.map((stock) => dailyBars(world, stock))
  const page: Page = { dataset: 'ods_adj_factor', dates, frame: adjFactorFrame(world, bars, { first: 0, last: dates.length - 1 }) }
  const hit = faultyPage(planOf({ late_adj_factor: 0.05 }), page)
  expect(hit.page.frame.length).toBe(page.frame.length - hit.faults.length)
  expect(hit.faults.length).toBeGreaterThan(100)
  expect(faultyPage(planOf({ late_adj_factor: 0.05 }), page, instantOf(dates.at(-1)!, 20 * 3_600_000)).page).toBe(page)
})

test('requestFault() hits about its share of requests, each for a burst of attempts and then no more', () => {
  const plan = planOf({ http_429: 0.05, server_error: 0.05, connection_reset: 0.05, slow_response: 0.05 })
  const asked = Array.from({ length: 2000 }, (_, k) => ({ entity: 'daily', asked: `page ${k}`, date: dates[0]! }))
  const first = asked.map((request) => requestFault(plan, { ...request, attempt: 0 }))
  expect(first.filter((fault) => fault !== undefined).length / 2000).toBeCloseTo(0.2, 1)
  expect(new Set(first.map((fault) => fault?.kind))).toEqual(new Set([undefined, 'http_429', 'server_error', 'connection_reset', 'slow_response']))
  for (const [k, request] of asked.entries()) {
    const burst = [0, 1, 2, 3].map((attempt) => requestFault(plan, { ...request, attempt })?.kind)
    expect(burst[3]).toBeUndefined()
    if (first[k] === undefined) expect(burst).toEqual([undefined, undefined, undefined, undefined])
    // Once answered it stays answered.
    expect(burst.lastIndexOf(first[k]?.kind)).toBe(first[k] === undefined ? 3 : burst.indexOf(undefined) - 1)
  }
  expect(requestFault(planOf({ http_429: 1 }), { entity: 'daily', asked: 'x', date: dates[0]!, attempt: 0 })).toEqual({
    kind: 'http_429',
    retryAfterSeconds: 1,
  })
})

test('faultFrame() is the table of faults as columns', () => {
  const { faults } = faultyPage(planOf({ outlier: 0.01, missing_day: 0.05 }), daily)
  const frame = faultFrame(faults)
  expect(Object.keys(frame.columns)).toEqual(['kind', 'entity', 'trade_date', 'at', 'detail'])
  expect(frame.length).toBe(faults.length)
  for (let row = 0; row < frame.length; row++) {
    expect(FAULT_KINDS).toContain(labelAt(labels(frame, 'kind'), row))
    expect(JSON.parse(labelAt(labels(frame, 'detail'), row)!)).toEqual(faults[row]!.detail)
  }
})
