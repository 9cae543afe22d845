import type { Code } from '#core/code.ts'
import type { Sighting } from '#core/detector.ts'
import { expect, test } from 'vitest'
import { Cooldown } from './cooldown.ts'

const detector = { name: 'money_anomaly', cooldownSeconds: 600 }
const code = '600519.SH' as Code
const sighting = (confidence: number, kind = 'money_in') => ({ kind, confidence }) as Sighting

test('Cooldown opens at most one opportunity per (stock, kind) and cooldown', () => {
  const cooldown = new Cooldown()
  expect(cooldown.admits(detector, code, sighting(0.5), 100, false)).toBe(true)
  expect(cooldown.admits(detector, code, sighting(0.9), 699, false)).toBe(false)
  expect(cooldown.admits(detector, '000001.SZ' as Code, sighting(0.5), 699, false)).toBe(true)
  expect(cooldown.admits(detector, code, sighting(0.5, 'money_out'), 699, false)).toBe(true)
  expect(cooldown.admits(detector, code, sighting(0.5), 700, false)).toBe(true)
})

test('Cooldown lets an open opportunity hear again after 15 seconds, or at once when it grew stronger', () => {
  const cooldown = new Cooldown()
  cooldown.admits(detector, code, sighting(0.5), 100, false)
  expect(cooldown.admits(detector, code, sighting(0.5), 114, true)).toBe(false)
  expect(cooldown.admits(detector, code, sighting(0.56), 114, true)).toBe(true)
  expect(cooldown.admits(detector, code, sighting(0.57), 115, true)).toBe(false)
  expect(cooldown.admits(detector, code, sighting(0.57), 129, true)).toBe(true)
})

test('Cooldown restores what it remembered', () => {
  const before = new Cooldown()
  before.admits(detector, code, sighting(0.5), 100, false)
  const after = new Cooldown()
  after.restore(before.entries())
  expect(after.admits(detector, code, sighting(0.5), 300, false)).toBe(false)
})
