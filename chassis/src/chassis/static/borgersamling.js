// Moves focus to the error summary, so that a screen reader starts there. Everything works without it.
"use strict";
document.querySelector('main > nav > [data-module="error-summary"]')?.focus();
