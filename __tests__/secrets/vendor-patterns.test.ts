// Our patterns beside the rules of secretlint, a scanner that many keep: what a rule of it finds, ours find too.
import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import { expect, test } from '@jest/globals';
import { createSecretFinder } from '../../src/secrets/secret-finder.ts';
import { patternsCheckedOn, vendorPatterns } from '../../src/secrets/vendor-patterns.ts';

const mixed = (length: number): string => 'aB3dE6gH9kL2mN5pQ8r'.repeat(20).slice(0, length);
const letters = (length: number): string => 'aBcDeFgHiJkLmNoPqR'.repeat(20).slice(0, length);
const hex = (length: number): string => '0a1b2c3d4e5f6789'.repeat(20).slice(0, length);
const pem = `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEowIBAAKCAQEA'.repeat(8)}\n-----END RSA PRIVATE KEY-----`;

const serviceAccount = {
  email: 'a@1passwordserviceaccounts.lcl',
  muk: { alg: 'A256GCM', k: mixed(43) },
  secretKey: 'A3-C4ZJMN-PQTZTL-HGL84-G64M7-KVZRN-4ZVP6',
  srpX: hex(64),
  signInAddress: 'team.1password.com:443',
  userAuth: { method: 'SRPg-4096', alg: 'PBES2g-HS256', iterations: 100000, salt: mixed(22) },
  throttleSecret: { seed: hex(64) },
  deviceUuid: mixed(24),
};

/** One key of each kind that a rule looks for. */
const samples: Readonly<Record<string, readonly string[]>> = {
  aws: ['AKIAIOSFODNN7QWERTYU', `AWS_SECRET_ACCESS_KEY="${mixed(40)}"`],
  privatekey: [pem],
  npm: [`npm_${mixed(36)}`, `//registry.npmjs.org/:_authToken=${mixed(36)}`],
  basicauth: ['https://deploybot:k3yWord77@git.internal.io/x'],
  slack: [`xoxb-123456789012-${mixed(24)}`, `https://hooks.slack.com/services/T${mixed(9)}/B${mixed(9)}/${mixed(24)}`],
  sendgrid: [`SG.${mixed(22)}.${mixed(43)}`],
  shopify: [`shpat_${hex(32)}`],
  stripe: [`sk_live_${mixed(24)}`],
  github: [`ghp_${mixed(36)}`, `github_pat_${mixed(82)}`, `ghs_1234_${mixed(40)}.${mixed(60)}.${mixed(43)}`],
  gitlab: [`glpat-${mixed(20)}`],
  grafana: [`glc_${mixed(40)}`, `glsa_${mixed(32)}_${hex(8)}`],
  openai: [`sk-${mixed(20)}T3BlbkFJ${mixed(20)}`, `sk-proj-${mixed(74)}T3BlbkFJ${mixed(74)}`],
  anthropic: [`sk-ant-api03-${mixed(93)}AA`],
  groq: [`gsk_${mixed(52)}`],
  huggingface: [`hf_${letters(34)}`],
  linear: [`lin_api_${mixed(40)}`],
  notion: [`ntn_12345678901${mixed(35)}`],
  '1password': [`ops_${Buffer.from(JSON.stringify(serviceAccount)).toString('base64')}`],
  'database-connection-string': ['postgresql://somebody:s3cretWord@db.internal:5432/app'],
  'hashicorp-vault': [`hvs.${mixed(95)}`],
  vercel: [`vcp_${mixed(24)}`, `vck_${mixed(24)}`],
  databricks: [`dapi${hex(32)}`],
  docker: [`dckr_pat_${mixed(27)}`],
  figma: [`figd_${mixed(40)}`],
  cloudflare: [`cfut_${mixed(40)}${hex(8)}`],
  tailscale: [`tskey-auth-${mixed(17)}-${mixed(32)}`],
};

/** Files of Google's are told by their name; what is in them is a private key. Comments that switch rules off are none. */
const withoutSample = ['gcp', 'filter-comments'];

const nameOf = (id: string): string => id.replace('@secretlint/secretlint-rule-', '');

/** Runs one rule of the scanner, without the rest of it, and says what it found. */
function scannerFinds(name: string, content: string): readonly string[] {
  const found: string[] = [];
  const context = {
    createTranslator: () => () => ({ message: '', messageId: '', data: {} }),
    report: ({ range: [from, to] }: { range: readonly [number, number] }) => found.push(content.slice(from, to)),
    ignore: () => undefined,
    sharedOptions: {},
  };
  const rule: { create(context: unknown, options: unknown): { file?(source: unknown): unknown } } = Object(
    rules.find(({ meta }) => nameOf(meta.id) === name),
  );
  rule
    .create(context, { enableIDScanRule: true })
    .file?.({ content, filePath: '.npmrc', ext: '', contentType: 'text' });
  return found;
}

test('there is a sample for each rule of the scanner', () => {
  const names = rules.map(({ meta }) => nameOf(meta.id)).sort();
  expect([...Object.keys(samples), ...withoutSample].sort()).toEqual(names);
});

const all = Object.entries(samples).flatMap(([name, keys]) => keys.map((key) => ({ name, key })));
const finder = createSecretFinder({ secrets: [] });

test.each(all)('what the rule $name finds is found by ours: $key', ({ name, key }) => {
  const text = `first\nvalue = '${key}' # end\n`;
  expect(scannerFinds(name, text)).not.toEqual([]);
  expect(finder.find(text)).toContainEqual({ rule: expect.stringMatching(/^[a-z0-9-]+$/), own: false, line: 2 });
  expect(finder.redact(text)).not.toContain(key.slice(-24));
});

test.each(all)('a key of $name is found in a long text as in a short one: $key', ({ key }) => {
  const text = `first\nvalue = '${key}' # end\n`;
  expect(finder.find(`${text}${'word '.repeat(5_000)}`)).toEqual(finder.find(text));
});

test.each(vendorPatterns.flatMap((one) => one.marks.map((mark) => ({ ...one, mark }))))(
  'the mark $mark belongs to the pattern of $rule',
  ({ mark, pattern }) => {
    const bodies = [
      mixed(24),
      letters(30),
      hex(64),
      hex(100),
      `${mixed(40)}.${mixed(40)}`,
      'QWERTYUIOPASDFGH',
      mixed(200),
    ];
    const whole = [...bodies.map((body) => mark + body), ...others.filter((key) => key.includes(mark))];
    expect(whole.some((text) => text.match(pattern) !== null)).toBe(true);
  },
);

/** Marks that stand inside a key. */
const others = [
  ...Object.values(samples).flat(),
  `SECRET_ACCESS_KEY=${mixed(40)}`,
  `dop_v1_${hex(64)}`,
  `sk_test_${mixed(24)}`,
]
  .concat([
    `AccountKey=${mixed(88)}`,
    `eyJ${mixed(20)}.eyJ${mixed(20)}.${mixed(20)}`,
    `AIza${mixed(35)}`,
    `xoxb-${mixed(20)}`,
  ])
  .concat([
    `ntn_12345678901${mixed(35)}`,
    `tskey-auth-${mixed(17)}-${mixed(32)}`,
    `dckr_pat_${mixed(27)}`,
    `secret_access_key=${mixed(40)}`,
  ]);

test.each(all.filter(({ key }) => key.length > 40 && !key.includes('\n')))(
  'a key of $name that lost its last ten characters is still taken out, which no exact length would see: $key',
  ({ key }) => {
    expect(finder.redact(`value = '${key.slice(0, -10)}'`)).not.toContain(key.slice(-30, -10));
  },
);

test('each pattern says where its format is told, and the list when it was looked at', () => {
  expect(vendorPatterns.filter(({ source }) => !source.startsWith('https://'))).toEqual([]);
  expect(patternsCheckedOn).toMatch(/^20\d\d-\d\d-\d\d$/);
});
