import { expect, test } from 'vitest'
import { pressKey, type KeyAction, type KeyPress, type Pending } from './key-sequence.ts'

const press = (key: string, at = 0, rest: Partial<KeyPress> = {}): KeyPress => ({ key, at, ctrl: false, alt: false, typing: false, onControl: false, ...rest })

function type(...presses: readonly KeyPress[]): (KeyAction | undefined)[] {
  let pending: Pending | undefined
  return presses.map((one) => {
    const outcome = pressKey(pending, one, ['c', 'd'])
    pending = outcome.pending
    return outcome.action
  })
}

test('pressKey() opens the palette on a digit, a letter or a Chinese character, with it', () => {
  for (const key of ['6', 'p', 'M', '茅']) expect(type(press(key))).toEqual([{ type: 'palette', text: key }])
  expect(type(press('/'))).toEqual([{ type: 'palette', text: '' }])
  expect(type(press('k', 0, { ctrl: true, typing: true }))).toEqual([{ type: 'palette', text: '' }])
})

test('pressKey() goes to a page on g and its letter', () => {
  expect(type(press('g'), press('d', 500))).toEqual([undefined, { type: 'go', shortcut: 'd' }])
})

test('pressKey() takes g and another letter as the start of a word: gz for 贵州', () => {
  expect(type(press('g'), press('z', 200))).toEqual([undefined, { type: 'palette', text: 'gz' }])
  expect(type(press('g'), press('z', 2000))).toEqual([undefined, { type: 'palette', text: 'z' }])
})

test('pressKey() steps with j and k, and still lets a word begin with them', () => {
  expect(type(press('j'), press('j', 60), press('k', 120))).toEqual([
    { type: 'step', by: 1 },
    { type: 'step', by: 1 },
    { type: 'step', by: -1 },
  ])
  expect(type(press('j'), press('s', 120))).toEqual([
    { type: 'step', by: 1 },
    { type: 'palette', text: 'js' },
  ])
  expect(type(press('j'), press('s', 900))[1]).toEqual({ type: 'palette', text: 's' })
})

test('pressKey() leaves text fields, dialogs and focused buttons alone', () => {
  expect(type(press('6', 0, { typing: true }), press('j', 0, { typing: true }))).toEqual([undefined, undefined])
  expect(type(press('Enter', 0, { onControl: true }), press(' ', 0, { onControl: true }))).toEqual([undefined, undefined])
  expect(type(press('Enter'))).toEqual([{ type: 'open' }])
})

test('pressKey() does not take browser shortcuts', () => {
  expect(type(press('r', 0, { ctrl: true }), press('F5'), press('d', 0, { alt: true }))).toEqual([undefined, undefined, undefined])
  expect(type(press('r', 0, { alt: true }))).toEqual([{ type: 'reset' }])
})

test('pressKey() changes the interval by comma, full stop and F8', () => {
  expect(type(press(',', 0), press('.', 500), press('F8', 1000))).toEqual([
    { type: 'interval', by: -1 },
    { type: 'interval', by: 1 },
    { type: 'interval', by: 1 },
  ])
})
