import { expect, test } from 'vitest'
import type { Code } from '#core/code.ts'
import type { Tick } from '#core/tick.ts'
import { tradeDate, type EpochMs } from '#core/trade-date.ts'
import { KEEP_TRADES, TradeRing } from './trade-ring.ts'

const tick = (seq: number): Tick => ({
  code: '600000.SH' as Code,
  date: tradeDate(20260105),
  at: (1000 * seq) as EpochMs,
  seenAt: 0 as EpochMs,
  seq,
  grain: 'AGG3S',
  price: 10_000 + seq,
  volume: 100 * seq,
  amount: 1_000_000 * seq,
  amountEstimated: false,
  vendorSide: seq % 2 === 0 ? 1 : -1,
  tradeCount: NaN,
  bid1: NaN,
  ask1: NaN,
})

test('TradeRing gives the newest trades first, page by page, and forgets what is older than it keeps', () => {
  const ring = new TradeRing()
  expect(ring.read(Infinity, 10)).toEqual([])
  for (let seq = 0; seq < KEEP_TRADES + 7; seq++) ring.push(tick(seq))
  const [newest, next] = ring.read(Infinity, 2)
  expect(newest).toEqual({ seq: 106, at: 106_000, price: 10.106, volume: 10_600, amount: 106_000, side: 1, tradeCount: NaN })
  expect(next).toMatchObject({ seq: 105, side: -1 })
  expect(ring.read(next!.seq, 3).map(({ seq }) => seq)).toEqual([104, 103, 102])
  expect(ring.read(9, 50).map(({ seq }) => seq)).toEqual([8, 7])
  expect(ring.read(7, 50)).toEqual([])
})
