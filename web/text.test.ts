import { expect, test } from 'vitest'
import { en } from './text/en.ts'
import { zhCN, type Catalogue } from './text/zh-CN.ts'

/** `candidates.title` → text, for every text of a catalogue. */
const texts = (catalogue: Catalogue): Map<string, string> =>
  new Map(
    Object.entries(catalogue).flatMap(([part, value]): [string, string][] =>
      typeof value === 'string' ? [[part, value]] : Object.entries(value).map(([name, text]) => [`${part}.${name}`, text]),
    ),
  )
const blanks = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]!).toSorted()

test('the two catalogues have equal keys', () => {
  expect([...texts(en).keys()].toSorted()).toEqual([...texts(zhCN).keys()].toSorted())
  expect(texts(zhCN).size).toBeGreaterThan(150)
})

test('no text is empty: an empty one shows its key', () => {
  for (const catalogue of [zhCN, en]) expect([...texts(catalogue)].filter(([, text]) => text.trim() === '').map(([key]) => key)).toEqual([])
})

test('a text and its translation fill in the same blanks', () => {
  const english = texts(en)
  for (const [key, text] of texts(zhCN)) expect(blanks(english.get(key)!), key).toEqual(blanks(text))
})

test('English texts have no Chinese but for the switch back to it', () => {
  const mixed = [...texts(en)].filter(([, text]) => /[\u4e00-\u9fff]/.test(text)).map(([key]) => key)
  expect(mixed).toEqual(['shell.language', 'shell.languageMark', 'palette.switchLanguage'])
})
