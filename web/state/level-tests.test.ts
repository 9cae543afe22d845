import { expect, test } from 'vitest'
import { clickedTest, outcomeOf, testKey, testMarks, testScore, type LevelTest } from './level-tests.ts'

const visit = (date: number, levelId: string, number: number, change: Partial<LevelTest> = {}): LevelTest =>
  ({
    date,
    levelId,
    test: number,
    type: 'support',
    approach: 'above',
    exitSide: 'above',
    isScored: true,
    supportScore: 0.8,
    resistanceScore: null,
    flipScore: null,
    ...change,
  }) as LevelTest

test('outcomeOf() holds when the price leaves where it came from, breaks when it leaves through', () => {
  expect(outcomeOf({ type: 'support', approach: 'above', exitSide: 'above' })).toBe('held')
  expect(outcomeOf({ type: 'support', approach: 'above', exitSide: 'close_below' })).toBe('broken')
  expect(outcomeOf({ type: 'resistance', approach: 'below', exitSide: 'below' })).toBe('held')
  expect(outcomeOf({ type: 'resistance', approach: 'below', exitSide: 'above' })).toBe('broken')
  expect(outcomeOf({ type: 'flip', approach: 'above', exitSide: 'close_above' })).toBe('held')
  expect(outcomeOf({ type: 'support', approach: null, exitSide: 'above' })).toBe('held')
})

test('outcomeOf() decides nothing inside the band, while open, or from the wrong side', () => {
  expect(outcomeOf({ type: 'support', approach: 'above', exitSide: 'close_in' })).toBe('undecided')
  expect(outcomeOf({ type: 'support', approach: 'above', exitSide: 'open' })).toBe('undecided')
  expect(outcomeOf({ type: 'support', approach: 'below', exitSide: 'below' })).toBe('undecided')
})

test('testScore() is the score of the role', () => {
  expect(testScore(visit(1, 'a', 1))).toBe(0.8)
  expect(testScore(visit(1, 'a', 1, { type: 'resistance' }))).toBe(null)
})

test('testMarks() keeps the last scored test of a day and level and stacks levels by side', () => {
  const tests = [
    visit(20260106, 'b', 2, { exitSide: 'below' }),
    visit(20260106, 'b', 1),
    visit(20260106, 'a', 1),
    visit(20260106, 'c', 1, { type: 'resistance', approach: 'below', exitSide: 'below' }),
    visit(20260105, 'a', 2, { isScored: false }),
    visit(20260105, 'a', 1),
  ]
  expect(testMarks(tests).map(({ key, outcome, side, slot }) => [key, outcome, side, slot])).toEqual([
    ['20260105.a.1', 'held', 'below', 0],
    ['20260106.a.1', 'held', 'below', 0],
    ['20260106.b.2', 'broken', 'below', 1],
    ['20260106.c.1', 'held', 'above', 0],
  ])
})

test('clickedTest() opens the test of the mark, then the ones before it, round and round', () => {
  const tests = [visit(20260106, 'b', 3), visit(20260106, 'b', 2), visit(20260106, 'b', 1, { isScored: false }), visit(20260105, 'b', 1)]
  const mark = testKey(tests[0]!)
  expect(clickedTest(tests, mark, undefined)).toBe('20260106.b.3')
  expect(clickedTest(tests, mark, '20260106.b.3')).toBe('20260106.b.2')
  expect(clickedTest(tests, mark, '20260106.b.2')).toBe('20260106.b.3')
  expect(clickedTest(tests, mark, '20260105.b.1')).toBe('20260106.b.3')
})
