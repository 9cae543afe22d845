import { aShareCalendar } from '#core/a-share-calendar.ts'
import { clockTime, instantOf } from '#core/shanghai-time.ts'
import { tradeDate } from '#core/trade-date.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { settleWorld, simulatedSource } from './simulated-source.ts'

test('simulatedSource() of a program left running has the new day once it is complete, and not before', async () => {
  const root = mkdtempSync(join(tmpdir(), 'fupan-source-'))
  try {
    const [friday, monday] = [tradeDate(20260109), tradeDate(20260112)]
    let now = instantOf(friday, clockTime('20:00'))
    const world = settleWorld(root, aShareCalendar, now, { seed: 1, size: 6, days: 10 })
    const source = simulatedSource(root, world, aShareCalendar, { now: () => now })
    const days = async () => {
      const found = []
      for await (const { dates } of source.fetch({ dataset: 'ods_daily', from: friday, to: monday })) found.push(...dates)
      return found
    }
    expect(await days()).toEqual([friday])
    now = instantOf(monday, clockTime('11:00'))
    expect(await days()).toEqual([friday])
    now = instantOf(monday, clockTime('20:00'))
    expect(await days()).toEqual([friday, monday])
    let ticks = 0
    for await (const batch of source.ticks(monday)) ticks += batch.length
    expect(ticks).toBeGreaterThan(1000)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
})
