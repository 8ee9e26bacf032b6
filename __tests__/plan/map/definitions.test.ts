import { expect, test } from '@jest/globals';
import { definitionsIn } from '../../../src/plan/map/definitions.ts';

const namesOf = (path: string, code: string) =>
  definitionsIn(path, code.split('\n')).map(({ line, name }) => `${line} ${name}`);

test.each([
  [
    'a.ts',
    `import x from 'x';
export async function load(a: string) {
  if (a) { return; }
  const inner = 1;
}
export default class Shop<T> extends Base {
  private readonly items = () => 1;
  constructor(a: string) {
  async total(of: number): Promise<void> {
    for (const a of b) {
    this.call(a, () => {
  }
}
export const limit: number = 3;
export type Id = string;
declare module 'x';
exports.old = 1;
Shop.prototype.count = function () {
`,
    ['2 load', '6 Shop', '7 items', '9 total', '14 limit', '15 Id', '17 old', '18 count'],
  ],
  [
    'a.py',
    `class User(Base):
    async def save(self):
        def inner(): pass
MAX_AGE = 3
value = 1
`,
    ['1 User', '2 save', '3 inner', '4 MAX_AGE'],
  ],
  [
    'a.go',
    'func (s *Server) Serve(a int) error {\nfunc main() {\ntype Server struct {\nvar x = 1\n',
    ['1 Serve', '2 main', '3 Server', '4 x'],
  ],
  [
    'a.rs',
    'pub(crate) async fn run<T>() {\nimpl<T> Display for Shop<T> {\n    fn fmt(&self) {\npub enum Kind {\nmacro_rules! say {\n',
    ['1 run', '2 Shop', '3 fmt', '4 Kind', '5 say'],
  ],
  [
    'A.java',
    'public final class Shop {\n    private static Map<String, List<Item>> itemsOf(String a) {\n    return itemsOf(a);\n  @Override\n',
    ['1 Shop', '2 itemsOf'],
  ],
  [
    'a.kt',
    'data class Shop(val a: Int)\nsuspend fun <T> Shop.total(): Int {\nobject One {\n',
    ['1 Shop', '2 total', '3 One'],
  ],
  [
    'a.rb',
    'module Shop\n  class Cart < Base\n    def self.total!(a)\n  LIMIT = 3\n',
    ['1 Shop', '2 Cart', '3 total!', '4 LIMIT'],
  ],
  ['a.php', 'final class Shop\n{\n    public static function &total($a)\n', ['1 Shop', '3 total']],
  [
    'a.c',
    '#define MAX 3\nstatic int *total(struct shop *s)\n{\n    return total(s);\nstruct shop {\nint total(int a);\n',
    ['1 MAX', '2 total', '5 shop'],
  ],
  ['a.txt', 'function nothing() {\n', []],
])('the definitions of %s', (path, code, expected) => {
  expect(namesOf(path, code)).toEqual(expected);
});

test('a definition is shown as its line, without the brace and cut where it is long', () => {
  const [short, long] = definitionsIn('a.ts', [
    '  export function foo(a) {',
    `export const list = [${'x, '.repeat(60)}];`,
  ]);
  expect(short).toEqual({ line: 1, name: 'foo', text: 'export function foo(a)', indent: 2 });
  expect(long?.text).toHaveLength(113);
});

test('methods are told from calls, also where their parameters go over lines', () => {
  const code = `class A {
  first(
    a: string,
  ): void {
  }
  second({
    a,
  }: B) {
  }
  each(list, (item) => {
  });
  each(list, function () {
  });
  run(
    1,
  );
  test({
    a: 1,
  });
\tthird() {
`;
  expect(namesOf('a.ts', code)).toEqual(['1 A', '2 first', '6 second', '20 third']);
});

test('a line made to slow the patterns down is passed over', () => {
  expect(definitionsIn('a.c', [`int ${'a '.repeat(50_000)}(`])).toEqual([]);
});
