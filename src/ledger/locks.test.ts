import { expect, test } from 'vitest'
import { TestLedger } from './test-ledger.ts'

test('Locks.acquire() lets one owner in, prolongs for it, and passes on with a greater token when it ran out', async () => {
  using desk = new TestLedger()
  const { locks } = desk.ledger
  const first = locks.acquire('table:dwd_daily', 'run a', 60_000)
  expect(first).toMatchObject({ type: 'locked', lock: { token: 1 } })
  expect(locks.acquire('table:dwd_daily', 'run b', 60_000)).toMatchObject({ type: 'held', by: { owner: 'run a' } })
  await desk.clock.tick(30_000)
  expect(locks.acquire('table:dwd_daily', 'run a', 60_000)).toMatchObject({ lock: { token: 1, until: desk.clock.now() + 60_000 } })
  await desk.clock.tick(60_000)
  const second = locks.acquire('table:dwd_daily', 'run b', 60_000)
  expect(second).toMatchObject({ type: 'locked', lock: { token: 2 } })
  if (first.type !== 'locked' || second.type !== 'locked') throw new Error('unreachable')
  expect([locks.isHeld(first.lock), locks.isHeld(second.lock)]).toEqual([false, true])
  locks.release(first.lock)
  expect(locks.isHeld(second.lock)).toBe(true)
  locks.release(second.lock)
  expect(locks.acquire('table:dwd_daily', 'run c', 1)).toMatchObject({ type: 'locked', lock: { token: 3 } })
})
