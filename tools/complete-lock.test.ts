import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { missingEntries } from './complete-lock.ts'

test('missingEntries() names every platform sibling that has no entry, with os, cpu and libc read off the name', () => {
  const packages = {
    '': {},
    'node_modules/engine': {
      version: '3.4.0',
      optionalDependencies: { '@engine/lib-linux-x64-gnu': '3.4.0', '@engine/lib-linux-arm64-musl': '3.4.0', '@engine/lib-darwin-arm64': '3.4.0' },
    },
    'node_modules/@engine/lib-linux-x64-gnu': { version: '3.4.0' },
    'node_modules/tool': { version: '1.0.0', optionalDependencies: { '@tool/win32-x64-msvc': '1.0.0', 'not-exact': '^2.0.0' } },
  }
  expect(missingEntries(packages)).toEqual({
    'node_modules/@engine/lib-linux-arm64-musl': { version: '3.4.0', optional: true, os: ['linux'], cpu: ['arm64'], libc: ['musl'] },
    'node_modules/@engine/lib-darwin-arm64': { version: '3.4.0', optional: true, os: ['darwin'], cpu: ['arm64'] },
    'node_modules/@tool/win32-x64-msvc': { version: '1.0.0', optional: true, os: ['win32'], cpu: ['x64'] },
  })
})

test('package-lock.json is complete, exact and free of download addresses', () => {
  const text = readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Record<string, Record<string, string>>
  expect(missingEntries((JSON.parse(text) as { packages: Record<string, object> }).packages)).toEqual({})
  expect(text).not.toContain('"resolved": "http')
  for (const group of ['dependencies', 'devDependencies', 'optionalDependencies']) {
    for (const [name, version] of Object.entries(manifest[group]!)) expect(version, name).toMatch(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/)
  }
})
