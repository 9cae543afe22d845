import { labelAt, labels, numbers } from '#core/frame.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import { tradeDate } from '#core/trade-date.ts'
import { emptyBars, type Bars } from '#numeric/fold-bars.ts'
import { expect, test } from 'vitest'
import { bucketFrame } from './kline-buckets.ts'

const date = tradeDate(20260105)

/** Slots 116 to 120 and 121: 11:26 to 11:30 and 13:01, the example of spec simulator §17.7. */
function example() {
  const bars = emptyBars(6)
  bars.open.set([10.0, 10.02, 10.02, 10.04, 10.01, 10.06])
  bars.high.set([10.03, 10.02, 10.05, 10.04, 10.02, 10.08])
  bars.low.set([9.99, 10.02, 10.02, 10.0, 10.0, 10.05])
  bars.close.set([10.02, 10.02, 10.04, 10.01, 10.0, 10.07])
  bars.volume.set([800, 0, 1200, 500, 900, 2000])
  bars.amount.set([8008, 0, 12036, 5010, 9009, 20130])
  bars.trades.set([8, 0, 12, 5, 9, 20])
  return {
    bars: { slot: Int32Array.of(116, 117, 118, 119, 120, 121), ...bars },
    day: { code: '600000.SH', date, minutes: 1, source: 'hand', start: 0, end: 6 },
  }
}

test('bucketFrame() gives the example of spec simulator §17.7, and marks what the session has not passed', () => {
  const { bars, day } = example()
  const frame = bucketFrame(bars, [day], 121)
  const [interval, time, final] = [labels(frame, 'interval'), numbers(frame, 'time'), frame.columns['is_final'] as Uint8Array]
  const row = (name: string, label: string) =>
    Array.from({ length: frame.length }, (_, k) => k).find((k) => labelAt(interval, k) === name && time[k] === instantOf(date, clockTime(label)))!
  const values = (k: number) => ['open', 'high', 'low', 'close', 'volume', 'amount', 'trades'].map((name) => numbers(frame, name)[k])
  expect(values(row('5m', '11:30'))).toEqual([10.0, 10.05, 9.99, 10.0, 3400, 34063, 34])
  expect(final[row('5m', '11:30')]).toBe(1)
  expect(values(row('5m', '13:05'))).toEqual([10.06, 10.08, 10.05, 10.07, 2000, 20130, 20])
  expect(final[row('5m', '13:05')]).toBe(0)
  expect(values(row('120m', '11:30'))).toEqual(values(row('5m', '11:30')))
  expect(values(row('1d', '15:00'))).toEqual([10.0, 10.08, 9.99, 10.07, 5400, 54193, 54])
  expect(final[row('1d', '15:00')]).toBe(0)
  expect(frame.length).toBe(2 * 5 + 1)
})

test('bucketFrame() folds a file of five minutes into what five minutes divide, and finer buckets give the same coarser ones', () => {
  const { bars: minutes, day } = example()
  const fine = bucketFrame(minutes, [day])
  const interval = labels(fine, 'interval')
  const fives = Array.from({ length: fine.length }, (_, k) => k).filter((k) => labelAt(interval, k) === '5m')
  const pick = (name: string) => Float64Array.from(fives, (k) => numbers(fine, name)[k]!)
  const bars = {
    open: pick('open'),
    high: pick('high'),
    low: pick('low'),
    close: pick('close'),
    volume: pick('volume'),
    amount: pick('amount'),
    trades: pick('trades'),
  }
  const coarse = bucketFrame({ slot: Int32Array.of(120, 125), ...bars }, [{ ...day, minutes: 5, end: 2 }])
  const names = new Set(Array.from({ length: coarse.length }, (_, k) => labelAt(labels(coarse, 'interval'), k)))
  expect(names).toEqual(new Set(['15m', '30m', '60m', '120m', '1d']))
  for (const name of ['time', 'open', 'high', 'low', 'close', 'volume', 'amount', 'trades'])
    expect([...numbers(coarse, name)], name).toEqual(Array.from(numbers(fine, name)).filter((_, k) => labelAt(interval, k) !== '5m'))
})

test('bucketFrame() keeps days apart that follow each other, leaves out what is stored, and folds each from the length its bars have', () => {
  const { bars, day } = example()
  const { bars: other } = example()
  for (const name of ['open', 'high', 'low', 'close'] as const) for (let k = 0; k < 6; k++) other[name][k]! += 1
  const names = ['open', 'high', 'low', 'close', 'volume', 'amount', 'trades'] as const
  const both = Object.fromEntries(names.map((name) => [name, Float64Array.of(...bars[name], ...other[name].subarray(4))])) as unknown as Bars
  const slot = Int32Array.of(...bars.slot, 120, 125)
  const days = [
    { ...day, storedTo: 120 },
    { ...day, code: '000001.SZ', source: 'file', minutes: 5, start: 6, end: 8 },
  ]
  const frame = bucketFrame({ ...both, slot }, days, 240)
  const rows = Array.from({ length: frame.length }, (_, k) => ({
    code: labelAt(labels(frame, 'ts_code'), k),
    interval: labelAt(labels(frame, 'interval'), k),
    source: labelAt(labels(frame, 'source'), k),
    time: (numbers(frame, 'time')[k]! - instantOf(date, 0)) / 60_000,
    close: numbers(frame, 'close')[k],
  }))
  const of = (code: string) => rows.filter((row) => row.code === code)
  // Of the first stock only what ends after 11:30; of the second nothing as fine as its own bars.
  expect(of('600000.SH').map(({ interval, time, close }) => [interval, time, close])).toEqual([
    ['5m', 785, 10.07],
    ['15m', 795, 10.07],
    ['30m', 810, 10.07],
    ['60m', 840, 10.07],
    ['120m', 900, 10.07],
    ['1d', 900, 10.07],
  ])
  expect(of('000001.SZ').map(({ interval, time, close }) => [interval, time, close])).toEqual([
    ['15m', 690, 11],
    ['15m', 795, 11.07],
    ['30m', 690, 11],
    ['30m', 810, 11.07],
    ['60m', 690, 11],
    ['60m', 840, 11.07],
    ['120m', 690, 11],
    ['120m', 900, 11.07],
    ['1d', 900, 11.07],
  ])
  expect(new Set(of('000001.SZ').map(({ source }) => source))).toEqual(new Set(['file']))
})
