import { expect, test } from 'vitest'
import type { Code } from '#core/code.ts'
import { clockTime, formatClock, instantOf, timeOfDay } from '#core/shanghai-time.ts'
import type { Tick } from '#core/tick.ts'
import { tradeDate, type EpochMs } from '#core/trade-date.ts'
import { emptyBars } from '#numeric/fold-bars.ts'
import { FormingBars } from './forming-bars.ts'
import { KlineChannels, type KlineBar } from './kline-channels.ts'
import { MarketMinutes } from './market-minutes.ts'

const date = tradeDate(20260105)
const NAME = 'kline:600000.SH:5m'

interface Frame {
  readonly op: string
  readonly seq: number
  readonly mode?: string
  readonly epoch?: string
  readonly data: KlineBar[] & { readonly type: string; readonly bar: KlineBar }
}

function page() {
  const frames: Frame[] = []
  const clockOf = ({ time }: KlineBar) => formatClock(timeOfDay(time as EpochMs)).slice(0, 5)
  return {
    subscriber: { send: (frame: string) => frames.push(JSON.parse(frame) as Frame), bufferedBytes: () => 0, close: () => {} },
    frames,
    /** Deltas in short: number, type, label, volume. */
    told: () => frames.filter(({ op }) => op === 'delta').map(({ seq, data }) => [seq, data.type, clockOf(data.bar), data.bar.volume]),
  }
}

function running() {
  const channels = new KlineChannels()
  const bars = new FormingBars(date, () => 10)
  let seq = 0
  channels.begin('run', bars)
  const trade = (clock: string, price = 10_000, code = '600000.SH') => {
    const at = instantOf(date, clockTime(clock))
    const tick = { code: code as Code, date, at, seenAt: at, seq: seq++, grain: 'TBT', price, volume: 100, amount: price * 100, tradeCount: 1 }
    if (bars.push({ ...tick, amountEstimated: false, vendorSide: NaN, bid1: NaN, ask1: NaN } as Tick)) channels.changed(code)
  }
  return { channels, bars, trade }
}

test('KlineChannels greets with the bars so far, then sends the forming bar at most twice a second and each final bar once, without holes', () => {
  const { channels, trade } = running()
  trade('09:25:00')
  trade('09:31:00')
  const { subscriber, frames, told } = page()
  expect(channels.subscribe(subscriber, NAME, { id: '1' })).toBeUndefined()
  expect(frames.map(({ op, seq }) => [op, seq])).toEqual([
    ['ack', 0],
    ['snap', 0],
  ])
  expect(frames[1]!.data).toMatchObject([{ open: 10, volume: 200, final: false }])
  for (let now = 0; now < 2000; now += 100) {
    trade('09:32:00')
    channels.turn(now)
  }
  expect(told()).toEqual([
    [1, 'forming', '09:35', 300],
    [2, 'forming', '09:35', 800],
    [3, 'forming', '09:35', 1300],
    [4, 'forming', '09:35', 1800],
  ])
  trade('09:36:00')
  channels.turn(2000)
  trade('09:41:00', 10_500)
  channels.turn(2100)
  channels.turn(2700)
  expect(told().slice(4)).toEqual([
    [5, 'final', '09:35', 2200],
    [6, 'forming', '09:40', 100],
    [7, 'final', '09:40', 100],
    [8, 'forming', '09:45', 100],
  ])
})

test('KlineChannels finishes minutes in which this stock did not trade by the trades of others, and all at the end', () => {
  const { channels, bars, trade } = running()
  trade('14:58:00')
  trade('14:49:00', 10_000, '600001.SH')
  const { subscriber, told } = page()
  channels.subscribe(subscriber, 'kline:600001.SH:30m', { id: '1' })
  trade('15:00:01', 10_000, '600002.SH')
  channels.turn(0)
  expect(told()).toEqual([])
  bars.endSession()
  channels.turn(100)
  expect(told()).toEqual([[1, 'final', '15:00', 100]])
  const day = page()
  channels.subscribe(day.subscriber, 'kline:600001.SH:1d', { id: '2' })
  expect(day.frames[1]!.data).toMatchObject([{ volume: 100, final: true }])
})

test('KlineChannels resumes after a number, with what became final while nobody listened', () => {
  const { channels, trade } = running()
  trade('09:31:00')
  const first = page()
  channels.subscribe(first.subscriber, NAME, { id: '1' })
  channels.leave(first.subscriber)
  trade('09:36:00')
  channels.turn(0)
  const second = page()
  channels.subscribe(second.subscriber, NAME, { id: '2', since: { epoch: 'run', seq: 0 } })
  expect(second.frames[0]).toMatchObject({ op: 'ack', mode: 'resume', seq: 1 })
  expect(second.told()).toEqual([[1, 'final', '09:35', 100]])
  expect(channels.heardBy(second.subscriber).map(({ name, seq }) => [name, seq])).toEqual([[NAME, 1]])
  const third = page()
  channels.subscribe(third.subscriber, NAME, { id: '3', since: { epoch: 'other', seq: 0 } })
  expect(third.frames[0]).toMatchObject({ mode: 'snapshot' })
})

test('KlineChannels gives everyone the snapshot of a new session, and refuses names it does not know', () => {
  const { channels } = running()
  const { subscriber, frames } = page()
  channels.subscribe(subscriber, NAME, { id: '1' })
  channels.begin('next', new FormingBars(date, () => 10))
  expect(frames.map(({ op, epoch }) => `${op} ${epoch}`)).toEqual(['ack run', 'snap run', 'ack next', 'snap next'])
  channels.unsubscribe(subscriber, NAME)
  expect(channels.heardBy(subscriber)).toEqual([])
  for (const name of ['kline:600000.SH:1w', 'kline:600000.SH:1h', 'kline:x:5m', 'kline:', 'quotes:a'])
    expect(channels.subscribe(subscriber, name, { id: '1' }), name).toContain('there is no channel')
  for (let i = 0; i < 50; i++) channels.subscribe(subscriber, `kline:${600_000 + i}.SH:5m`, { id: '1' })
  expect(channels.subscribe(subscriber, 'kline:600100.SH:5m', { id: '1' })).toContain('at most 50')
})

/** The half day after Thanksgiving in New York: a minute trades at 10 and the number of its slot in cents. */
function newYork(slots = 210) {
  const bars = { slot: Int32Array.from({ length: slots }, (_, i) => i + 1), ...emptyBars(slots) }
  for (const name of ['open', 'high', 'low', 'close'] as const) bars[name].set(Array.from(bars.slot, (slot) => 10 + slot / 100))
  bars.volume.fill(1)
  return new MarketMinutes('us', tradeDate(20261127), new Map([['AAPL.US', { bars, previousClose: 10 }]]))
}

test('KlineChannels has channels of every market: a session that begins on one leaves those who listen to others alone', () => {
  const { channels, trade } = running()
  trade('09:31:00')
  const { subscriber, frames } = page()
  for (const name of [NAME, 'kline:AAPL.US:60m', 'kline:700.HK:1m', 'kline:BTCUSDT:1d'])
    expect(channels.subscribe(subscriber, name, { id: '1' }), name).toBeUndefined()
  for (const name of ['kline:aapl.us:1m', 'kline:AAPL:1m', 'kline:00700.HK:1m', 'kline:600000:5m'])
    expect(channels.subscribe(subscriber, name, { id: '1' }), name).toContain('there is no channel')
  frames.length = 0
  const minutes = newYork()
  channels.begin('us 1', minutes, 'us')
  expect(frames.map(({ op, epoch, data }) => [op, epoch, data?.length])).toEqual([
    ['ack', 'us 1', undefined],
    ['snap', 'us 1', 0],
  ])
  expect([channels.sessionOf('JPM.US')?.epoch, channels.sessionOf('600000.SH')?.epoch, channels.sessionOf('700.HK')]).toEqual(['us 1', 'run', undefined])
  frames.length = 0
  const pass = (slot: number, now: number) => {
    minutes.passed = slot
    channels.changed('AAPL.US')
    channels.turn(now)
    return frames.splice(0).map(({ data: { type, bar } }) => [type, new Date(bar.time).toISOString().slice(11, 16), bar.volume, bar.final])
  }
  expect(pass(1, 0)).toEqual([['forming', '15:30', 1, false]])
  expect(pass(59, 1000)).toEqual([['forming', '15:30', 59, false]])
  expect(pass(60, 2000)).toEqual([['final', '15:30', 60, true]])
  // The last bucket of a short day is half an hour, and ends with it.
  expect(pass(209, 3000)).toEqual([
    ['final', '16:30', 60, true],
    ['final', '17:30', 60, true],
    ['forming', '18:00', 29, false],
  ])
  expect(pass(210, 4000)).toEqual([['final', '18:00', 30, true]])
})
