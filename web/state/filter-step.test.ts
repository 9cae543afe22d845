import { expect, test } from 'vitest'
import { en } from '../text/en.ts'
import { reasonKey, stepThreshold, stepValue, verdictOf, type FilterStep } from './filter-step.ts'

const step = (filter: FilterStep['filter'], pass: boolean, value: number | null, threshold: number, note: string | null = null): FilterStep => ({
  filter,
  pass,
  value,
  threshold,
  note,
})

test('verdictOf() tells a pass by measurement from a pass for want of one', () => {
  expect(verdictOf(step('F4', true, 0.5, 0.6))).toBe('passed')
  expect(verdictOf(step('F4', true, null, 0.6, 'untested'))).toBe('open')
  expect(verdictOf(step('F4', false, 0.7, 0.6))).toBe('failed')
})

test('stepValue() and stepThreshold() speak in the unit of the filter', () => {
  const shown = [
    step('F1', true, 1, 1),
    step('F2', false, 40, 28),
    step('F3', true, 0.82, 0.7),
    step('F4', true, 0.55, 0.6),
    step('F4', true, 0.7, 0.6, 'flipped'),
    step('F5', false, 1.2, 1.5),
    step('F3', false, null, 0.7, 'no_level'),
  ].map((one) => `${stepValue(one)} ${stepThreshold(one)}`)
  expect(shown).toEqual(['— —', '#40 ≤ #28', '82% ≥ 70%', '0.55 ≤ 0.60', '0.70 ≥ 0.60', '1.20 ≥ 1.50', '— ≥ 70%'])
})

test('reasonKey() names a sentence of the catalogue for every answer a filter can give', () => {
  const notes: Readonly<Record<FilterStep['filter'], readonly (string | null)[]>> = {
    F1: [null],
    F2: [null, 'no_score'],
    F3: [null, 'no_level', 'untested', 'few_tests', 'weak', 'far'],
    F4: [null, 'no_resistance', 'untested', 'flipped'],
    F5: [null, 'no_target', 'no_level'],
    F6: ['suspended', 'limit_down', 'excluded'],
  }
  for (const [filter, own] of Object.entries(notes) as [FilterStep['filter'], readonly (string | null)[]][])
    for (const note of own) expect(en.reasons).toHaveProperty(reasonKey(step(filter, note === null, note === null ? 1 : null, 1, note)))
  for (const filter of ['F2', 'F3', 'F4', 'F5'] as const) expect(en.reasons).toHaveProperty(reasonKey(step(filter, false, 1, 1)))
  expect(en.reasons).toHaveProperty(reasonKey(step('F6', true, 1, 1)))
})
