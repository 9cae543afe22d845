import { expect, test } from 'vitest'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import { labelAt, labels, numbers, type Frame } from '#core/frame.ts'
import { tradeDate } from '#core/trade-date.ts'
import { dailyBars } from './daily-bars.ts'
import { dailyBasicFrame } from './daily-basic-frame.ts'
import { STATUS } from './listing-status.ts'
import { adjFactorFrame, dailyFrame, stockFrame, stockStFrame, suspendFrame, tradeCalFrame } from './vendor-frames.ts'
import { createWorld } from './world.ts'

const world = createWorld({ seed: 11, size: 80, dates: aShareCalendar.dates(tradeDate(20240102), tradeDate(20251231)) })
const bars = world.stocks.map((stock) => dailyBars(world, stock))
const whole = { first: 0, last: world.dates.length - 1 }
const daily = dailyFrame(world, bars, whole)
const basic = dailyBasicFrame(world, bars, whole)

const cell = (frame: Frame, name: string, row: number) => numbers(frame, name)[row]!
const keyOf = (frame: Frame, row: number) => `${cell(frame, 'trade_date', row)} ${labelAt(labels(frame, 'ts_code'), row)}`

test('dailyFrame() gives lots and thousand CNY: amount × 1000 ÷ (vol × 100) lies in [low, high] on every row', () => {
  let outside = 0
  for (let row = 0; row < daily.length; row++) {
    const average = (cell(daily, 'amount', row) * 1000) / (cell(daily, 'vol', row) * 100)
    if (!(average >= cell(daily, 'low', row) - 1e-9 && average <= cell(daily, 'high', row) + 1e-9)) outside++
  }
  expect(outside).toBe(0)
  expect(daily.length).toBe(bars.reduce((sum, { volume }) => sum + volume.filter((shares) => shares > 0).length, 0))
})

test('dailyFrame() has change and percent against the reference price, one row per stock and day, by date and code', () => {
  let before = ''
  for (let row = 0; row < daily.length; row++) {
    const key = keyOf(daily, row)
    if (key <= before) throw new Error(`${key} after ${before}`)
    before = key
    const [close, preClose] = [cell(daily, 'close', row), cell(daily, 'pre_close', row)]
    if (Math.abs(cell(daily, 'change', row) - (close - preClose)) > 1e-9) throw new Error(key)
    if (Math.abs(cell(daily, 'pct_chg', row) - 100 * (close / preClose - 1)) > 1e-9) throw new Error(key)
  }
  expect(before.slice(0, 8)).toBe('20251231')
})

test('dailyFrame() has after-hours trades at the close for STAR and ChiNext, and for the others from 2026-07-06 on', () => {
  const own = createWorld({ seed: 11, size: 20, dates: aShareCalendar.dates(tradeDate(20260601), tradeDate(20260731)) })
  const all = own.stocks.map((stock) => dailyBars(own, stock))
  const frame = dailyFrame(own, all, { first: 0, last: own.dates.length - 1 })
  let [before, after, later] = [0, 0, 0]
  for (let row = 0; row < frame.length; row++) {
    const { board } = all.find(({ stock }) => stock.code === labelAt(labels(frame, 'ts_code'), row))!.stock
    const has = !Number.isNaN(cell(frame, 'ah_vol', row))
    if (has) expect((cell(frame, 'ah_amount', row) * 10) / cell(frame, 'ah_vol', row)).toBeCloseTo(cell(frame, 'close', row), 9)
    if (board === 'star' || board === 'chinext') later += has ? 1 : 0
    else if (cell(frame, 'trade_date', row) < 20260706) before += has ? 1 : 0
    else if (board === 'main') after += has ? 1 : 0
  }
  expect([before, after > 50, later > 100]).toEqual([0, true, true])
})

test('dailyFrame() of one day is the last part of the whole', () => {
  const last = dailyFrame(world, bars, { first: whole.last, last: whole.last })
  const from = daily.length - last.length
  for (const name of Object.keys(last.columns).filter((name) => name !== 'ts_code')) expect(numbers(last, name)).toEqual(numbers(daily, name).subarray(from))
  expect(labelAt(labels(last, 'ts_code'), 0)).toBe(labelAt(labels(daily, 'ts_code'), from))
})

test('adjFactorFrame() has a row for every listed stock and day, suspended days included, from 1 upwards', () => {
  const factors = adjFactorFrame(world, bars, whole)
  expect(factors.length).toBe(bars.reduce((sum, { stock }) => sum + world.dates.length - Math.max(0, stock.listDay), 0))
  expect(factors.length).toBeGreaterThan(daily.length)
  expect(numbers(factors, 'adj_factor').every((factor) => factor >= 1)).toBe(true)
  expect(numbers(factors, 'adj_factor').some((factor) => factor > 1)).toBe(true)
})

test('dailyBasicFrame() satisfies the identities of spec simulator §9.2', () => {
  expect([basic.length, numbers(basic, 'close')]).toEqual([daily.length, numbers(daily, 'close')])
  for (let row = 0; row < basic.length; row += 13) {
    const [close, total, float, free] = ['close', 'total_share', 'float_share', 'free_share'].map((name) => cell(basic, name, row))
    const shares = cell(daily, 'vol', row) * 100
    expect(cell(basic, 'total_mv', row)).toBeCloseTo(close! * total!, 4)
    expect(cell(basic, 'circ_mv', row)).toBeCloseTo(close! * float!, 4)
    expect(cell(basic, 'turnover_rate', row)).toBeCloseTo((100 * shares) / (float! * 1e4), 9)
    expect(cell(basic, 'turnover_rate_f', row)).toBeCloseTo((100 * shares) / (free! * 1e4), 9)
    expect(free! <= float! && float! <= total!).toBe(true)
    expect(cell(basic, 'turnover_rate', row)).toBeLessThan(61)
  }
})

test('dailyBasicFrame() has no P/E for losses, a price-to-book for everyone and yields only for payers', () => {
  const missing = (name: string) => numbers(basic, name).filter((value) => Number.isNaN(value)).length / basic.length
  expect(missing('pe')).toBeGreaterThan(0)
  expect(missing('pe')).toBeLessThan(0.25)
  expect(missing('pb')).toBe(0)
  expect(missing('dv_ttm')).toBeGreaterThan(0.1)
  expect(numbers(basic, 'pe').every((value) => Number.isNaN(value) || value > 0)).toBe(true)
})

test('dailyBasicFrame() volume ratio is the volume over the mean of the five bars before, missing until there are five', () => {
  const code = world.stocks.find(({ listDay }) => listDay < 0)!.code
  const rows = Array.from({ length: daily.length }, (_, row) => row).filter((row) => labelAt(labels(daily, 'ts_code'), row) === code)
  const vol = rows.map((row) => cell(daily, 'vol', row))
  const ratio = rows.map((row) => cell(basic, 'volume_ratio', row))
  expect(ratio.slice(0, 5)).toEqual([NaN, NaN, NaN, NaN, NaN])
  expect(ratio[5]).toBeCloseTo((5 * vol[5]!) / (vol[0]! + vol[1]! + vol[2]! + vol[3]! + vol[4]!), 9)
})

test('tradeCalFrame() has both exchanges on every calendar day, open on the world’s dates and beyond them by the bundled calendar', () => {
  const frame = tradeCalFrame(world, tradeDate(20251229), tradeDate(20260106))
  const rows = Array.from({ length: frame.length }, (_, row) => [
    labelAt(labels(frame, 'exchange'), row),
    cell(frame, 'cal_date', row),
    cell(frame, 'is_open', row),
    cell(frame, 'pretrade_date', row),
  ])
  expect(rows.slice(0, 2)).toEqual([
    ['SSE', 20251229, 1, 20251226],
    ['SZSE', 20251229, 1, 20251226],
  ])
  expect(rows.filter(([exchange]) => exchange === 'SSE').map(([, date, open]) => [date, open])).toEqual([
    [20251229, 1],
    [20251230, 1],
    [20251231, 1],
    [20260101, 0],
    [20260102, 0],
    [20260103, 0],
    [20260104, 0],
    [20260105, 1],
    [20260106, 1],
  ])
  expect(rows.at(-1)).toEqual(['SZSE', 20260106, 1, 20260105])
})

test('stockFrame() names exchange, market and board in the vendor’s words', () => {
  const frame = stockFrame(world, bars)
  const row = world.stocks.findIndex(({ board }) => board === 'star')
  expect(['symbol', 'market', 'exchange', 'board', 'list_status'].map((name) => labelAt(labels(frame, name), row))).toEqual([
    world.stocks[row]!.code.slice(0, 6),
    '科创板',
    'SSE',
    'star',
    'L',
  ])
  expect(frame.length).toBe(world.stocks.length)
})

test('stockStFrame() has one row for each day of a risk warning, named as on that day, suspended days included', () => {
  const large = createWorld({ seed: 11, size: 400, dates: world.dates })
  const warned = large.stocks
    .map((stock) => dailyBars(large, stock))
    .filter(({ status }) => status.some((kind) => kind === STATUS.st || kind === STATUS.starSt))
  const frame = stockStFrame(large, warned, whole)
  expect(warned.length).toBeGreaterThan(0)
  const days = warned.reduce((sum, { status }) => sum + status.filter((kind) => kind === STATUS.st || kind === STATUS.starSt).length, 0)
  expect(frame.length).toBe(days)
  for (let row = 0; row < frame.length; row++) expect(labelAt(labels(frame, 'name'), row)!.startsWith(labelAt(labels(frame, 'type'), row)!)).toBe(true)
})

test('suspendFrame() has S on each day without trading and R on the day trading resumes', () => {
  const frame = suspendFrame(world, bars, whole)
  const rows = Array.from({ length: frame.length }, (_, row) => `${keyOf(frame, row)} ${labelAt(labels(frame, 'suspend_type'), row)}`)
  const own = bars.find(({ volume, stock }) => stock.listDay < 0 && volume[0]! > 0 && volume.indexOf(0) > 0)!
  const stop = own.volume.indexOf(0)
  const back = own.volume.findIndex((shares, day) => day > stop && shares > 0)
  for (let day = stop; day < back; day++) expect(rows).toContain(`${world.dates[day]} ${own.stock.code} S`)
  expect(rows).toContain(`${world.dates[back]} ${own.stock.code} R`)
  expect(new Set(rows).size).toBe(rows.length)
})
