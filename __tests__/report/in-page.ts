// Questions asked inside the page, as text: this code runs in the browser, whose names our compiler does not know.

/** Opens every fold. */
export const openAllFolds = `for (const fold of document.querySelectorAll('details')) fold.open = true;`;

/** What reaches past the window's right edge, and is not inside a part that scrolls by itself. */
export const findCutOff = `
[...document.querySelectorAll('body *')]
  .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && !element.closest('.scroll *, pre *'))
  .map((element) => element.outerHTML.slice(0, 120))
`;

export const scrollsSideways = 'document.documentElement.scrollWidth > innerWidth';

export const targetText = `document.querySelector(':target')?.textContent`;

/** Counts of whatever a report must not have, and the links that leave the page. */
export const findForeign = `({
  foreign: document.querySelectorAll('img, iframe, object, embed, form, link, svg[onload]').length,
  scripts: document.querySelectorAll('script').length,
  styles: document.querySelectorAll('style').length,
  handlers: [...document.querySelectorAll('*')].filter((one) => one.getAttributeNames().some((name) => name.startsWith('on'))).length,
  links: [...document.querySelectorAll('a')].map((link) => link.getAttribute('href')).filter((href) => !href.startsWith('#')),
})`;

/** What an attacker could do if a text were not escaped. */
export const breakIn = `{
  const script = document.createElement('script');
  script.textContent = 'document.title = "taken over"';
  document.body.append(script);
  document.body.insertAdjacentHTML('beforeend', '<img src="https://evil.example/x" onerror="document.title = 1">');
}`;

/** Texts with less contrast than the 4.5 : 1 of WCAG 2.2, 1.4.3. */
export const findLowContrast = `(() => {
  const channels = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = (color) => {
    const [r, g, b] = channels(color).map(linear);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const color = getComputedStyle(element).backgroundColor;
    return channels(color)[3] === 0 ? behind(element.parentElement) : color;
  };
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
  return [...document.querySelectorAll('main *:not(svg *), footer')].filter(hasText).flatMap((element) => {
    const [a, b] = [luminance(getComputedStyle(element).color), luminance(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    return ratio < 4.5 ? [ratio.toFixed(2) + ' ' + element.outerHTML.slice(0, 80)] : [];
  });
})()`;
