type TokenKind = 'word' | 'number' | 'text' | 'quoted' | 'symbol'

export interface SqlToken {
  readonly kind: TokenKind
  /** Words and symbols as written; the content of texts and quoted names between their quotes, escapes kept. */
  readonly text: string
  /** Position in the statement. */
  readonly at: number
}

/** A statement that cannot be cut into tokens. */
export interface BadSql {
  readonly reason: string
  readonly at: number
}

export function isBadSql(tokens: readonly SqlToken[] | BadSql): tokens is BadSql {
  return 'reason' in tokens
}

/**
 * Cut a statement into tokens, without spaces and comments, as the ClickHouse lexer does: quotes with backslash and doubled escapes, heredocs,
 * `--`, `# ` and block comments. What the two could read differently is refused rather than guessed: comments inside comments, and characters
 * other than printable ASCII outside quotes and comments (the engine knows typographic quotes and minus signs). Linear in the length.
 */
export function sqlTokens(sql: string): readonly SqlToken[] | BadSql {
  const tokens: SqlToken[] = []
  let at = 0
  while (at < sql.length) {
    const char = sql[at]!
    if (/\s/.test(char) && char <= ' ') {
      at++
    } else if (sql.startsWith('--', at) || /^#[ !]/.test(sql.slice(at, at + 2))) {
      const end = sql.indexOf('\n', at)
      at = end < 0 ? sql.length : end
    } else if (sql.startsWith('/*', at)) {
      const end = sql.indexOf('*/', at + 2)
      if (end < 0) return { reason: 'a comment that is not closed', at }
      if (sql.slice(at + 2, end).includes('/*')) return { reason: 'a comment inside a comment', at }
      at = end + 2
    } else if (char === "'" || char === '"' || char === '`') {
      const end = endOfQuote(sql, at)
      if (end === undefined) return { reason: 'a quote that is not closed', at }
      tokens.push({ kind: char === "'" ? 'text' : 'quoted', text: sql.slice(at + 1, end - 1), at })
      at = end
    } else if (char === '$') {
      const tag = /^\$\w*\$/.exec(sql.slice(at, at + 66))?.[0]
      const end = tag === undefined ? -1 : sql.indexOf(tag, at + tag.length)
      if (tag === undefined || end < 0) return { reason: 'a quote that is not closed', at }
      tokens.push({ kind: 'text', text: sql.slice(at + tag.length, end), at })
      at = end + tag.length
    } else if (/\w/.test(char)) {
      const start = at
      while (at < sql.length && /[\w$]/.test(sql[at]!)) at++
      tokens.push({ kind: /\d/.test(char) ? 'number' : 'word', text: sql.slice(start, at), at: start })
    } else if ('-+*/%=<>!,.;:()[]{}?^|@&~'.includes(char)) {
      tokens.push({ kind: 'symbol', text: char, at })
      at++
    } else {
      return { reason: `the character ${JSON.stringify(String.fromCodePoint(sql.codePointAt(at)!))} outside quotes`, at }
    }
  }
  return tokens
}

/** The names of the `{name:Type}` holes of a statement, each once. */
export function holesOf(tokens: readonly SqlToken[]): readonly string[] {
  const names = new Set<string>()
  tokens.forEach((token, i) => {
    const name = tokens[i + 1]
    if (isSymbol(token, '{') && name?.kind === 'word' && isSymbol(tokens[i + 2], ':')) names.add(name.text)
  })
  return [...names]
}

export function isSymbol(token: SqlToken | undefined, symbol: string): boolean {
  return token !== undefined && token.kind === 'symbol' && token.text === symbol
}

/** Past the closing quote; a doubled quote and a character after a backslash belong to the content. */
function endOfQuote(sql: string, start: number): number | undefined {
  const quote = sql[start]!
  for (let at = start + 1; at < sql.length; at++) {
    if (sql[at] === '\\') at++
    else if (sql[at] === quote) {
      if (sql[at + 1] !== quote) return at + 1
      at++
    }
  }
  return undefined
}
