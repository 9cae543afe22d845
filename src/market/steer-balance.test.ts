import fc from 'fast-check'
import { expect, test } from 'vitest'
import { carryLots, shiftBuyers, wholeAskLots } from './steer-balance.ts'

const netOf = (bid: ArrayLike<number>, spread: ArrayLike<number>, lots: ArrayLike<number>, share: (i: number) => number) =>
  Array.from(bid).reduce((sum, price, i) => sum + lots[i]! * (share(i) * (price + spread[i]!) - (1 - share(i)) * price), 0)

test('shiftBuyers() of two equal records at 99/101 halves becomes three quarters for a net of a quarter of both sides', () => {
  const [bid, spread, lots] = [Int32Array.of(99, 99), Int32Array.of(2, 2), Float64Array.of(10, 10)]
  const buyers = Float64Array.of(0.5, 0.5)
  // 15 of 20 lots bought at 101, 5 sold at 99.
  shiftBuyers(buyers, { bid, spread }, lots, 15 * 101 - 5 * 99)
  expect(buyers[0]).toBeCloseTo(0.75, 5)
  expect(buyers[1]).toBeCloseTo(0.75, 5)
})

const records = fc
  .array(
    fc.tuple(
      fc.integer({ min: 1000, max: 1200 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 40 }),
      fc.double({ min: 0.05, max: 0.95, noNaN: true }),
    ),
    {
      minLength: 30,
      maxLength: 200,
    },
  )
  .map((rows) => ({
    bid: Int32Array.from(rows, ([bid]) => bid),
    spread: Int32Array.from(rows, ([, spread]) => spread),
    volume: Float64Array.from(rows, ([, , lots]) => lots),
    amount: new Float64Array(rows.length),
    buyers: Float64Array.from(rows, ([, , , share]) => share),
  }))

test('wholeAskLots() are whole, between none and all of a record, and come within one lot’s change of the net asked for', () => {
  fc.assert(
    fc.property(records, fc.double({ min: -0.4, max: 0.4, noNaN: true }), (own, part) => {
      const turnover = own.bid.reduce((sum, price, i) => sum + price * own.volume[i]!, 0)
      shiftBuyers(own.buyers, own, own.volume, part * turnover)
      const asks = wholeAskLots(own, own.buyers, part * turnover)
      for (const [i, lots] of asks.entries()) expect(Number.isInteger(lots) && lots >= 0 && lots <= own.volume[i]!).toBe(true)
      const net = netOf(own.bid, own.spread, own.volume, (i) => asks[i]! / own.volume[i]!)
      expect(Math.abs(net - part * turnover)).toBeLessThan(2 * 1203)
    }),
    { numRuns: 100, seed: 7 },
  )
})

test('carryLots() keeps the volume and the lots at the ask, leaves every record a lot, and brings the amount nearer to the target', () => {
  fc.assert(
    fc.property(records, fc.integer({ min: -300, max: 300 }), (own, off) => {
      const asks = wholeAskLots(
        own,
        own.buyers,
        netOf(own.bid, own.spread, own.volume, (i) => own.buyers[i]!),
      )
      const amountOf = () => own.bid.reduce((sum, price, i) => sum + price * own.volume[i]! + own.spread[i]! * asks[i]!, 0)
      const [before, lots] = [amountOf(), own.volume.reduce((sum, volume) => sum + volume, 0)]
      const [target, kept] = [before + off, asks.slice()]
      carryLots(own, asks, target)
      expect(own.volume.reduce((sum, volume) => sum + volume, 0)).toBe(lots)
      expect(asks).toEqual(kept)
      expect(own.volume.every((volume, i) => volume >= 1 && volume >= asks[i]!)).toBe(true)
      expect(Math.abs(target - amountOf())).toBeLessThanOrEqual(Math.abs(off))
    }),
    { numRuns: 100, seed: 7 },
  )
})
