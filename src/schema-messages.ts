// zod/mini, which half the start of the action's schemas hangs on, brings no words of its own for what is wrong; whoever
// shows them to people or models imports this file.
import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';

z.config(en());
