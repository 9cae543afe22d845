import { expect, test } from 'vitest'
import { lotsAtQuotes, makeRoomForLast } from './record-quotes.ts'

const records = (amounts: readonly number[], last: readonly number[]) => ({
  bid: Int32Array.of(100, 100, 100),
  spread: Int32Array.of(2, 2, 0),
  volume: Float64Array.of(5, 10, 4),
  amount: Float64Array.from(amounts),
  last: Int32Array.from(last),
})

test('lotsAtQuotes() splits an amount into lots at the bid, at the ask, and at most one in between', () => {
  const { bid, spread, volume } = records([], [])
  const of = (above: number) => lotsAtQuotes({ bid, spread, volume, amount: Float64Array.of(500 + above) }, 0)
  expect(of(0)).toEqual({ bidLots: 5, askLots: 0, insideTicks: 0 })
  expect(of(10)).toEqual({ bidLots: 0, askLots: 5, insideTicks: 0 })
  expect(of(5)).toEqual({ bidLots: 2, askLots: 2, insideTicks: 1 })
  expect(lotsAtQuotes(records([500, 1000, 400], [0, 0, 0]), 2)).toEqual({ bidLots: 4, askLots: 0, insideTicks: 0 })
})

test('makeRoomForLast() takes what the ask of a given last price lacks from the record that can spare most, and keeps the sum', () => {
  const at = records([500, 1015, 400], [102, 0, 0])
  makeRoomForLast(at, 0)
  expect([...at.amount]).toEqual([502, 1013, 400])
  const low = records([510, 1000, 400], [100, 0, 0])
  makeRoomForLast(low, 0)
  expect([...low.amount]).toEqual([508, 1002, 400])
  const enough = records([504, 1015, 400], [102, 0, 0])
  makeRoomForLast(enough, 0)
  expect([...enough.amount]).toEqual([504, 1015, 400])
})
