// The page's only script: opens and closes folds. Without it the page is complete; the buttons stay hidden.

/** Runs in the reader's browser. It reads no text of the page and writes none. */
export const script = `
for (const button of document.querySelectorAll('button[data-open], button[data-close]')) {
  button.hidden = false;
  button.addEventListener('click', () => {
    const folds = button.closest('.transcript').querySelectorAll('details');
    for (const fold of folds) fold.open = 'open' in button.dataset;
  });
}
`;
