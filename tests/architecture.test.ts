import { globSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { arrows, pure } from '../tools/arrows.ts'

const root = join(import.meta.dirname, '..')
const files = globSync(['src/**/*.ts', 'web/**/*.{ts,tsx}'], { cwd: root }).filter((file) => !/\.test\.tsx?$/.test(file) && !file.endsWith('.d.ts'))
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const folderOf = (file: string) => (file.startsWith('web/') ? 'web' : file.split('/')[1]!)
const lineAt = (text: string, index: number) => text.slice(0, index).split('\n').length

const importPattern =
  /^(?:import|export)(?<type>\s+type)?\b[^'"]*?\bfrom\s+['"](?<from>[^'"]+)['"]|^import\s+['"](?<bare>[^'"]+)['"]|\bimport\(\s*['"](?<lazy>[^'"]+)['"]/gms

function* importsOf(file: string) {
  const text = read(file)
  for (const match of text.matchAll(importPattern)) {
    const { type, from, bare, lazy } = match.groups!
    const specifier = (from ?? bare ?? lazy)!
    const to = specifier.startsWith('#') ? specifier.slice(1).split('/')[0]! : specifier.startsWith('.') ? folderOf(join(dirname(file), specifier)) : undefined
    yield { to, specifier, typeOnly: type !== undefined, line: lineAt(text, match.index) }
  }
}

function brokenArrow(from: string, to: string, typeOnly: boolean): string | undefined {
  const allowed = arrows[from]
  if (allowed === undefined) return `folder "${from}" has no row in tools/arrows.ts`
  if (from === to || allowed.includes(to)) return undefined
  if (allowed.includes(`types:${to}`)) return typeOnly ? undefined : `"${from}" may take only types from "${to}": write \`import type\``
  return `"${from}" may reach ${allowed.join(', ') || 'nothing'}`
}

test('the checker sees the code', () => {
  expect(files.length).toBeGreaterThan(40)
  expect([...importsOf('src/core/frame.ts')]).toEqual([])
  expect([...importsOf('src/warehouse/table.ts')].map(({ to }) => to)).toContain('core')
})

test('every import follows an allowed arrow', () => {
  const broken = files.flatMap((file) =>
    [...importsOf(file)].flatMap(({ to, typeOnly, line }) => {
      const why = to === undefined ? undefined : brokenArrow(folderOf(file), to, typeOnly)
      return why === undefined ? [] : [`${file}:${line} Cannot import "${to}": ${why}`]
    }),
  )
  expect(broken).toEqual([])
})

test('the database client is imported by the engine port alone', () => {
  const outside = files.filter(
    (file) => !file.startsWith('src/warehouse/engine/') && [...importsOf(file)].some(({ specifier }) => /^(?:chdb|@clickhouse\/)/.test(specifier)),
  )
  expect(outside).toEqual([])
})

test('pure folders touch no clock, dice, disk or network', () => {
  const ambient =
    /\b(?:async|await|fetch|process|console|performance|setTimeout|setInterval)\b|\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bcrypto\.|['"]node:/
  const broken = files
    .filter((file) => pure.includes(folderOf(file)))
    .flatMap((file) =>
      stripTypeScriptTypes(read(file))
        .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, (comment) => comment.replace(/[^\n]/g, ' '))
        .split('\n')
        .flatMap((code, i) => {
          const hit = ambient.exec(code.replace(/\bfetch\(request|\bfetch:/g, ''))
          return hit === null ? [] : [`${file}:${i + 1} Cannot use ${hit[0]} in a pure folder: take it as an argument`]
        }),
    )
  expect(broken).toEqual([])
})

test('the environment is read in app/config.ts alone', () => {
  const broken = files.filter((file) => file !== 'src/app/config.ts' && /\bprocess\.env\b/.test(read(file)))
  expect(broken).toEqual([])
})

test('a registry lists every file beside it, and nothing else', () => {
  for (const index of files.filter((file) => basename(file) === 'index.ts')) {
    const listed = [...read(index).matchAll(/(?:from |import\()'\.\/([^']+)'/g)].map((match) => match[1]!)
    const beside = files.filter((file) => dirname(file) === dirname(index) && file !== index).map((file) => basename(file))
    expect(listed.toSorted(), index).toEqual(beside.toSorted())
  }
})
