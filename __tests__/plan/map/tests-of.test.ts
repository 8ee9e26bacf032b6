import { expect, test } from '@jest/globals';
import { createTestFinder } from '../../../src/plan/map/tests-of.ts';

const testsOf = createTestFinder([
  'src/auth/login.test.ts',
  'test/shop/login.spec.ts',
  'test/admin/login.test.ts',
  'tests/test_cart.py',
  'server/serve_test.go',
  'src/test/java/ShopTest.java',
  'src/jwk/index.test.ts',
  'src/jwt/index.test.ts',
  'test/main.test.ts',
]);

test.each([
  ['src/auth/login.ts', ['src/auth/login.test.ts', 'test/admin/login.test.ts']],
  ['lib/shop/login.ts', ['test/shop/login.spec.ts', 'src/auth/login.test.ts']],
  ['app/cart.py', ['tests/test_cart.py']],
  ['server/serve.go', ['server/serve_test.go']],
  ['src/main/java/Shop.java', ['src/test/java/ShopTest.java']],
  ['src/jwk/jwk.ts', ['src/jwk/index.test.ts']],
  ['src/jwt/index.ts', ['src/jwt/index.test.ts']],
  ['src/other/index.ts', []],
  ['src/main.ts', ['test/main.test.ts']],
  ['src/deep/main.ts', []],
  ['src/unknown.ts', []],
])('the tests of %s are found by name and by place', (source, expected) => {
  expect(testsOf(source)).toEqual(expected);
});
