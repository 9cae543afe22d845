import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isReadOnlySelect } from './guard.ts'

const allowed = [
  'select 1',
  'select * from fupan.ods_daily',
  `SELECT a.ts_code, b.x FROM fupan.a AS a ASOF LEFT JOIN fupan.b AS b ON a.ts_code = b.ts_code, fupan.c WHERE a.x IN ('a','b') and b.y in (select y from fupan.z) order by a.x desc limit 5 by ts_code limit 10;`,
  'with t as (select * from fupan.a), u as (select 1) select t.x, u.* from t, u',
  'with 5 as x select x from numbers(10)',
  'explain select 1',
  'explain plan actions = 1, indexes=1 select * from fupan.a',
  'describe fupan.ods_daily',
  'desc table fupan.x',
  'describe (select 1)',
  'show tables from fupan',
  'show tables',
  'show create table fupan.x',
  'select count() from system.tables',
  '(select 1) union all (select 2)',
  `select 'from url(1); drop table x' as s, "insert" from fupan.x -- ; drop`,
  `select format('{} {}', a, b), x.2 from fupan.t`,
  'select `format` from fupan.t',
  'select file, url from fupan.t',
  'select x from (fupan.a join fupan.b using id)',
  'select x in (1,2,3), x.y in (a.b, c.d) from fupan.a',
  'select sum(x) over (partition by a order by b rows between 5 preceding and current row) w from fupan.a window w as (order by b)',
  'select * from ods_daily',
  'select 1 # a comment',
  'select count() from fupan.`ods_daily` final',
  `select a -- into outfile
from fupan.x /* url() */ where b = $tag$ url('x') $tag$`,
]

const hostile = [
  ';',
  'select 1; select 2',
  'insert into fupan.a values (1)',
  'with t as (select 1) insert into fupan.a select * from t',
  `select * from url('http://x')`,
  `select * from \`url\`('http://x')`,
  `select * from fupan.a, url('x')`,
  `select * from fupan.a where 1 in url('x')`,
  `select * from 'a.csv'`,
  'select * from "a.csv"',
  'select * from `/etc/passwd`',
  `select * from fupan.a join 'x.csv' using a`,
  `select file('/etc/passwd')`,
  `select FILE /* x */ ('/etc/passwd')`,
  `select * from fupan.a into outfile 'x'`,
  'select * from fupan.a settings max_threads=1',
  'select * from fupan.a format CSV',
  'select * from system.processes',
  'select * from `system`.`processes`',
  'select * from system . processes',
  'select * from SYSTEM.users',
  'select * from default.t',
  `select * from (url('x'))`,
  `select * from fupan.a, (select * from s3('x'))`,
  `select * from merge('system','.*')`,
  'select * from view(select * from system.users)',
  'explain insert into fupan.a select 1',
  'explain ast drop table fupan.a',
  'show processlist',
  'show grants',
  'show create user x',
  `desc url('x')`,
  `describe table file('x')`,
  'select sleep(3)',
  `select 1 /* /* */ from url('x') */`,
  'select * from {t:Identifier}',
  `select 'a`,
  'select ’x’',
  '(insert into fupan.a values (1))',
  'set x=1',
  'drop table fupan.a',
  'select * from fupan.a parallel with drop table fupan.a',
  'select * from fupan.a.b',
  `from url('x') select *`,
  `select * from (from url('x') select *)`,
  `select dictGet('a','b',1)`,
  'kill query where 1',
  'system shutdown',
  'optimize table fupan.a',
  `exists url('x')`,
  'select * from numbers(1) where number in system.processes',
  `select * from executable('x')`,
  `select * from cluster('a', system.one)`,
  `select * from values('a String', ('x')) , remote('x', system.one)`,
  `select * from fupan.a array join url('x')`,
  'use fupan',
  '$$',
  'select $$a$$ from url($x$http$x$)',
  `select * from "s3"('x')`,
  'select * from (with passwd as (select 1) select 1), default.passwd',
  `select * from url('x')`,
  `select * from fupan.a where x in \`s3\`('y')`,
  `show create table url('x')`,
  `select * from fupan.a join (select * from mysql('h','d','t','u','p')) as m on 1`,
  `explain plan select * from file('x')`,
  `select 1 into
/**/outfile 'x'`,
  `select * from /**/ file /**/ ('x')`,
  'select * from fupan.a\\G',
  `explain syntax
alter table fupan.a delete where 1`,
  `select getSetting('max_threads')`,
  `select aiGenerate('x')`,
  'SELECT * FROM Information_Schema.tables, SYSTEM.Users',
  'with (select 1) as x delete from fupan.a where 1',
  'describe table system.users',
  'select * from fupan.a, "/etc/passwd"',
  `select * from fupan.a any left join
-- a comment
hdfs('x') as h using k`,
]

test('isReadOnlySelect() lets readers through', () => {
  for (const sql of allowed) expect(isReadOnlySelect(sql), sql).toEqual({ ok: true })
})

test('isReadOnlySelect() refuses writers, files, networks, other databases and several statements, with a reason', () => {
  expect(isReadOnlySelect('')).toMatchObject({ ok: false })
  for (const sql of hostile) expect(isReadOnlySelect(sql), sql).toMatchObject({ ok: false, reason: expect.stringMatching(/^.{5,}$/) })
})

/** Ways to write the same tokens: case, spaces and comments. */
const between = fc.constantFrom(' ', '\n', '\t', '/* c */', '-- c\n', '# c\n', " /* ' */ ", '/* ) */')
const forbidden = fc.constantFrom(
  'file',
  'url',
  's3',
  'remote',
  'cluster',
  'executable',
  'mysql',
  'merge',
  'dictGet',
  'sleep',
  'urlCluster',
  'fileCluster',
  'icebergLocal',
  'sqlite',
  'loop',
)

test('isReadOnlySelect() finds a forbidden function however it is written and wherever it stands', () => {
  const around = fc.constantFrom(
    ['select ', ''],
    ['select * from ', ''],
    ['select * from fupan.a, ', ''],
    ['select * from fupan.a join ', ' using k'],
    ['select (select max(x) from ', ')'],
    ['with t as (select * from ', ') select * from t'],
    ['select 1 where 1 in ', ''],
    ['select \'a\', "b", `c` from fupan.a where d = ', ''],
    ['explain select * from ', ''],
    ['select 1 union all select * from ', ''],
  )
  fc.assert(
    fc.property(around, forbidden, fc.constantFrom('', '`', '"'), between, fc.boolean(), ([before, after], name, quote, gap, upper) => {
      const call = `${quote}${upper ? name.toUpperCase() : name}${quote}${gap}('x')`
      expect(isReadOnlySelect(`${before}${gap}${call}${after}`)).toMatchObject({ ok: false })
    }),
    { numRuns: 500 },
  )
})

test('isReadOnlySelect() is not taken in by words inside quotes and comments, nor hides them outside', () => {
  fc.assert(
    fc.property(fc.constantFrom(...hostile.filter((sql) => !/[\\'`"$*#-]/.test(sql) && /\w/.test(sql))), (inner) => {
      expect(isReadOnlySelect(`select '${inner}' as x, $q$${inner}$q$ /* ${inner} */ from fupan.a -- ${inner.replaceAll('\n', ' ')}`)).toEqual({ ok: true })
      // A quote that ends early sets the words free.
      expect(isReadOnlySelect(`select '' ; ${inner}`)).toMatchObject({ ok: false })
      expect(isReadOnlySelect(`select '\\\\' ; ${inner} --'`)).toMatchObject({ ok: false })
    }),
  )
})

test('isReadOnlySelect() ends on any text at all', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => typeof isReadOnlySelect(text).ok === 'boolean'))
  const at = performance.now()
  for (const deep of ['('.repeat(200_000), "'".repeat(200_001), 'a,'.repeat(200_000), '/*'.repeat(100_000)]) isReadOnlySelect(`select ${deep}`)
  expect(performance.now() - at).toBeLessThan(5000)
})
