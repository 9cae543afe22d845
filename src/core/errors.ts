/** What the user asked for cannot be understood or does not exist. Exit 64, HTTP 400. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** A setting is missing or wrong; the message names it and where it was looked for. Exit 78. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** `Did you mean …?`: the candidate closest to the word (Levenshtein distance at most a third of its length), or nothing. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance]
  }
  return best
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) row[j] = Math.min(row[j - 1]! + 1, previous[j]! + 1, previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    previous = row
  }
  return previous[b.length]!
}
