import { expect, test } from 'vitest'
import { failedCount, NEAR_MISSES, nearestMisses, shownCandidates } from './candidate-list.ts'

/** A row by its answers: '110' passed two filters and failed one. */
const row = (id: string, answers: string) => ({
  id,
  selected: answers !== '' && !answers.includes('0'),
  trail: answers.split('').map((one, i) => ({ filter: `F${i + 1}` as 'F1', pass: one === '1', value: 1, threshold: 1, note: null })),
})
const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id).join(' ')

test('failedCount() counts every filter that said no, not only the first', () => {
  expect(failedCount(row('a', '101010'))).toBe(3)
  expect(failedCount(row('a', ''))).toBe(0)
})

test('nearestMisses() puts the fewest failed first, keeps ties in order, and a row without a trail last', () => {
  expect(ids(nearestMisses([row('a', '100'), row('none', ''), row('b', '110'), row('c', '101'), row('in', '111')]))).toBe('b c a none')
})

test('shownCandidates() shows selected stocks first, or alone', () => {
  const rows = [row('a', '100'), row('in', '111'), row('b', '110')]
  expect([ids(shownCandidates(rows, 'all').rows), shownCandidates(rows, 'all').missed]).toEqual(['in a b', false])
  expect(ids(shownCandidates(rows, 'selected').rows)).toBe('in')
})

test('shownCandidates() gives the nearest misses when nothing was selected: all of them, or a few', () => {
  const rows = [row('far', '000'), ...Array.from({ length: 12 }, (_, i) => row(`n${i}`, '110'))]
  expect(shownCandidates(rows, 'all').missed).toBe(true)
  expect(shownCandidates(rows, 'all').rows.at(-1)!.id).toBe('far')
  expect(shownCandidates(rows, 'selected').rows).toHaveLength(NEAR_MISSES)
})

test('shownCandidates() of no rows is no near miss', () => {
  expect(shownCandidates([], 'selected')).toEqual({ rows: [], missed: false })
})
