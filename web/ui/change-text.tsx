import { formatChange } from '../format.ts'
import { trendOf } from '../theme.ts'

/** A change as signed percent, coloured by `rise`, `fall`, `flat`: the sign says the same without the colour. */
export function ChangeText({ value, digits }: { readonly value: number | null | undefined; readonly digits?: number }) {
  return <span className={`number ${trendOf(value)}`}>{formatChange(value, digits)}</span>
}
