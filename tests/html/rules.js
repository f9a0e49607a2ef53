// What a page's HTML is held to: the standard, whole documents, and accessibility, as html-validate knows them.
// What is switched off has its reason beside it.
export default {
  root: true,
  extends: [
    "html-validate:standard",
    "html-validate:recommended",
    "html-validate:document",
    "html-validate:a11y",
  ],
  rules: {
    // A summary of errors stands above the page's title, as the common public design system has it.
    "heading-level": ["error", { minInitialRank: "h2" }],
    // The assembly's own name is in the title, and a municipality may name it at length.
    "long-title": "off",
    // Every file comes from the same address as the page: a hash beside it would guard it against itself.
    "require-sri": "off",
    // Spaces a template leaves at the end of a line are nothing to a browser.
    "no-trailing-whitespace": "off",
  },
};
