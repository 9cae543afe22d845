import { DATABASE } from './engine.ts'
import { isBadSql, isSymbol, sqlTokens, type SqlToken } from './sql-tokens.ts'

export type Verdict = { readonly ok: true } | { readonly ok: false; readonly reason: string }

/** Table functions that make rows out of nothing or out of the statement itself. Every other one reaches a file, a network or another server. */
const tableFunctions = new Set(['numbers', 'numbers_mt', 'zeros', 'zeros_mt', 'values', 'generateseries', 'generate_series', 'view'])

/** Tables of the engine that say what there is, and nothing about other users, servers, files or settings. */
const systemTables = new Set(['one', 'numbers', 'zeros', 'tables', 'columns', 'databases', 'functions', 'data_type_families', 'parts', 'time_zones'])

/** Functions that reach outside the statement wherever they stand, or keep a server busy for nothing (system.functions, system.table_functions of 26.7). */
const forbiddenFunctions =
  /^(file\w*|url|urlcluster|remote\w*|s3\w*|gcs|oss|cosn|azure\w*|hdfs\w*|hudi\w*|iceberg\w*|delta\w*|paimon\w*|mysql|postgresql|mongodb|redis|sqlite|odbc|jdbc|ytsaurus|arrowstream|arrowflight|executable\w*|python|eval|dictionary|dict\w+|cluster\w*|loop|merge|mergetree\w+|input|fuzz\w+|prometheus\w+|timeseriesdata|timeseriesselector|viewexplain|viewifpermitted|joinget\w*|catboostevaluate|evalmlmethod|ai(classify|embed|extract|generate|translate)\w*|sleep\w*|logtrace|addressto\w+|demangle|showcertificate|getmacro|getserversetting|getserverport|getclienthttpheader|getsetting\w*|filesystem\w+|naivebayes\w+|structuretocapn\w*|structuretoproto\w*)$/

const clauses = new Set([
  'where',
  'prewhere',
  'group',
  'having',
  'window',
  'qualify',
  'order',
  'limit',
  'offset',
  'fetch',
  'union',
  'except',
  'intersect',
  'select',
  'sample',
])
const startWords = new Set(['select', 'with', 'show', 'describe', 'desc', 'explain'])
const statementWords = new Set(
  'select insert update delete create alter drop truncate rename exchange attach detach optimize system kill grant revoke backup restore set use undrop move execute call copy watch check'.split(
    ' ',
  ),
)

/**
 * Whether a statement written by a user may be run: one SELECT, WITH … SELECT, SHOW, DESCRIBE or EXPLAIN SELECT that reads tables of the `fupan`
 * database or a few tables about the engine. Decided on tokens, before the engine sees it; refuses when in doubt. Run it with
 * `readOnlySettings` as well: the engine then refuses writes by itself.
 */
export function isReadOnlySelect(sql: string): Verdict {
  const tokens = sqlTokens(sql)
  if (isBadSql(tokens)) return refuse(`${tokens.reason} at position ${tokens.at}`)
  const last = tokens.findLastIndex((token) => !isSymbol(token, ';'))
  const inner = tokens.slice(0, last + 1)
  if (inner.length === 0) return refuse('the statement is empty')
  if (inner.some((token) => isSymbol(token, ';'))) return refuse('only one statement at a time')
  const reason = wrongStart(inner) ?? wrongWord(inner) ?? wrongSource(inner)
  return reason === undefined ? { ok: true } : refuse(reason)
}

/** What a statement that passed the guard is run with. 1 and not 2: under 2 the embedded engine still reads files. */
export const readOnlySettings = { readonly: 1 } as const

function refuse(reason: string): Verdict {
  return { ok: false, reason }
}

function wrongStart(tokens: readonly SqlToken[]): string | undefined {
  const first = tokens.findIndex((token) => !isSymbol(token, '('))
  const start = word(tokens[first])
  if (start === undefined || !startWords.has(start))
    return `only SELECT, WITH, SHOW, DESCRIBE and EXPLAIN are allowed, found ${tokens[first]?.text ?? 'nothing'}`
  if (first > 0 && start !== 'select' && start !== 'with') return `${start.toUpperCase()} may not be in parentheses`
  if (start === 'with') return mainVerb(tokens, first + 1) === 'select' ? undefined : 'WITH must lead to a SELECT'
  if (start === 'explain') {
    const verb = tokens.slice(first + 1).findIndex((token) => statementWords.has(word(token) ?? ''))
    const found = word(tokens[first + 1 + verb])
    return verb >= 0 && found === 'select' ? undefined : 'EXPLAIN is allowed for a SELECT only'
  }
  if (start === 'show' && !/^(tables|columns|fields|databases|create|functions)$/.test(word(tokens[1]) ?? ''))
    return `SHOW ${tokens[1]?.text ?? ''} is not allowed`
  if (start === 'show' && word(tokens[1]) === 'create' && !/^(table|view|database|fupan)$/.test(word(tokens[2]) ?? '')) return 'SHOW CREATE is for tables'
  return undefined
}

/** The first statement word outside parentheses: what WITH leads to. Names (after AS or before AS, after a dot) are not verbs. */
function mainVerb(tokens: readonly SqlToken[], from: number): string | undefined {
  let depth = 0
  for (let i = from; i < tokens.length; i++) {
    if (isSymbol(tokens[i], '(')) depth++
    if (isSymbol(tokens[i], ')')) depth--
    const verb = word(tokens[i])
    if (depth === 0 && verb !== undefined && statementWords.has(verb) && !isSymbol(tokens[i - 1], '.') && !isSymbol(tokens[i + 1], '(')) return verb
  }
  return undefined
}

/** Words and functions that are wrong wherever they stand. A column of such a name is written in backticks. */
function wrongWord(tokens: readonly SqlToken[]): string | undefined {
  for (const [i, token] of tokens.entries()) {
    const call = isSymbol(tokens[i + 1], '(')
    const name = nameOf(token)
    if (call && name !== undefined && forbiddenFunctions.test(name)) return `function ${token.text}() is not allowed`
    const plain = isSymbol(tokens[i - 1], '.') ? undefined : word(token)
    if (plain === 'into' || plain === 'outfile' || plain === 'infile') return 'INTO is not allowed: a query reads only'
    if (plain === 'settings') return 'SETTINGS is not allowed: limits are set for you'
    if (plain === 'format' && !call) return 'FORMAT is not allowed: use --format'
    if (plain === 'parallel' && word(tokens[i + 1]) === 'with') return 'PARALLEL WITH is not allowed'
    if (isSymbol(token, '{') && tokens[i + 1]?.kind === 'word' && isSymbol(tokens[i + 2], ':')) return 'parameters are not allowed'
    if (token.kind === 'quoted' && token.text.includes('\\')) return 'a name with a backslash is not allowed'
  }
  return undefined
}

/** Everything read from must be a table that is allowed, a plain name (one that WITH defines, or a table of ours), or a subquery. */
function wrongSource(tokens: readonly SqlToken[]): string | undefined {
  // Per depth of parentheses: whether a comma at that depth separates sources.
  const inSources: boolean[] = [false]
  for (const [i, token] of tokens.entries()) {
    if ('([{'.includes(token.text) && token.kind === 'symbol') inSources.push(isSymbol(token, '(') && opensSource(tokens, i - 1))
    if (')]}'.includes(token.text) && token.kind === 'symbol' && inSources.length > 1) inSources.pop()
    const plain = isSymbol(tokens[i - 1], '.') ? undefined : word(token)
    if (plain !== undefined && clauses.has(plain)) inSources[inSources.length - 1] = false
    if (plain === 'from' || plain === 'join') inSources[inSources.length - 1] = true
    const separated = (isSymbol(token, ',') || isSymbol(token, '(')) && inSources.at(-1) === true
    if (separated || plain === 'in' || opensSource(tokens, i)) {
      const reason = wrongTable(tokens, i + 1, plain === 'in')
      if (reason !== undefined) return reason
    }
  }
  return undefined
}

/** Whether a source stands after this word: FROM, JOIN, and what DESCRIBE and SHOW CREATE are about. */
function opensSource(tokens: readonly SqlToken[], i: number): boolean {
  const plain = isSymbol(tokens[i - 1], '.') ? undefined : word(tokens[i])
  if (plain === 'from' || plain === 'join') return true
  const about = /^(describe|desc)$/.test(word(tokens[0]) ?? '') ? 0 : word(tokens[0]) === 'show' && word(tokens[1]) === 'create' ? 1 : undefined
  if (about === undefined) return false
  const named = /^(table|view)$/.test(word(tokens[about + 1]) ?? '') ? about + 1 : about
  return i === named && word(tokens[i + 1]) !== 'database'
}

function wrongTable(tokens: readonly SqlToken[], i: number, afterIn: boolean): string | undefined {
  const token = tokens[i]
  // A subquery, a list or a nested join is looked at when its own words come.
  if (token === undefined || token.kind === 'symbol' || word(token) === 'select' || word(token) === 'with' || word(token) === 'from') return undefined
  if (token.kind === 'text' || token.kind === 'number') return afterIn ? undefined : 'a file is not a table'
  if (!/^\w+$/.test(token.text)) return `${JSON.stringify(token.text)} is not the name of a table`
  const name = token.text.toLowerCase()
  if (isSymbol(tokens[i + 1], '(')) return afterIn || tableFunctions.has(name) ? undefined : `function ${token.text}() is not allowed as a table`
  if (!isSymbol(tokens[i + 1], '.')) return undefined
  const table = tokens[i + 2]
  if (nameOf(table) === undefined || !/^\w+$/.test(table!.text) || isSymbol(tokens[i + 3], '.')) return 'a table is written database.table'
  if (name === DATABASE || name === 'information_schema') return undefined
  if (name === 'system') return systemTables.has(table!.text.toLowerCase()) ? undefined : `system.${table!.text} is not allowed`
  return `only tables of ${DATABASE} are allowed, found ${token.text}.${table!.text}`
}

/** A bare word in lower case. */
function word(token: SqlToken | undefined): string | undefined {
  return token?.kind === 'word' ? token.text.toLowerCase() : undefined
}

/** A bare word or a quoted name, in lower case: how the engine may read a table or a function. */
function nameOf(token: SqlToken | undefined): string | undefined {
  return token?.kind === 'word' || token?.kind === 'quoted' ? token.text.toLowerCase() : undefined
}
