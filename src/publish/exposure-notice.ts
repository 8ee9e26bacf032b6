// What is said of a run that may have shown a credential: the same words each time, and nothing else of the run.

/** Markdown without its heading's level. It holds no text of the run: any of it might carry what must not be repeated. */
export const exposureNotice = `❌ Ended: possible credential exposure

**Possible credential exposure; rotate the API key and every token that was given to this run.**

A credential of the run showed up in what an agent said, ran or wrote. The run was ended there and has published nothing since: no branch, no pull request, no words of its agents. Its log names the place, and never the value.

Until the credentials are new, start no other run. What to do step by step is in \`SECURITY.md\` of ai-implement, under "If a credential was exposed".`;
