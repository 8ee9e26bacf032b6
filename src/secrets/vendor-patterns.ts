// How the keys of vendors look: data, with where it comes from. Nothing here may depend on more than one pass over a text.

export interface VendorPattern {
  readonly rule: string;
  /** One of these stands in every match: a short text is asked for them first, which spares making the pattern ready. */
  readonly marks: readonly string[];
  /** Each is linear: bounded, or such that a second start inside a match is impossible. */
  readonly pattern: RegExp;
  /** Where the format is told. */
  readonly source: string;
}

/** When the formats were looked up last. `vendor-patterns.test.ts` holds them against the rules of a scanner. */
export const patternsCheckedOn = '2026-11-27';

const scanning =
  'https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns';
const scanner = 'https://github.com/secretlint/secretlint/tree/master/packages/%40secretlint';
const githubFormats =
  'https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github';

const table: readonly (readonly [rule: string, marks: string, pattern: RegExp, source: string])[] = [
  [
    'github-token',
    'ghp_ gho_ ghu_ ghs_ ghr_',
    /gh[pousr]_[A-Za-z0-9_-]{20,}(?:\.[A-Za-z0-9_-]{10,}){0,2}/g,
    githubFormats,
  ],
  ['github-token', 'github_pat_', /github_pat_[A-Za-z0-9_]{20,}/g, githubFormats],
  ['anthropic-key', 'sk-ant-', /sk-ant-[A-Za-z0-9_-]{10,}/g, scanning],
  ['openai-key', 'sk-', /(?<![A-Za-z0-9_-])sk-(?:[a-z]{2,10}-)?[A-Za-z0-9]{20,}[A-Za-z0-9_-]*/g, scanning],
  [
    'aws-key-id',
    'AKIA ASIA AGPA AIDA AROA AIPA ANPA ANVA',
    /(?<![A-Za-z0-9])A(?:KIA|SIA|GPA|IDA|ROA|IPA|NPA|NVA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
    scanning,
  ],
  [
    'aws-secret-key',
    'ccess CCESS',
    /secret_?access_?key["'\s:=>]{1,6}[A-Za-z0-9/+]{20,}/gi,
    `${scanner}/secretlint-rule-aws`,
  ],
  ['slack-token', 'xox xapp-', /(?<![A-Za-z0-9])(?:xox[a-z]|xapp)-[A-Za-z0-9-]{10,}/g, scanning],
  [
    'slack-webhook',
    'hooks.slack.com',
    /hooks\.slack\.com\/services\/T[A-Za-z0-9]{5,40}\/B[A-Za-z0-9]{5,40}\/[A-Za-z0-9]{10,40}/g,
    scanning,
  ],
  ['npm-token', 'npm_', /(?<![A-Za-z0-9_])npm_[A-Za-z0-9]{24,}/g, scanning],
  ['npm-token', '_authToken=', /_authToken=[^\s$"'{}]{8,200}/g, `${scanner}/secretlint-rule-npm`],
  ['pypi-token', 'pypi-', /(?<![A-Za-z0-9_-])pypi-[A-Za-z0-9_-]{30,}/g, scanning],
  ['rubygems-key', 'rubygems_', /(?<![A-Za-z0-9_])rubygems_[a-f0-9]{24,}/g, scanning],
  [
    'gitlab-token',
    'glpat- glrt- gldt- glptt- glsoat- glft- glagent- glcbt- glimt-',
    /(?<![A-Za-z0-9_])gl(?:pat|rt|dt|ptt|soat|ft|agent|cbt|imt)-[A-Za-z0-9_-]{20,}/g,
    scanning,
  ],
  ['docker-token', 'dckr_', /(?<![A-Za-z0-9_])dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}/g, scanning],
  ['google-key', 'AIza', /(?<![A-Za-z0-9_-])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g, scanning],
  ['google-oauth', 'ya29. GOCSPX-', /(?<![A-Za-z0-9_-])(?:ya29\.|GOCSPX-)[A-Za-z0-9_-]{24,}/g, scanning],
  ['azure-storage-key', 'AccountKey=', /AccountKey=[A-Za-z0-9+/]{80,100}={0,2}/g, scanning],
  ['stripe-key', 'k_live_ k_test_', /(?<![A-Za-z0-9_])[sr]k_(?:live|test)_[A-Za-z0-9]{12,}/g, scanning],
  ['shopify-token', 'shpat_ shpca_ shppa_ shpss_', /(?<![A-Za-z0-9_])shp(?:at|ca|pa|ss)_[A-Za-z0-9]{22,}/g, scanning],
  ['sendgrid-key', 'SG.', /(?<![A-Za-z0-9_])SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{32,64}/g, scanning],
  [
    'grafana-token',
    'glc_ glsa_',
    /(?<![A-Za-z0-9_])(?:glc_[A-Za-z0-9+/]{20,}={0,2}|glsa_[A-Za-z0-9_]{20,})/g,
    scanning,
  ],
  ['groq-key', 'gsk_', /(?<![A-Za-z0-9_])gsk_[A-Za-z0-9]{24,}/g, scanning],
  ['huggingface-token', 'hf_', /(?<![A-Za-z0-9_])hf_[A-Za-z]{24,}/g, scanning],
  ['linear-key', 'lin_api_', /(?<![A-Za-z0-9_])lin_api_[A-Za-z0-9_]{20,}/g, scanning],
  ['notion-token', 'ntn_', /(?<![A-Za-z0-9_])ntn_[0-9]{11}[A-Za-z0-9]{12,}/g, scanning],
  ['1password-token', 'ops_ey', /(?<![A-Za-z0-9_])ops_ey[A-Za-z0-9+/=]{40,}/g, scanning],
  ['vault-token', 'hvs. hvb. hvr.', /(?<![A-Za-z0-9_])hv[sbr]\.[A-Za-z0-9_-]{24,}/g, scanning],
  ['vercel-token', 'vcp_ vci_ vca_ vcr_ vck_', /(?<![A-Za-z0-9_])vc[piark]_[A-Za-z0-9]{20,}/g, scanning],
  ['databricks-token', 'dapi', /(?<![A-Za-z0-9_])dapi[A-Fa-f0-9]{22,}/g, scanning],
  ['digitalocean-token', '_v1_', /(?<![A-Za-z0-9_])do[opr]_v1_[a-f0-9]{24,}/g, scanning],
  ['figma-token', 'figd_', /(?<![A-Za-z0-9_])figd_[A-Za-z0-9_-]{20,}/g, scanning],
  [
    'cloudflare-token',
    'cfk_ cfut_ cfat_',
    /(?<![A-Za-z0-9_])cf(?:k|ut|at)_[A-Za-z0-9]{24,}/g,
    `${scanner}/secretlint-rule-cloudflare`,
  ],
  ['tailscale-key', 'tskey-', /(?<![A-Za-z0-9_])tskey-[a-z]{2,20}-[A-Za-z0-9_]{8,40}-[A-Za-z0-9_]{16,}/g, scanning],
  [
    'json-web-token',
    'eyJ',
    /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g,
    'https://www.rfc-editor.org/rfc/rfc7519',
  ],
];

/** Keys that can be told by their look. Private keys and passwords in addresses are told by private-keys.ts and url-passwords.ts. */
export const vendorPatterns: readonly VendorPattern[] = table.map(([rule, marks, pattern, source]) => ({
  rule,
  marks: marks.split(' '),
  pattern,
  source,
}));
