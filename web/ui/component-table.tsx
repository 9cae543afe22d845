import { useTranslation } from 'react-i18next'
import type { Component } from '../api.ts'
import { fixed, formatShare, formatSigned } from '../format.ts'
import { trendOf } from '../theme.ts'
import { useWord } from '../use-word.ts'
import styles from './component-table.module.css'

/** 评分依据: the seven metrics of fund quality (spec microstructure §7.3), each with what it was, how unusual, and what it added. */
export function ComponentTable({ components, status }: { readonly components: readonly Component[]; readonly status: string }) {
  const { t } = useTranslation()
  const word = useWord()
  if (components.length === 0) return <p className="dim">{t('quality.absent', { status: word('statuses', status) })}</p>
  const largest = Math.max(...components.map(({ contribution }) => Math.abs(contribution ?? 0)), 1e-9)
  const sum = components.reduce((total, { contribution }) => total + (contribution ?? 0), 0)
  return (
    <table className={styles['table']}>
      <thead>
        <tr>
          <th scope="col">{t('quality.metric')}</th>
          <th scope="col">{t('quality.value')}</th>
          <th scope="col">{t('quality.z')}</th>
          <th scope="col">{t('quality.weight')}</th>
          <th scope="col" colSpan={2}>
            {t('quality.contribution')}
          </th>
        </tr>
      </thead>
      <tbody>
        {components.map(({ metric, value, z, weight, contribution }) => (
          <tr key={metric}>
            <th scope="row">{word('metrics', metric)}</th>
            <td className="number">{metric === 'trend_corr' ? formatSigned(value) : formatShare(value)}</td>
            <td className="number">{formatSigned(z)}</td>
            <td className="number dim">{fixed(weight, 2)}</td>
            <td className={styles['bar']} aria-hidden>
              <i className={styles[trendOf(contribution)]} style={barOf((contribution ?? 0) / largest)} />
            </td>
            <td className={`number ${trendOf(contribution)}`}>{formatSigned(contribution, 3)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{t('quality.sum')}</th>
          <td colSpan={4} className={styles['formula']}>
            {t('quality.formula')}
          </td>
          <td className={`number ${trendOf(sum)}`}>{formatSigned(sum, 3)}</td>
        </tr>
      </tfoot>
    </table>
  )
}

/** From the middle to the right when it added, to the left when it took away. */
function barOf(part: number) {
  return { width: `${Math.abs(part) * 50}%`, ...(part < 0 ? { right: '50%' } : { left: '50%' }) }
}
