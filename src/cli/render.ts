import { styleText } from 'node:util'

/** 1,234,567. */
export function counted(value: number): string {
  return value.toLocaleString('en-US')
}

/** A heading line. */
export function heading(text: string): string {
  return styleText('bold', text)
}

/** 20260105..20260131, or one date. */
export function span(from: string | number | undefined, to: string | number | undefined): string {
  return from === to ? String(from ?? '') : `${String(from ?? '')}..${String(to ?? '')}`
}

/** 12.34%; – for a number that is not known. */
export function percent(value: number | null | undefined, digits = 2): string {
  return isKnown(value) ? `${(value * 100).toFixed(digits)}%` : '–'
}

/** 0.123; – for a number that is not known. */
export function fixed(value: number | null | undefined, digits = 3): string {
  return isKnown(value) ? value.toFixed(digits) : '–'
}

function isKnown(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && !Number.isNaN(value)
}
