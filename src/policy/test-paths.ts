// Files that belong to tests, by their path.

const testPath =
  /(^|\/)(__tests__|tests?|specs?|e2e|cypress)\/|\.(test|spec|e2e|cy)\.[cm]?[jt]sx?$|(^|\/)(test_[^/]*|[^/]*_test)\.(py|go)$/;

/** True for files that hold tests by their path; Rust keeps tests in any file. */
export const isTestFile = (path: string): boolean => testPath.test(path);

const fixturePath = /(^|\/)(__)?(fixtures?|snapshots?|test[-_]?data|cassettes)(__)?\//i;

/** True for files that tests read as data: recorded, generated or hostile on purpose. */
export const isTestFixture = (path: string): boolean => fixturePath.test(path);
