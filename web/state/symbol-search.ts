import type { SymbolRow } from '../api.ts'

/** A stock with its texts lowered once, so that a keystroke only compares. */
export interface SearchEntry {
  readonly row: SymbolRow
  readonly code: string
  readonly name: string
  readonly pinyin: string
}

export function searchEntries(rows: readonly SymbolRow[]): readonly SearchEntry[] {
  return rows.map((row) => ({ row, code: row.code.toLowerCase(), name: row.name.toLowerCase(), pinyin: row.pinyin.toLowerCase() }))
}

/**
 * 键盘精灵: the best matches first. Order: whole code or whole initials, code from the left, initials from the left, name from the left,
 * name inside, initials inside, code inside; ties by code. An empty text matches nothing.
 */
export function searchSymbols(entries: readonly SearchEntry[], text: string, limit: number): readonly SymbolRow[] {
  const needle = text.trim().toLowerCase()
  if (needle === '') return []
  const buckets: SearchEntry[][] = Array.from({ length: WORST + 1 }, () => [])
  for (const entry of entries) {
    const place = placeOf(entry, needle)
    if (place !== undefined) buckets[place]!.push(entry)
  }
  const found: SymbolRow[] = []
  for (const bucket of buckets) {
    bucket.sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0))
    for (const entry of bucket) {
      if (found.push(entry.row) === limit) return found
    }
  }
  return found
}

const WORST = 6

function placeOf({ code, name, pinyin }: SearchEntry, needle: string): number | undefined {
  if (pinyin === needle || name === needle || code === needle || code.slice(0, 6) === needle) return 0
  if (code.startsWith(needle)) return 1
  if (pinyin.startsWith(needle)) return 2
  if (name.startsWith(needle)) return 3
  if (name.includes(needle)) return 4
  if (pinyin.includes(needle)) return 5
  // 19 finds 600519 as well: people remember the tail of a code.
  return code.includes(needle) ? WORST : undefined
}
