import { expect, test } from 'vitest'
import type { Code } from '#core/code.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import { tradeDate, type EpochMs } from '#core/trade-date.ts'
import { FormingBars } from '#stream/forming-bars.ts'
import { KlineChannels } from '#stream/kline-channels.ts'
import { OpportunityFeed } from './opportunity-feed.ts'

const date = tradeDate(20260105)
const NAME = 'kline:600000.SH:5m'

test('OpportunityFeed carries k-line channels beside the opportunities on one socket', () => {
  const klines = new KlineChannels()
  const bars = new FormingBars(date, () => 10)
  const feed = new OpportunityFeed({ now: () => 0 as EpochMs, sleep: () => Promise.resolve() }, klines)
  const frames: { op: string; ch?: string; code?: string; detail?: string }[] = []
  const client = feed.join({ send: (frame) => frames.push(JSON.parse(frame) as { op: string }), bufferedBytes: () => 0, close: () => {} })
  const told = () => frames.splice(0).map(({ op, ch, code }) => [op, ch ?? code])
  try {
    klines.begin('run', bars)
    client.receive(JSON.stringify({ op: 'sub', id: '1', ch: NAME }))
    client.receive(JSON.stringify({ op: 'sub', id: '2', ch: 'opportunities' }))
    expect(told()).toEqual([
      ['ack', NAME],
      ['snap', NAME],
      ['ack', 'opportunities'],
      ['snap', 'opportunities'],
    ])
    const at = instantOf(date, clockTime('09:31'))
    const tick = { code: '600000.SH' as Code, date, at, seenAt: at, seq: 0, grain: 'TBT' as const, price: 10_000, volume: 100, amount: 1_000_000 }
    bars.push({ ...tick, amountEstimated: false, vendorSide: NaN, tradeCount: 1, bid1: NaN, ask1: NaN })
    klines.changed('600000.SH')
    klines.turn(1000)
    expect(told()).toEqual([['delta', NAME]])
    client.receive(JSON.stringify({ op: 'sub', id: '3', ch: 'kline:600000.SH:1w' }))
    client.receive(JSON.stringify({ op: 'sub', id: '4', ch: 'quotes' }))
    expect(told()).toEqual([
      ['err', 'E_CHANNEL'],
      ['err', 'E_CHANNEL'],
    ])
    client.receive(JSON.stringify({ op: 'unsub', ch: NAME }))
    client.leave()
    klines.begin('next', bars)
    expect(told()).toEqual([])
  } finally {
    feed.close()
  }
})
