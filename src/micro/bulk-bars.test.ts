import { expect, test } from 'vitest'
import { SEGMENT } from '#core/session.ts'
import { bulkBars } from './bulk-bars.ts'
import { ticksByHand } from './ticks-by-hand.ts'

test('bulkBars() sums the minutes that traded and takes changes against the opening print and the bar before', () => {
  const day = ticksByHand('TBT', [
    { time: '09:25:00', price: 10, volume: 5000 },
    { time: '09:30:00', price: 10.01, volume: 100 },
    { time: '09:31:00', price: 10.02, volume: 200 },
    { time: '09:31:00.001', price: 10.05, volume: 300 },
    { time: '11:30:03', price: 10.03, volume: 400 },
    { time: '13:00:00', price: 10.04, volume: 500 },
    { time: '14:57:02', price: 10.06, volume: 600 },
    { time: '15:00:00', price: 11, volume: 9000 },
  ])
  const { AM, PM, OPEN_PRINT, CLOSE_PRINT } = SEGMENT
  const bars = bulkBars(day, Uint8Array.of(OPEN_PRINT, AM, AM, AM, AM, PM, PM, CLOSE_PRINT))
  expect([...bars.volume]).toEqual([300, 300, 400, 500, 600])
  expect([...bars.priceChange]).toEqual([20, 30, -20, 10, 20])
})

test('bulkBars() without an opening print starts from a standstill, and adds a difference polled at lunch to the last bar', () => {
  const day = ticksByHand('SNAPDIFF', [
    { time: '11:30:00', price: 10, volume: 100 },
    { time: '11:31:00', price: 10.01, volume: 50 },
  ])
  const bars = bulkBars(day, Uint8Array.of(SEGMENT.AM, SEGMENT.AM))
  expect([[...bars.volume], [...bars.priceChange]]).toEqual([[150], [0]])
})
