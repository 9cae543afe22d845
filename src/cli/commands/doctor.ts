import { styleText } from 'node:util'
import { defineCommand } from '../command.ts'
import { textTable } from '../text-table.ts'

interface DoctorReply {
  readonly world: string
  readonly checks: readonly { readonly check: string; readonly ok: boolean; readonly found: string; readonly rule: string }[]
  readonly settings: readonly { readonly name: string; readonly value?: string | number | boolean; readonly from: string }[]
}

export const doctor = defineCommand({
  name: 'doctor',
  about: 'Check the installation; print every setting with where it came from',
  arguments: [],
  options: [],
  examples: ['fupan doctor'],
  does: 'verb',
  args: () => ({}),
  render(data) {
    const { checks, settings } = data as DoctorReply
    return [
      ...checks.map(
        ({ check, ok, found, rule }) => `${ok ? styleText('green', '✓') : styleText('red', '✗')} ${check.padEnd(9)} ${found}${ok ? '' : `  (rule: ${rule})`}`,
      ),
      '',
      textTable(
        ['setting', 'value', 'from'],
        settings.map(({ name, value, from }) => [name, value ?? null, from]),
      ),
    ].join('\n')
  },
})
