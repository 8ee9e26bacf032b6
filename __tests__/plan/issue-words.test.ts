import { expect, test } from '@jest/globals';
import { issueWords } from '../../src/plan/issue-words.ts';

const words = (title: string, body = '', instructions = '') => issueWords({ title, body, instructions });

test('identifiers come before words of the title, those in backquotes first', () => {
  expect(words('Login crashes sometimes', 'See userName and MAX_SIZE in `src/auth/login.ts`.')).toEqual([
    'auth',
    'login.ts',
    'userName',
    'MAX_SIZE',
    'Login',
    'crashes',
    'sometimes',
  ]);
});

test('instructions count as much as the body', () => {
  expect(words('x', '', 'use `parseToken`')).toEqual(['parseToken']);
});

test('plain words of the body and words that code has everywhere are left out', () => {
  expect(words('Please return value', 'the quick brown fox imports an object')).toEqual([]);
});

test('each word counts once, and twelve are enough', () => {
  const body = Array.from({ length: 20 }, (_, i) => `word_${i} word_${i}`).join(' ');
  expect(words('x', body)).toEqual(Array.from({ length: 12 }, (_, i) => `word_${i}`));
});
