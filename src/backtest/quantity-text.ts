import type { Cell, Quantity, QuantityUnit } from './report-block.ts'

/** A quantity as text with its unit; "—" when there is none, "∞" when it never comes. Ratios and probabilities carry no unit: they have none. */
export function quantityText({ value, unit, signed = false }: Quantity): string {
  if (Number.isNaN(value)) return '—'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞'
  const text = written(Math.abs(value), unit)
  // What rounds to nothing has no sign.
  const sign = !/[1-9]/.test(text) ? '' : value < 0 ? '−' : signed ? '+' : ''
  return unit === 'date' ? text : sign + text
}

/** A cell as text. */
export function cellText(cell: Cell): string {
  if (typeof cell === 'string') return cell
  return 'text' in cell ? cell.text : quantityText(cell)
}

function written(value: number, unit: QuantityUnit): string {
  switch (unit) {
    case 'fraction':
      return `${percent(value)} %`
    case 'fraction/year':
      return `${percent(value)} %/yr`
    case 'bp':
      return `${grouped((value * 10_000).toFixed(1))} bp`
    case 'ratio':
      return grouped(value.toFixed(value >= 100 ? 1 : 2))
    case 'probability':
      return value.toFixed(value > 0 && value < 0.001 ? 4 : 3)
    case 'days':
      return `${grouped(value.toFixed(Number.isInteger(value) ? 0 : 1))} d`
    case 'trades':
      return `${grouped(String(value))} trades`
    case 'times/year':
      return `${grouped(value.toFixed(2))} ×/yr`
    case 'CNY':
      return `${grouped(value.toFixed(value >= 1e6 ? 0 : 2))} CNY`
    case 'price':
      return `${value.toFixed(2)} CNY`
    case 'shares':
      return `${grouped(String(value))} sh`
    case 'count':
      return grouped(String(value))
    case 'date':
      return `${Math.floor(value / 10_000)}-${String(Math.floor(value / 100) % 100).padStart(2, '0')}-${String(value % 100).padStart(2, '0')}`
    default:
      return unit satisfies never
  }
}

function percent(value: number): string {
  return grouped((value * 100).toFixed(2))
}

function grouped(digits: string): string {
  const [whole, rest] = digits.split('.')
  return whole!.replace(/\B(?=(\d{3})+$)/g, ',') + (rest === undefined ? '' : `.${rest}`)
}
