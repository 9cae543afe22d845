import { useTranslation } from 'react-i18next'
import type { TableEntry } from '../api.ts'
import type { Language } from '../format.ts'
import { labelIn } from '../text.ts'
import styles from './table-dictionary.module.css'

/** 数据字典 of one table: what a row is, where it comes from, and every column with its unit. */
export function TableDictionary({ entry }: { readonly entry: TableEntry }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language as Language
  return (
    <section className={styles['dictionary']} aria-label={entry.name}>
      <p>{entry.about}</p>
      <p className="dim">
        {t('tables.grain')} <span className="number">{entry.grain.join(', ')}</span>
        <span className={styles['gap']} />
        {t('tables.inputs')} {entry.inputs.length === 0 ? t('tables.noInputs') : <span className="number">{entry.inputs.join(', ')}</span>}
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('tables.columns')}</th>
            <th scope="col">{t('tables.label')}</th>
            <th scope="col">{t('tables.unit')}</th>
            <th scope="col">{t('tables.nullable')}</th>
            <th scope="col">{t('tables.about')}</th>
          </tr>
        </thead>
        <tbody>
          {entry.columns.map(({ name, label, unit, nullable, about }) => (
            <tr key={name}>
              <th scope="row" className="number">
                {name}
              </th>
              <td>{labelIn(language, label)}</td>
              <td className="dim">{unit}</td>
              <td className="dim">{nullable ? t('tables.yes') : ''}</td>
              <td className="dim">{about}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
