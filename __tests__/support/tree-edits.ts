// What is done to trees of every kind, one after the other in one tree: each step is saved.
import type { Files } from '../adapters/git-bed.ts';

export const editedFiles: Files = {
  '.gitignore': 'build/\nnode_modules\n*.log\n',
  'a.txt': 'a\n',
  'changed.txt': 'as it was\n',
  'gone.txt': 'gone\n',
  'folder/one': '1\n',
  'folder/two': '2\n',
  'moved/deep/x': 'x\n',
  'moved/y': 'y\n',
  'becomes-folder': 'a file\n',
  'becomes-file/inner': 'in a folder\n',
  'linked/one': 'of a folder that becomes a link\n',
  'target/one': 'where that leads\n',
  'run.sh': 'true\n',
  'to-link': 'a file\n',
  'opaque/old': 'old\n',
  'opaque/deep/older': 'older\n',
  link: { linkTo: 'a.txt' },
};

/** Every result is also what plain git makes of the same edits. */
export const edits: Readonly<Record<string, string>> = {
  'a new file': 'mkdir -p new/deep; echo n >new/deep/file; echo b >"with space"; : >empty',
  'a changed file': 'echo more >>changed.txt',
  'a file changed in place': 'printf AS 1<>changed.txt',
  'a deleted file': 'rm gone.txt',
  'a renamed file': 'mv a.txt b.txt',
  'a renamed folder': 'mv moved elsewhere',
  'a folder in place of a file': 'rm becomes-folder; mkdir becomes-folder; echo i >becomes-folder/inner',
  'a file in place of a folder': 'rm -r becomes-file; echo f >becomes-file',
  'a changed mode': 'chmod +x run.sh',
  'a link in place of a file': 'ln -sfn folder/one to-link; ln -sfn b.txt link; ln -s folder/two fresh-link',
  'a link in place of a folder': 'rm -r linked; ln -s target linked',
  'a folder made anew': 'rm -r opaque; mkdir opaque; echo new >opaque/new',
  'a folder that lost its last file': 'rm -r elsewhere/deep; mkdir elsewhere/deep',
  'ignored output': 'mkdir -p build; echo o >build/out; echo l >x.log; echo changed >>.gitignore',
  'a rename over another': 'echo z >z; mv z folder/one',
  'a change taken back': 'printf "as it was\\n" >changed.txt',
};

/** Each is reset afterwards. */
export const refusedEdits: Readonly<Record<string, string>> = {
  'a FIFO': 'mkfifo new/fifo',
  'a link that leaves the tree': 'ln -s /etc/passwd out',
  'a nested repository': 'git init -q new/nested',
  'a backslash': "echo x >'new/a\\b'",
  'a large file': 'head -c 11534336 /dev/zero >big; echo fine >small',
  'only case': 'echo x >FOLDER',
};

/**
 * By another task, on the base. Files that the first task changed and files that it moved away are written anew as they were, so that
 * they are in the layer of this one; what git ignores lies beside that of the first.
 */
export const laterEdits = `
echo second >>folder/two; echo of-two >only-two
touch run.sh .gitignore to-link becomes-folder changed.txt
cp -a moved kept && rm -r moved && mv kept moved
mkdir elsewhere && echo also >elsewhere/also
mkdir -p build node_modules/two; echo of-two >build/two; echo l >y.log; echo two >node_modules/two/index.js`;

/** By a third, on the base as well. */
export const lastEdits =
  'echo of-three >only-three; echo of-three >build-3.log; rm -r node_modules/dep; touch opaque/old';

/** What git ignores of all that was done: by the set-up, the first task, the second and the third. */
export const showIgnored =
  'cat node_modules/dep/index.js build/out build/two y.log node_modules/two/index.js build-3.log 2>&1';
