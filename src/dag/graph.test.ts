import { expect, test } from 'vitest'
import { downstreamOf, graphOf, mistakesOf, upstreamOf } from './graph.ts'
import { task } from './test-rig.ts'

test('graphOf() orders nodes after their needs and keeps the declaration order otherwise', () => {
  // z --> m --> a,  k alone
  const graph = graphOf([task('a', ['m']), task('k'), task('m', ['z']), task('z')])
  expect(graph.nodes.map(({ name }) => name)).toEqual(['k', 'z', 'm', 'a'])
})

test('graphOf() names every mistake at once', () => {
  const nodes = [
    task('dwd_daily', ['ods_dialy', 'ods_daily', 'ods_daily']),
    task('ods_daily', ['dwd_daily'], { given: true }),
    task('x', ['y']),
    task('y', [{ name: 'z', lookback: -1 }]),
    task('z', ['x']),
    task('z'),
    task('self', ['self']),
    task('pipe', [], { definition: 'a|b' }),
  ]
  expect(mistakesOf(nodes)).toEqual([
    '"z" is declared more than once',
    '"dwd_daily" needs "ods_dialy", which is not declared; did you mean "ods_daily"?',
    '"dwd_daily" needs "ods_daily" more than once',
    '"ods_daily" is given from outside but needs "dwd_daily"',
    '"y" looks back -1 days at "z": it is a whole number from 0, or \'all\'',
    '"pipe" uses | or @, which separate the parts of a fingerprint',
    'a cycle: dwd_daily → ods_daily → dwd_daily',
    'a cycle: self → self',
  ])
  expect(() => graphOf(nodes)).toThrow(/8 mistakes found/)
})

test('mistakesOf() shows the path of a cycle', () => {
  expect(mistakesOf([task('a', ['c']), task('b', ['a']), task('c', ['b'])])).toEqual(['a cycle: a → c → b → a'])
})

test('upstreamOf() and downstreamOf() close over the arrows, in topological order', () => {
  // a --> b --> d
  // a --> c --> d --> e
  const graph = graphOf([task('a'), task('b', ['a']), task('c', ['a']), task('d', ['b', 'c']), task('e', ['d'])])
  expect(upstreamOf(graph, ['d'])).toEqual(['a', 'b', 'c', 'd'])
  expect(downstreamOf(graph, ['b'])).toEqual(['b', 'd', 'e'])
  expect(upstreamOf(graph, [])).toEqual([])
})
