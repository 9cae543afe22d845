import { expect, test } from 'vitest'
import type { OpportunityRecord } from './opportunity-log.ts'
import { D, TestLedger } from './test-ledger.ts'

const discovered: OpportunityRecord = {
  oppId: 'o1',
  seq: 0,
  ts: 100,
  date: D(20260105),
  type: 'discovered',
  toState: 'discovered',
  confidence: 0.5,
  price: 10.2,
  payload: '{"a":1}',
  run: 'live',
  channelSeq: 0,
}
const confirmed: OpportunityRecord = {
  ...discovered,
  seq: 1,
  ts: 200,
  type: 'confirmed',
  fromState: 'discovered',
  toState: 'confirmed',
  confidence: 0.7,
  channelSeq: 2,
}
const other: OpportunityRecord = { ...discovered, oppId: 'o2', ts: 150, price: NaN, channelSeq: 1 }

test('OpportunityLog.append() keeps events in order and gives them back whole', () => {
  using desk = new TestLedger()
  const { opportunities } = desk.ledger
  expect(opportunities.append([discovered, other, confirmed])).toEqual({ written: 3, already: 0 })
  const { price, ...unpriced } = other
  expect(price).toBeNaN()
  expect(opportunities.on(D(20260105))).toEqual([discovered, unpriced, confirmed])
  expect(opportunities.on(D(20260105), 'replay:1')).toEqual([])
  expect(opportunities.of('o1')).toEqual([discovered, confirmed])
  expect([opportunities.lastChannelSeq('live'), opportunities.lastChannelSeq('replay:1'), opportunities.dates()]).toEqual([2, -1, [20260105]])
  expect(desk.ledger.readTable('opportunity', 10).rows.map((row) => row.slice(0, 5))).toContainEqual(['o1', 20260105, 'confirmed', 0.7, 10.2])
})

test('OpportunityLog.append() passes over what is there already, so that a restart may replay', () => {
  using desk = new TestLedger()
  const { opportunities } = desk.ledger
  opportunities.append([discovered])
  expect(opportunities.append([discovered, other, confirmed])).toEqual({ written: 2, already: 1 })
})

test('OpportunityLog.append() never changes history: a different event in a taken place fails as a whole', () => {
  using desk = new TestLedger()
  const { opportunities } = desk.ledger
  opportunities.append([discovered, other])
  expect(() => opportunities.append([confirmed, { ...discovered, payload: '{"a":2}' }])).toThrow(/events are never changed, found discovered of o1/)
  expect(() => opportunities.append([{ ...confirmed, channelSeq: 1 }])).toThrow(/place 1 of live.*found discovered of o2/)
  expect(opportunities.of('o1')).toEqual([discovered])
})
