"""The part-of-speech tagger: features in bulk, a linear-chain CRF, and what ties them."""
