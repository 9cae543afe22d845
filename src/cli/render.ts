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
