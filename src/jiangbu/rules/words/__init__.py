"""Schemes and determinations in words: the derivation of an amount, the rule as a page, problems and refusals."""
