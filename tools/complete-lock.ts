/**
 * Complete package-lock.json with the platform packages the registry at hand did not have.
 *
 * `npm install` silently drops optional platform siblings it cannot find, and `npm ci` in a fresh clone then refuses the lock with
 * "Missing: … from lock file". An entry needs only its version and, so that other platforms skip it, os, cpu and libc: those are read off
 * the name. Run after every `npm install`; `npm run lockcheck` proves the result.
 */
import { readFileSync, writeFileSync } from 'node:fs'

interface LockEntry {
  readonly version?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peer?: boolean
}

interface MissingEntry {
  readonly version: string
  readonly optional: true
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly libc?: readonly string[]
}

const systems = ['linux', 'darwin', 'win32', 'android', 'freebsd', 'openbsd', 'netbsd', 'sunos', 'aix', 'openharmony'] as const
const processors = ['x64', 'arm64', 'arm', 'ia32', 'riscv64', 'ppc64', 's390x', 'loong64', 'mips64el'] as const

/** The entries a lock lacks: every exact optional dependency of a locked package that has no entry of its own. */
export function missingEntries(packages: Readonly<Record<string, LockEntry>>): Readonly<Record<string, MissingEntry>> {
  const missing: Record<string, MissingEntry> = {}
  for (const entry of Object.values(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const path = `node_modules/${name}`
      if (packages[path] !== undefined || missing[path] !== undefined || !/^\d+\.\d+\.\d+/.test(version)) continue
      missing[path] = entryFor(name, version)
    }
  }
  return missing
}

function entryFor(name: string, version: string): MissingEntry {
  const words = name.replace(/^@[^/]+\//, '').split(/[-_]/)
  const os = systems.find((system) => words.includes(system)) ?? (words.includes('win') ? 'win32' : undefined)
  const cpu = processors.find((processor) => words.includes(processor)) ?? (words.includes('x86') || words.includes('amd64') ? 'x64' : undefined)
  const libc =
    os === 'linux'
      ? words.some((word) => word.startsWith('musl'))
        ? 'musl'
        : words.some((word) => word === 'gnu' || word === 'glibc')
          ? 'glibc'
          : undefined
      : undefined
  return {
    version,
    optional: true,
    ...(os === undefined ? {} : { os: [os] }),
    ...(cpu === undefined ? {} : { cpu: [cpu] }),
    ...(libc === undefined ? {} : { libc: [libc] }),
  }
}

if (import.meta.main) {
  const file = new URL('../package-lock.json', import.meta.url)
  const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, LockEntry> }
  const missing = missingEntries(lock.packages)
  const sorted = Object.fromEntries(Object.entries({ ...lock.packages, ...missing }).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: sorted }, undefined, 2)}\n`)
  console.log(
    `package-lock.json: ${Object.keys(missing).length} platform entries added${Object.keys(missing)
      .map((path) => `\n  ${path.slice(13)}`)
      .join('')}`,
  )
}
