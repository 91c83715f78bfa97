"""Text: the tagging task, its readers, evaluators and source-only tagger."""
