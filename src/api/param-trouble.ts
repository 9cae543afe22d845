/** One thing that is wrong with a parameter, as the schema library says it. */
export interface ParamIssue {
  readonly keyword?: string
  readonly instancePath?: string
  readonly message?: string
  readonly params?: Readonly<Record<string, unknown>>
}

/** What is wrong with a parameter of a request, in words for whoever wrote the request. `query` is the request as it came. */
export function paramTrouble(issue: ParamIssue, query: Readonly<Record<string, unknown>>): { readonly parameter: string; readonly message: string } {
  const parameter = (issue.instancePath ?? '').replace(/^\//, '')
  const value = query[parameter]
  if (value === undefined) return { parameter, message: 'is missing' }
  if (Array.isArray(value)) return { parameter, message: `must be given once; found ${value.length} times` }
  const rule = ruleOf(issue)
  return { parameter, message: rule === undefined ? (issue.message ?? '') : `${rule}; found ${shown(value)}` }
}

/** A value as it came, cut off where it is long. */
function shown(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}

/** The rule that was broken; undefined where its own message says it best. */
function ruleOf({ keyword, params = {} }: ParamIssue): string | undefined {
  const { expected, origin, minimum, maximum, values } = params
  const unit = origin === 'string' ? ' characters' : ''
  switch (keyword) {
    case 'invalid_type':
      return expected === 'int' ? 'must be a whole number' : expected === 'number' ? 'must be a number' : undefined
    case 'too_small':
      return origin === 'string' && minimum === 1 ? 'must not be empty' : `must be at least ${String(minimum)}${unit}`
    case 'too_big':
      return `must be at most ${String(maximum)}${unit}`
    case 'invalid_value':
      return `must be one of ${(values as readonly unknown[]).join(', ')}`
    default:
      return undefined
  }
}
