"""Classification of feature vectors: task, evaluator, classifiers and the source-only classifier."""
