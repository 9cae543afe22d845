/** What this browser remembers under a name; undefined when nothing is kept, or storage is blocked, or the text is damaged. */
export function readStored(name: string): unknown {
  try {
    const text = localStorage.getItem(PREFIX + name)
    return text === null ? undefined : (JSON.parse(text) as unknown)
  } catch {
    // Expected: SecurityError where storage is blocked, SyntaxError on a damaged entry. Both mean: not remembered.
    return undefined
  }
}

/** Remember a value. Where storage is blocked or full the page works on and forgets at reload. */
export function writeStored(name: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value))
  } catch {
    // Expected: SecurityError or QuotaExceededError. Settings then last as long as the page.
  }
}

const PREFIX = 'fupan.'
