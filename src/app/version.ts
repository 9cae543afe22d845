import { readFileSync } from 'node:fs'

/** Version of the program, from package.json. */
export const VERSION = (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string }).version

/** `fupan 0.1.0, Node 26.10.0`. */
export function describeVersion(): string {
  return `fupan ${VERSION}, Node ${process.versions.node}`
}
